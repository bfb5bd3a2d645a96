# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions of any grouping, and matrix products, in integers.

Written loop by loop rather than scheduled, so that they need no scratch memory: taps that fall
into the padding are left out by the bounds of the kernel's loops, and `tile` output channels
are computed at a time from one load of each input.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from tvm import tirx
from tvm.tirx.script import builder as T

from zephyr_counters.compile.kernels.in_place import overlap
from zephyr_counters.compile.kernels.portable.addition import total
from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import (
    Addition,
    Convolution,
    ConvolutionAddition,
    MatrixProduct,
    OffsetConvolution,
)
from zephyr_counters.extensions.tensor_ir import (
    argument,
    body,
    clamp,
    flat,
    kernel,
    local,
    loop,
    overwriting,
    requantize,
)
from zephyr_counters.extensions.tensors import LIMITS, Int8Array

TILE = 4
_PER_OUTPUT = 28
"""Instructions of requantizing and storing."""
_PER_DEPTHWISE_PRODUCT = 9.3
_PER_SUM = 10
_TEXT, _SUM_TEXT = 660, 60
"""Bytes of code; layers with equal sizes and zero points share it."""


def candidate(op: Convolution) -> Candidate:
    """Return the kernel, with as many output channels at a time as divide their number."""
    per_group = op.y.channels // op.groups
    lanes = op.y.channels if op.is_depthwise else per_group
    tile = next(size for size in (TILE, 2, 1) if lanes % size == 0)
    # Per input that is loaded: its load and the loop; per product: a load, a multiply-add, a step.
    per_product = _PER_DEPTHWISE_PRODUCT if op.is_depthwise else 2.5 + 2 / tile
    outputs = op.y.size
    products = outputs * math.prod(op.weight.shape[1:])
    estimate = products * per_product + outputs * _PER_OUTPUT
    constants = op.weight.size + 12 * op.y.channels
    sizes = (op.x, op.y, op.kernel, op.stride, op.dilation, op.pad_top, op.pad_left, op.groups)
    code = {f"convolution {sizes}": _TEXT}
    knobs = {"tile": tile}
    return Candidate("direct", partial(_lower, op, tile), estimate, knobs, constants, code)


def offset_candidate(op: OffsetConvolution) -> Candidate:
    """Return the same kernel, which takes the zero point from each weight."""
    plain = candidate(op.convolution)
    lower = partial(_lower, op.convolution, int(plain.knobs["tile"]), op.weight_zero)
    return replace(plain, name="offset", lower=lower, estimate=plain.estimate * 1.3)


def sum_candidate(op: ConvolutionAddition) -> Candidate:
    """Return the same kernel, which adds before it stores."""
    plain = candidate(op.convolution)
    lower = partial(_lower, op.convolution, int(plain.knobs["tile"]), addition=op.addition)
    estimate = plain.estimate + op.y.size * _PER_SUM
    code = {f"sum {op.addition} {part}": size + _SUM_TEXT for part, size in plain.code.items()}
    return replace(plain, name="sum", lower=lower, estimate=estimate, code=code)


def _lower(
    op: Convolution, tile: int, weight_zero: int = 0, addition: Addition | None = None
) -> Lowering:
    offset = 0 if op.is_padded else op.x_zero
    weight = pack(op.weight, tile)
    centred = op.weight.reshape(op.y.channels, -1).astype(np.int64) - weight_zero
    sums = centred.sum(axis=1)
    bias = (op.bias - (offset * sums)).astype(np.int32)
    x_zero = 0 if offset == op.x_zero else op.x_zero
    func = _conv_func(op, tile, weight.shape, (x_zero, weight_zero), addition)
    if addition is None:
        over = overlap(op)
        func = overwriting(func, over.in_place, over.lead)
    is_product = isinstance(op, MatrixProduct)
    kind = "matmul" if is_product else "depthwise" if op.is_depthwise else "conv2d"
    params = np.stack([bias, op.multiplier, op.shift - 1], axis=1)
    suffix = "" if addition is None else "_add"
    return Lowering(f"q{kind}{suffix}", func, (weight, params))


def result_type(op: Convolution, weight_zero: int = 0) -> str:
    """Return the type for every sum after requantization: int64 only where scales are huge."""
    span = max(abs(limit) for limit in LIMITS[op.x.dtype]) + abs(op.x_zero)
    flat = op.weight.reshape(op.y.channels, -1).astype(np.int64) - weight_zero
    weights = np.abs(flat).sum(axis=1)
    largest = np.abs(op.bias.astype(np.int64)) + weights * span
    after = largest * np.ldexp(op.multiplier.astype(np.float64), -op.shift)
    return "int32" if np.all(after < 2.0**30) else "int64"


