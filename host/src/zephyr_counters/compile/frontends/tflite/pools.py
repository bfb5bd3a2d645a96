# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Pools, means and other reductions."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax, te, tirx

from zephyr_counters.compile.frontends.tflite import fixed
from zephyr_counters.compile.frontends.tflite.context import (
    LIMITS,
    Context,
    Converters,
    Expr,
    Unsupported,
    activate,
)
from zephyr_counters.compile.frontends.tflite.file import Operator
from zephyr_counters.compile.frontends.tflite.products import padding


def _geometry(op: Operator, context: Context) -> tuple[Any, dict[str, Any]]:
    options = op.options("Pool2DOptions")
    _, height, width, _ = context.shape_of(op.inputs[0])
    window = options.FilterHeight(), options.FilterWidth()
    stride = max(options.StrideH(), 1), max(options.StrideW(), 1)
    same = options.Padding() == 0
    top, bottom = padding(height, window[0], stride[0], same)
    left, right = padding(width, window[1], stride[1], same)
    return options, {
        "pool_size": window,
        "strides": stride,
        "padding": [top, left, bottom, right],
        "layout": "NHWC",
    }


def average_pool_2d(op: Operator, context: Context) -> Expr:
    """AVERAGE_POOL_2D: integers are divided with ties away from zero."""
    options, attributes = _geometry(op, context)
    y = context.tensor(op.outputs[0])
    expr = context.expr(op.inputs[0])
    if context.is_quantized(op.inputs[0]):
        if any(attributes["padding"]) or y.dtype == "int16":
            expr = context.builder.emit_te(
                _average_te, context.emit(expr), attributes, primfunc_name_hint="avg_pool2d"
            )
        else:
            pooled = relax.op.nn.avg_pool2d(relax.op.astype(expr, "int32"), **attributes)
            expr = relax.op.astype(pooled, y.dtype)
    else:
        expr = relax.op.nn.avg_pool2d(expr, **attributes)
    return activate(expr, options.FusedActivationFunction(), y)


def _average_te(x: Any, attributes: dict[str, Any]) -> Any:
    """Return the average of the integers of each window that lie inside the image."""
    batch, height, width, channels = (int(n) for n in x.shape)
    (kh, kw), (sh, sw) = attributes["pool_size"], attributes["strides"]
    top, left, bottom, right = attributes["padding"]
    shape = (
        batch,
        (height + top + bottom - kh) // sh + 1,
        (width + left + right - kw) // sw + 1,
        channels,
    )
    i, j = te.reduce_axis((0, kh), "i"), te.reduce_axis((0, kw), "j")

    def taps(n: Any, h: Any, w: Any, c: Any) -> Any:
        row, column = h * sh + i - top, w * sw + j - left
        inside = tirx.all(row >= 0, row < height, column >= 0, column < width)
        value = tirx.if_then_else(inside, x[n, row, column, c].astype("int32"), 0)
        return te.sum(value, axis=[i, j])

    def mean(n: Any, h: Any, w: Any, c: Any) -> Any:
        rows = te.min(h * sh - top + kh, height) - te.max(h * sh - top, 0)
        columns = te.min(w * sw - left + kw, width) - te.max(w * sw - left, 0)
        count = (rows * columns).astype("int32")
        half = tirx.truncdiv(count, 2)
        total = sums[n, h, w, c]
        return tirx.truncdiv(total + tirx.Select(total > 0, half, -half), count).astype(x.dtype)

    sums = te.compute(shape, taps, name="sums")
    return te.compute(shape, mean, name="mean")


def max_pool_2d(op: Operator, context: Context) -> Expr:
    """MAX_POOL_2D."""
    options, attributes = _geometry(op, context)
    pooled = relax.op.nn.max_pool2d(context.expr(op.inputs[0]), **attributes)
    return activate(pooled, options.FusedActivationFunction(), context.tensor(op.outputs[0]))


def l2_pool_2d(op: Operator, context: Context) -> Expr:
    """L2_POOL_2D, of floats: the root of the mean of squares."""
    if context.is_quantized(op.inputs[0]):
        raise Unsupported("it is quantized, which TFLite does not define")
    options, attributes = _geometry(op, context)
    x = context.expr(op.inputs[0])
    mean = relax.op.nn.avg_pool2d(relax.op.multiply(x, x), **attributes)
    return activate(
        relax.op.sqrt(mean), options.FusedActivationFunction(), context.tensor(op.outputs[0])
    )


