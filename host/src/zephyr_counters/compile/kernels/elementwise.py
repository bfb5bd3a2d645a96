# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Integer kernels for the CPU without weights: average pools and residual additions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tvm import tirx
from tvm.tirx.script import builder as T

from zephyr_counters.compile.kernels.convolution import (
    argument,
    body,
    clamp,
    flat,
    kernel,
    local,
    loop,
    requantize,
)
from zephyr_counters.extensions.operator import INT32_MAX, Image, Lowering, quantize_scale

MAX_SCALE = 2.0**20
"""Beyond this 32 bits might not hold what requantization gives."""


@dataclass(frozen=True)
class Output:
    """How a kernel writes its result."""

    zero: int
    low: int
    high: int


def average(
    x: Image,
    y: Image,
    window: tuple[int, int],
    stride: tuple[int, int],
    x_zero: int,
    scale: float | None,
    out: Output,
) -> Lowering | None:
    """An unpadded average pool: y = sum(x - x_zero) * scale / window + zero.

    Args:
        scale: scale of x over that of y; None if they are one, and TFLite's own rounding is wanted.

    Returns:
        None if the scale is out of range.
    """
    count = math.prod(window)
    fixed = None if scale is None else quantize_scale(scale / count)
    if scale is not None and (fixed is None or scale > MAX_SCALE):
        return None
    xs, ys = x.strides, y.strides
    with kernel() as builder:
        x_in = argument("x", x.shape, x.dtype)
        y_out = argument("y", y.shape, y.dtype)
        with body():
            source = flat("x_flat", x_in, math.prod(x.shape), x.dtype)
            result = flat("y_flat", y_out, math.prod(y.shape), y.dtype)
            with (
                loop("n", y.batch) as n,
                loop("oh", y.height) as oh,
                loop("ow", y.width) as ow,
                loop("c", y.channels) as c,
            ):
                acc = local("acc", 1)
                T.buffer_store(acc, -x_zero * count, [0])
                with loop("kh", window[0]) as kh, loop("kw", window[1]) as kw:
                    pixel = (oh * stride[0] + kh) * xs[1] + (ow * stride[1] + kw) * xs[2]
                    value = source[n * xs[0] + pixel + c * xs[3]]
                    T.buffer_store(acc, acc[0] + T.cast(value, "int32"), [0])
                mean = requantize(acc[0], *fixed) if fixed else _divided(acc[0], count)
                q = mean + out.zero
                place = n * ys[0] + oh * ys[1] + ow * ys[2] + c * ys[3]
                T.buffer_store(result, T.cast(clamp(q, out.low, out.high), y.dtype), [place])
    return Lowering("qavg_pool2d", builder.get(), ())


def _divided(value: Any, count: int) -> Any:
    """value / count, rounded to the nearest, ties away from zero."""
    half = count // 2
    return tirx.truncdiv(value + tirx.Select(value > 0, half, -half), count)


def add(
    shape: tuple[int, ...],
    dtypes: tuple[str, str, str],
    zeros: tuple[int, int],
    scales: tuple[float, float],
    out: Output,
) -> Lowering | None:
    """A sum of two tensors of one shape: y = (a - za) * sa + (b - zb) * sb + zero, in 32 bits.

    Args:
        dtypes: of a, b and y.
        scales: of a and b, over that of y.

    Returns:
        None if the scales leave less than 12 bits of precision, or are not positive.
    """
    if min(scales) <= 0 or not math.isfinite(sum(scales)):
        return None
    bits = 30
    while bits >= 12 and sum(round(s * 2**bits) for s in scales) * 256 + 2**bits > INT32_MAX:
        bits -= 1
    factors = [round(scale * 2**bits) for scale in scales]
    if bits < 12 or min(factors) == 0:
        return None
    size = math.prod(shape)
    with kernel() as builder:
        names = ("a", "b", "y")
        tensors = [argument(n, shape, d) for n, d in zip(names, dtypes, strict=True)]
        with body():
            a, b, y = (
                flat(f"{n}_flat", tensor, size, d)
                for n, tensor, d in zip(names, tensors, dtypes, strict=True)
            )
            with loop("i", size) as i:
                acc = tirx.const(1 << (bits - 1), "int32")
                for source, zero, factor in zip((a, b), zeros, factors, strict=True):
                    acc = acc + (T.cast(source[i], "int32") - zero) * factor
                q = T.shift_right(acc, tirx.const(bits, "int32")) + out.zero
                T.buffer_store(y, T.cast(clamp(q, out.low, out.high), dtypes[2]), [i])
    return Lowering("qadd", builder.get(), ())