def pack(weight: Int8Array, tile: int) -> Int8Array:
    """[o, h, w, i] as [o / tile, h, w, i, o % tile]."""
    outputs, *rest = weight.shape
    tiled = weight.reshape(outputs // tile, tile, *rest)
    return np.ascontiguousarray(np.moveaxis(tiled, 1, -1))


def _conv_func(
    op: Convolution,
    tile: int,
    packed: tuple[int, ...],
    zeros: tuple[int, int],
    addition: Addition | None,
) -> tirx.PrimFunc:
    x_zero, weight_zero = zeros
    result = op.y if addition is None else addition.y
    channels, depth = op.y.channels, int(op.weight.shape[3])
    per_group = channels // op.groups
    xs, ys = op.x.strides, op.y.strides
    dtype = result_type(op, weight_zero)
    with kernel() as builder:
        x_in = argument("x", op.x.shape, op.x.dtype)
        addend_in = _addend(addition)
        weight = argument("weight", packed, "int8")
        params = argument("params", (channels, 3), "int32")
        y_out = argument("y", result.shape, result.dtype)
        with body():
            x = flat("x_flat", x_in, math.prod(op.x.shape), op.x.dtype)
            addend = None if addition is None else _flat_addend(addend_in, addition)
            y = flat("y_flat", y_out, result.size, result.dtype)
            with (
                loop("n", op.x.batch) as n,
                loop("ot", channels // tile) as ot,
                loop("oh", op.y.height) as oh,
                loop("ow", op.y.width) as ow,
            ):
                acc = local("acc", tile)
                with loop("j", tile, unroll=True) as j:
                    T.buffer_store(acc, params[ot * tile + j, 0], [j])
                top, left = oh * op.stride[0] - op.pad_top, ow * op.stride[1] - op.pad_left
                with _taps("kh", op, 0, top) as kh, _taps("kw", op, 1, left) as kw:
                    pixel = (
                        n * xs[0]
                        + (top + kh * op.dilation[0]) * xs[1]
                        + (left + kw * op.dilation[1]) * xs[2]
                    )
                    if op.is_depthwise:
                        with loop("j", tile, unroll=True) as j:
                            value = T.cast(x[pixel + (ot * tile + j) * xs[3]], "int32") - x_zero
                            tap = T.cast(weight[ot, kh, kw, 0, j], "int32") - weight_zero
                            T.buffer_store(acc, acc[j] + value * tap, [j])
                    else:
                        first = 0 if op.groups == 1 else (ot * tile // per_group) * depth
                        with loop("i", depth) as i:
                            value = local("value", 1)
                            T.buffer_store(
                                value,
                                T.cast(x[pixel + (first + i) * xs[3]], "int32") - x_zero,
                                [0],
                            )
                            with loop("j", tile, unroll=True) as j:
                                tap = T.cast(weight[ot, kh, kw, i, j], "int32") - weight_zero
                                T.buffer_store(acc, acc[j] + value[0] * tap, [j])
                with loop("j", tile, unroll=True) as j:
                    o = ot * tile + j
                    q = requantize(acc[j], params[o, 1], params[o, 2], dtype) + op.y_zero
                    place = n * ys[0] + oh * ys[1] + ow * ys[2] + o * ys[3]
                    value = clamp(q, op.low, op.high)
                    if addition is not None:
                        assert addend is not None
                        wide = T.cast(value, "int32")
                        value = total(addition, wide, T.cast(addend[place], "int32"))
                    value = T.cast(value, result.dtype)
                    T.buffer_store(y, value, [place])
    return builder.get()


def _addend(addition: Addition | None) -> Any:
    """Return the argument that is added, if there is one."""
    return addition and argument("addend", addition.b.shape, addition.b.dtype)


def _flat_addend(addend: Any, addition: Addition) -> Any:
    return flat("addend_flat", addend, addition.b.size, addition.b.dtype)


@contextmanager
def _taps(name: str, op: Convolution, axis: int, origin: Any) -> Iterator[Any]:
    """Loop over a window's taps inside the image along an axis; `origin` may be negative."""
    taps, dilation = op.kernel[axis], op.dilation[axis]
    size = (op.x.height, op.x.width)[axis]
    pad = (op.pad_top, op.pad_left)[axis]
    outputs, stride = (op.y.height, op.y.width)[axis], op.stride[axis]
    last = (outputs - 1) * stride - pad + (taps - 1) * dilation
    start: Any = 0
    stop: Any = taps
    if pad > 0:
        start = T.max(0, (dilation - 1 - origin) // dilation if dilation > 1 else -origin)
    if last >= size:
        stop = T.min(taps, (size - origin + dilation - 1) // dilation)
    if taps == 1 and pad == 0 and last < size:
        yield 0
        return
    with loop(name, start, stop) as tap:
        yield tap
