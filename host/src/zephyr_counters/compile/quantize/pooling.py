# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recognizing quantized pools, residual additions, and what only rearranges values."""

from __future__ import annotations

import math
from typing import Any

import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.kernels import elementwise
from zephyr_counters.compile.quantize.matchers import Match, Matcher, Requantize
from zephyr_counters.extensions.operator import LIMITS, Image

_REARRANGING = ("reshape", "permute_dims", "squeeze", "expand_dims", "flatten", "max_pool2d")


def residual_add(matcher: Matcher, end: Requantize) -> Match | None:
    """dequantize(a) + dequantize(b) -> activation -> quantize, without broadcasting."""
    added = matcher.producer(end.before, "add")
    if added is None:
        return None
    a, b = (matcher.dequantized(arg) for arg in added.value.args)
    if a is None or b is None or not a.shape == b.shape == end.shape:
        return None
    lowering = elementwise.add(
        end.shape,
        (a.dtype, b.dtype, end.dtype),
        (a.zero, b.zero),
        (a.scale / end.scale, b.scale / end.scale),
        elementwise.Output(end.zero, end.low, end.high),
    )
    return None if lowering is None else Match((added, *end.steps), lowering, (a.var, b.var))


def average_pool(matcher: Matcher, end: Requantize) -> Match | None:
    """dequantize -> average pool, or mean over height and width -> quantize."""
    pool = matcher.producer(end.before, "avg_pool2d", "adaptive_avg_pool2d", "mean")
    x = None if pool is None else matcher.dequantized(pool.value.args[0])
    if pool is None or x is None:
        return None
    geometry = _geometry(pool, x.shape, x.dtype, end.dtype)
    if geometry is None:
        return None
    source, result, window, stride = geometry
    out = elementwise.Output(end.zero, end.low, end.high)
    scale = x.scale / end.scale
    lowering = elementwise.average(source, result, window, stride, x.zero, scale, out)
    return None if lowering is None else Match((pool, *end.steps), lowering, (x.var,))


def integer_average_pool(matcher: Matcher, step: g.Step) -> Match | None:
    """int8 -> int32 -> average pool -> int8, which is how TFLite's frontend writes it.

    That one cuts off the fraction; TFLite itself rounds, ties away from zero, and so does this.
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
    source, result, window, stride = geometry
    out = elementwise.Output(0, *LIMITS[dtype])
    lowering = elementwise.average(source, result, window, stride, 0, None, out)
    return None if lowering is None else Match((widened, pool, step), lowering, (x,))


def passthrough(matcher: Matcher, end: Requantize) -> Match | None:
    """dequantize -> something that invents no values -> quantize the same way: done on integers."""
    step = matcher.producer(end.before, "concat", "pad", *_REARRANGING)
    if step is None or (end.low, end.high) != LIMITS[end.dtype]:
        return None
    call, name = step.value, g.op_name(step.value)
    operand = call.args[0]
    parts = list(operand.fields) if isinstance(operand, relax.Tuple) else [operand]
    found = [matcher.dequantized(part) for part in parts]
    same = (end.scale, end.zero, end.dtype)
    if any(x is None or (x.scale, x.zero, x.dtype) != same for x in found):
        return None
    sources = [x.var for x in found if x is not None]
    source = relax.Tuple(sources) if isinstance(operand, relax.Tuple) else sources[0]
    if name == "pad":
        result = _pad(call, source, end.zero)
    else:
        result = tvm.ir.Call(call.op, [source, *call.args[1:]], call.attrs, call.ty_args)
    return None if result is None else Match((step, *end.steps), result)


def _pad(call: Any, source: g.Expr, zero: int) -> Any:
    """A pad with 0.0 as one with the zero point; None if it is another kind of pad."""
    value = getattr(call.attrs.pad_value, "value", call.attrs.pad_value)
    if str(call.attrs.pad_mode) != "constant" or float(value) != 0.0:
        return None
    widths = [int(width) for width in call.attrs.pad_width]
    return relax.op.nn.pad(source, widths, mode="constant", pad_value=zero)


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
    result = Image(source.batch, 1, 1, source.channels, strides, out_shape, out_dtype)
    return source, result, (source.height, source.width), (1, 1)
