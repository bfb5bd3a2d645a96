# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Average pools in integers."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from tvm import tirx
from tvm.tirx.script import builder as T

from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import AveragePool
from zephyr_counters.extensions.tensor_ir import (
    argument,
    body,
    clamp,
    flat,
    kernel,
    local,
    loop,
    requantize,
)

_PER_ELEMENT, _PER_OUTPUT = 6, 40
_TEXT = 148
"""Bytes of code."""


def candidate(op: AveragePool) -> Candidate:
    """Return the only kernel: one output at a time."""
    outputs = op.y.size
    estimate = outputs * (math.prod(op.window) * _PER_ELEMENT + _PER_OUTPUT)
    code = {f"average {op}": _TEXT}
    return Candidate("direct", partial(_lower, op), estimate, code=code)


def _lower(op: AveragePool) -> Lowering:
    x, y, window, stride = op.x, op.y, op.window, op.stride
    count = math.prod(window)
    xs, ys = x.strides, y.strides
    with kernel() as builder:
        x_in = argument("x", x.shape, x.dtype)
        y_out = argument("y", y.shape, y.dtype)
        with body():
            source = flat("x_flat", x_in, x.size, x.dtype)
            result = flat("y_flat", y_out, y.size, y.dtype)
            with (
                loop("n", y.batch) as n,
                loop("oh", y.height) as oh,
                loop("ow", y.width) as ow,
                loop("c", y.channels) as c,
            ):
                acc = local("acc", 1)
                T.buffer_store(acc, -op.x_zero * count, [0])
                with loop("kh", window[0]) as kh, loop("kw", window[1]) as kw:
                    pixel = (oh * stride[0] + kh) * xs[1] + (ow * stride[1] + kw) * xs[2]
                    value = source[n * xs[0] + pixel + c * xs[3]]
                    T.buffer_store(acc, acc[0] + T.cast(value, "int32"), [0])
                mean = _scaled(acc[0], count, op.scale) if op.scale else _divided(acc[0], count)
                q = mean + op.y_zero
                place = n * ys[0] + oh * ys[1] + ow * ys[2] + c * ys[3]
                T.buffer_store(result, T.cast(clamp(q, op.low, op.high), y.dtype), [place])
    return Lowering("qavg_pool2d", builder.get())


def _scaled(value: Any, count: int, scale: tuple[int, int]) -> Any:
    multiplier, shift = scale
    # int64 only where scales are huge.
    largest = (255 * count * multiplier) >> shift
    return requantize(value, multiplier, shift - 1, "int32" if largest < 2**30 else "int64")


def _divided(value: Any, count: int) -> Any:
    """Value / count, rounded to the nearest, ties away from zero."""
    half = count // 2
    return tirx.truncdiv(value + tirx.Select(value > 0, half, -half), count)
