# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recognizing quantized average and maximum pools."""

from __future__ import annotations

import math
from typing import Any

from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize.matchers import Match, Matcher, Requantize
from zephyr_counters.extensions.operator import AveragePool, MaxPool
from zephyr_counters.extensions.tensors import LIMITS, Image, Tensor, quantize_scale

MAX_SCALE = 2.0**20
"""Beyond this 32 bits might not hold what requantization gives."""


def average(matcher: Matcher, end: Requantize) -> Match | None:
    """Dequantize -> average pool, or mean over height and width -> quantize."""
    step = matcher.producer(end.before, "avg_pool2d", "adaptive_avg_pool2d", "mean")
    x = None if step is None else matcher.dequantized(step.value.args[0])
    if step is None or x is None:
        return None
    geometry = _geometry(step, x.shape, x.dtype, end.dtype)
    if geometry is None:
        return None
    source, result, window, stride = geometry
    scale = x.scale / end.scale
    fixed = quantize_scale(scale / math.prod(window))
    if fixed is None or scale > MAX_SCALE:
        return None
    op = AveragePool(source, result, window, stride, x.zero, end.zero, end.low, end.high, fixed)
    return Match((step, *end.steps), op, (x.var,))


def integer_average(matcher: Matcher, step: g.Step) -> Match | None:
    """int8 -> int32 -> average pool -> int8, which is how TFLite's frontend writes it.

    That rounds towards zero; TFLite itself rounds to the nearest, ties away from zero, and so
    does this.
    """
    dtype = str(getattr(step.type, "dtype", ""))
    if g.op_name(step.value) != "astype" or dtype not in LIMITS:
        return None
    pool = matcher.producer(step.value.args[0], "avg_pool2d")
    widened = None if pool is None else matcher.producer(pool.value.args[0], "astype")
    if pool is None or widened is None or not isinstance(widened.value.args[0], relax.Var):
        return None
    x = widened.value.args[0]
    if str(x.ty.dtype) != dtype or str(widened.type.dtype) != "int32":
        return None
    geometry = _geometry(pool, tuple(int(n) for n in x.ty.shape), dtype, dtype)
    if geometry is None:
        return None
    op = AveragePool(*geometry, 0, 0, *LIMITS[dtype], None)
    return Match((widened, pool, step), op, (x,))


def integer_maximum(matcher: Matcher, step: g.Step) -> Match | None:
    """Return a maximum pool of 8-bit integers."""
    dtype = str(getattr(step.type, "dtype", ""))
    if g.op_name(step.value) != "max_pool2d" or dtype not in LIMITS:
        return None
    x = step.value.args[0]
    if not isinstance(x, relax.Var):
        return None
    source = Tensor(tuple(int(n) for n in x.ty.shape), dtype)
    result = Tensor(tuple(int(n) for n in step.type.shape), dtype)
    op = maximum(step.value, source, result)
    return None if op is None else Match((step,), op, (x,))


def maximum(call: Any, x: Tensor, y: Tensor) -> MaxPool | None:
    """Return the operator of a max_pool2d; None if its layouts are not NHWC or NCHW."""
    attrs = call.attrs
    layout = str(attrs.layout)
    if layout not in ("NHWC", "NCHW") or str(attrs.out_layout) not in ("", layout):
        return None
    window, stride, dilation = (
        (int(item[0]), int(item[1])) for item in (attrs.pool_size, attrs.strides, attrs.dilation)
    )
    padding = [int(pad) for pad in attrs.padding]
    return MaxPool(
        x=Image.of(x.shape, x.dtype, layout),
        y=Image.of(y.shape, y.dtype, layout),
        window=window,
        stride=stride,
        dilation=dilation,
        pad_top=padding[0],
        pad_left=padding[1 % len(padding)],
    )


def _geometry(
    pool: g.Step, shape: tuple[int, ...], dtype: str, out_dtype: str
) -> tuple[Image, Image, tuple[int, int], tuple[int, int]] | None:
    """Input, output, window and stride of an unpadded average pool."""
    if len(shape) != 4:
        return None
    name, attrs = g.op_name(pool.value), pool.value.attrs
    out_shape = tuple(int(n) for n in pool.type.shape)
    if name == "mean":
        return _mean(attrs, shape, out_shape, dtype, out_dtype)
    layout = str(attrs.layout)
    if layout not in ("NHWC", "NCHW") or str(attrs.out_layout) not in ("", layout):
        return None
    source = Image.of(shape, dtype, layout)
    result = Image.of(out_shape, out_dtype, layout)
    if name == "adaptive_avg_pool2d":
        if (result.height, result.width) != (1, 1):
            return None
        return source, result, (source.height, source.width), (1, 1)
    window, stride, dilation = (
        (int(item[0]), int(item[1])) for item in (attrs.pool_size, attrs.strides, attrs.dilation)
    )
    if any(int(pad) for pad in attrs.padding) or dilation != (1, 1):
        return None
    for size, outputs, taps, step in zip(
        (source.height, source.width), (result.height, result.width), window, stride, strict=True
    ):
        if (outputs - 1) * step + taps > size:
            return None
    return source, result, window, stride


def _mean(
    attrs: Any, shape: tuple[int, ...], out_shape: tuple[int, ...], dtype: str, out_dtype: str
) -> tuple[Image, Image, tuple[int, int], tuple[int, int]] | None:
    axes = sorted(int(axis) % 4 for axis in attrs.axis) if attrs.axis is not None else []
    layout = "NHWC" if axes == [1, 2] else "NCHW" if axes == [2, 3] else None
    if layout is None:
        return None
    source = Image.of(shape, dtype, layout)
    strides = (source.channels, source.channels, source.channels, 1)
    if math.prod(out_shape) != source.batch * source.channels:
        return None
    result = Image(out_shape, out_dtype, source.batch, 1, 1, source.channels, strides)
    return source, result, (source.height, source.width), (1, 1)