def _axes(op: Operator, context: Context) -> tuple[list[int], bool]:
    rank = len(context.shape_of(op.inputs[0]))
    axes = context.needed(op.inputs[1], "its axes").reshape(-1)
    keep = bool(op.options("ReducerOptions").KeepDims())
    return sorted({int(axis) % rank for axis in axes}), keep


def mean(op: Operator, context: Context) -> Expr:
    """MEAN: a quantized one is a sum times a scale, unless it is over height and width."""
    axes, keep = _axes(op, context)
    x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
    shape = context.shape_of(op.inputs[0])
    if not context.is_quantized(op.inputs[0]):
        return relax.op.mean(context.expr(op.inputs[0]), axes, keep)
    if len(shape) == 4 and axes == [1, 2] and x.dtype in ("int8", "uint8"):
        return context.quantize(relax.op.mean(context.real(op.inputs[0]), axes, keep), y)
    count = int(np.prod([shape[axis] for axis in axes]))
    return _scaled_sum(op, context, axes, keep, x.scale / (y.scale * count))


def sum_(op: Operator, context: Context) -> Expr:
    """SUM."""
    axes, keep = _axes(op, context)
    if not context.is_quantized(op.inputs[0]):
        return relax.op.sum(context.expr(op.inputs[0]), axes, keep)
    scale = context.tensor(op.inputs[0]).scale / context.tensor(op.outputs[0]).scale
    return _scaled_sum(op, context, axes, keep, scale)


def _scaled_sum(op: Operator, context: Context, axes: list[int], keep: bool, scale: float) -> Expr:
    x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
    centred = relax.op.astype(context.expr(op.inputs[0]), "int32")
    if x.zero:
        centred = relax.op.subtract(centred, relax.const(x.zero, "int32"))
    acc = fixed.wide(relax.op.sum(centred, axes, keep))
    scaled = fixed.multiply_expr(acc, fixed.quantize(scale))
    return fixed.finish(scaled, y.zero, *LIMITS[y.dtype], y.dtype)


def _reducer(function: Any) -> Any:
    def convert(op: Operator, context: Context) -> Expr:
        axes, keep = _axes(op, context)
        return function(context.expr(op.inputs[0]), axes, keep)

    return convert


def reduce_prod(op: Operator, context: Context) -> Expr:
    """REDUCE_PROD; a quantized one in floating point."""
    axes, keep = _axes(op, context)
    product = relax.op.prod(context.real(op.inputs[0]), axes, keep)
    return context.quantize(product, context.tensor(op.outputs[0]))


def _any(function: Any) -> Any:
    def convert(op: Operator, context: Context) -> Expr:
        axes, keep = _axes(op, context)
        wide = relax.op.astype(context.expr(op.inputs[0]), "int8")
        return relax.op.astype(function(wide, axes, keep), "bool")

    return convert


def arg(function: Any, kind: str) -> Any:
    """ARG_MAX or ARG_MIN: the index has the type that the file says."""

    def convert(op: Operator, context: Context) -> Expr:
        rank = len(context.shape_of(op.inputs[0]))
        axis = int(context.needed(op.inputs[1], "its axis").reshape(-1)[0]) % rank
        found = function(context.expr(op.inputs[0]), axis, False)
        return relax.op.astype(found, context.tensor(op.outputs[0]).dtype)

    return convert


CONVERTERS: Converters = {
    "ARG_MAX": arg(relax.op.argmax, "ArgMaxOptions"),
    "ARG_MIN": arg(relax.op.argmin, "ArgMinOptions"),
    "AVERAGE_POOL_2D": average_pool_2d,
    "L2_POOL_2D": l2_pool_2d,
    "MAX_POOL_2D": max_pool_2d,
    "MEAN": mean,
    "REDUCE_ALL": _any(relax.op.min),
    "REDUCE_ANY": _any(relax.op.max),
    "REDUCE_MAX": _reducer(relax.op.max),
    "REDUCE_MIN": _reducer(relax.op.min),
    "REDUCE_PROD": reduce_prod,
    "SUM": sum_,
}
