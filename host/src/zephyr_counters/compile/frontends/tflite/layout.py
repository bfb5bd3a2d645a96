# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that only move elements, of any type."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite import fixed
from zephyr_counters.compile.frontends.tflite.context import (
    Context,
    Converters,
    Expr,
    Unsupported,
    activate,
)
from zephyr_counters.compile.frontends.tflite.file import NONE, Operator

Slice = tuple[int, int, int]
"""First index, step, and number of elements along an axis."""


def reshape(op: Operator, context: Context) -> Expr:
    """RESHAPE: to a constant shape, of which one extent may be -1."""
    shape = context.constant(op.inputs[1]) if len(op.inputs) > 1 else None
    if shape is None and len(op.inputs) > 1 and op.inputs[1] != NONE:
        raise Unsupported("its shape depends on inputs")
    if shape is None:
        shape = np.asarray(op.options("ReshapeOptions").NewShapeAsNumpy())
    return reshaped(context, op.inputs[0], [int(n) for n in shape.reshape(-1)])


def reshaped(context: Context, index: int, shape: Sequence[int]) -> Any:
    """Return a tensor in another shape."""
    value = context.constant(index)
    if value is not None:
        return value.reshape(tuple(shape))
    size = math.prod(context.shape_of(index))
    known = math.prod(n for n in shape if n != -1)
    extents = [size // known if n == -1 else n for n in shape]
    if math.prod(extents) != size:
        raise Unsupported(f"{context.shape_of(index)} cannot become {tuple(shape)}")
    return relax.op.reshape(context.expr(index), extents)


def expand_dims(op: Operator, context: Context) -> Expr:
    """EXPAND_DIMS."""
    shape = list(context.shape_of(op.inputs[0]))
    axis = int(context.needed(op.inputs[1], "its axis").reshape(-1)[0])
    shape.insert(axis + len(shape) + 1 if axis < 0 else axis, 1)
    return reshaped(context, op.inputs[0], shape)


def squeeze(op: Operator, context: Context) -> Expr:
    """SQUEEZE of the given axes, or of all of one element."""
    shape = context.shape_of(op.inputs[0])
    found = op.options("SqueezeOptions").SqueezeDimsAsNumpy()
    axes = {int(a) % len(shape) for a in np.atleast_1d(found)} if np.ndim(found) else set()
    axes = axes or {i for i, n in enumerate(shape) if n == 1}
    return reshaped(context, op.inputs[0], [n for i, n in enumerate(shape) if i not in axes])


def transpose(op: Operator, context: Context) -> Expr:
    """TRANSPOSE."""
    order = [int(a) for a in context.needed(op.inputs[1], "its permutation")]
    value = context.constant(op.inputs[0])
    if value is not None:
        return value.transpose(order)
    return relax.op.permute_dims(context.expr(op.inputs[0]), order)


def pad(op: Operator, context: Context) -> Expr:
    """PAD with what stands for 0, PADV2 with a constant of the tensor's scale."""
    widths = context.needed(op.inputs[1], "its padding").reshape(-1)
    x = context.tensor(op.inputs[0])
    fill: Any = x.zero if context.is_quantized(op.inputs[0]) else 0
    if len(op.inputs) > 2 and op.inputs[2] != NONE:
        fill = context.needed(op.inputs[2], "its fill value").reshape(-1)[0].item()
    return relax.op.nn.pad(
        context.expr(op.inputs[0]), [int(n) for n in widths], pad_mode="constant", pad_value=fill
    )


def mirror_pad(op: Operator, context: Context) -> Expr:
    """MIRROR_PAD, with the edge (SYMMETRIC) or without."""
    symmetric = op.options("MirrorPadOptions").Mode() == 1
    widths = context.needed(op.inputs[1], "its padding").reshape(-1, 2)
    expr = context.expr(op.inputs[0])
    for axis, (before, after) in enumerate(widths):
        size = context.shape_of(op.inputs[0])[axis]
        if before or after:
            places = np.arange(size)
            widths_here = (int(before), int(after))
            if symmetric:
                index = np.pad(places, widths_here, mode="symmetric")
            else:
                index = np.pad(places, widths_here, mode="reflect")
            expr = context.taken(expr, index, axis)
    return expr


def cut(context: Context, expr: Expr, slices: Sequence[Slice], shape: Sequence[int]) -> Expr:
    """Return a part of a tensor of that shape."""
    axes, begins, ends, strides = [], [], [], []
    for axis, (first, step, count) in enumerate(slices):
        if step < 0:
            expr = context.taken(expr, first + step * np.arange(count), axis)
        elif (first, count) != (0, shape[axis]):
            axes.append(axis)
            begins.append(first)
            ends.append(first + (count - 1) * step + 1)
            strides.append(step)
    return relax.op.strided_slice(expr, axes, begins, ends, strides) if axes else expr


def _applied(context: Context, index: int, slices: Sequence[Slice], shape: Sequence[int]) -> Any:
    """Return a part of a tensor, in another shape."""
    if any(count <= 0 for _, _, count in slices):
        dtype = context.tensor(index).dtype
        return np.zeros([max(n, 0) for n in shape], dtype)
    value = context.constant(index)
    if value is not None:
        grid = np.ix_(*[first + step * np.arange(count) for first, step, count in slices])
        return value[grid].reshape(tuple(shape))
    expr = cut(context, context.expr(index), slices, context.shape_of(index))
    if tuple(shape) != tuple(count for _, _, count in slices):
        expr = relax.op.reshape(expr, tuple(shape))
    return expr


def slice_(op: Operator, context: Context) -> Expr:
    """SLICE: begin and size of each axis; a size of -1 is the rest."""
    begins = [int(n) for n in context.needed(op.inputs[1], "where it begins")]
    sizes = [int(n) for n in context.needed(op.inputs[2], "its size")]
    shape = context.shape_of(op.inputs[0])
    counts = [
        n - b if size == -1 else size for n, b, size in zip(shape, begins, sizes, strict=True)
    ]
    slices = [(b, 1, count) for b, count in zip(begins, counts, strict=True)]
    return _applied(context, op.inputs[0], slices, counts)


def strided_slice(op: Operator, context: Context) -> Expr:
    """STRIDED_SLICE, as tf.strided_slice defines its masks."""
    options = op.options("StridedSliceOptions")
    begins, ends, strides = (
        [int(n) for n in context.needed(i, "its bounds").reshape(-1)] for i in op.inputs[1:4]
    )
    shape = list(context.shape_of(op.inputs[0]))
    masks = [
        options.BeginMask(), options.EndMask(), options.EllipsisMask(), options.NewAxisMask(),
        options.ShrinkAxisMask(),
    ]  # fmt: skip
    slices: list[Slice] = []
    result: list[int] = []
    new_axes = bin(masks[3] & ~masks[2]).count("1")
    for i in range(len(begins)):
        begin_open, end_open, ellipsis, new_axis, shrink = (mask >> i & 1 for mask in masks)
        if ellipsis:
            rest = len(shape) - (len(begins) - 1 - new_axes)
            for _ in range(max(rest, 0)):
                slices.append((0, 1, shape[len(slices)]))
                result.append(slices[-1][2])
            continue
        if new_axis:
            result.append(1)
            continue
        size = shape[len(slices)]
        if shrink:
            slices.append((begins[i] % size, 1, 1))
            continue
        chosen = range(size)[
            slice(None if begin_open else begins[i], None if end_open else ends[i], strides[i])
        ]
        slices.append((chosen.start, chosen.step, len(chosen)))
        result.append(len(chosen))
    for size in shape[len(slices) :]:
        slices.append((0, 1, size))
        result.append(size)
    return _applied(context, op.inputs[0], slices, result)


def _parts(context: Context, index: int, axis: int, counts: Sequence[int]) -> list[Any]:
    shape = context.shape_of(index)
    parts, first = [], 0
    for count in counts:
        slices = [(0, 1, n) for n in shape]
        slices[axis] = (first, 1, count)
        parts.append(_applied(context, index, slices, [c for _, _, c in slices]))
        first += count
    return parts


def split(op: Operator, context: Context) -> list[Expr]:
    """SPLIT into equal parts."""
    shape = context.shape_of(op.inputs[1])
    axis = int(context.needed(op.inputs[0], "its axis").reshape(-1)[0]) % len(shape)
    count = len(op.outputs)
    return _parts(context, op.inputs[1], axis, [shape[axis] // count] * count)


def split_v(op: Operator, context: Context) -> list[Expr]:
    """SPLIT_V into parts of given sizes, one of which may be -1."""
    shape = context.shape_of(op.inputs[0])
    axis = int(context.needed(op.inputs[2], "its axis").reshape(-1)[0]) % len(shape)
    sizes = [int(n) for n in context.needed(op.inputs[1], "the sizes").reshape(-1)]
    rest = shape[axis] - sum(n for n in sizes if n >= 0)
    return _parts(context, op.inputs[0], axis, [rest if n < 0 else n for n in sizes])


def unpack(op: Operator, context: Context) -> list[Expr]:
    """UNPACK: one tensor per index of an axis."""
    shape = context.shape_of(op.inputs[0])
    axis = op.options("UnpackOptions").Axis() % len(shape)
    rest = [n for i, n in enumerate(shape) if i != axis]
    found = []
    for index in range(shape[axis]):
        slices = [(0, 1, n) for n in shape]
        slices[axis] = (index, 1, 1)
        found.append(_applied(context, op.inputs[0], slices, rest))
    return found


def pack(op: Operator, context: Context) -> Expr:
    """PACK: tensors along a new axis."""
    shape = list(context.shape_of(op.inputs[0]))
    axis = op.options("PackOptions").Axis() % (len(shape) + 1)
    values = [context.constant(i) for i in op.inputs]
    if all(value is not None for value in values):
        return np.stack([np.asarray(value) for value in values], axis)
    shape.insert(axis, 1)
    parts = [_as_expr(reshaped(context, i, shape)) for i in op.inputs]
    return relax.op.concat(parts, axis)


def _as_expr(value: Any) -> Expr:
    if not isinstance(value, np.ndarray):
        return value
    return relax.const(np.ascontiguousarray(value), str(value.dtype))


def concatenation(op: Operator, context: Context) -> Expr:
    """CONCATENATION; parts of other scales are brought to that of the result."""
    options = op.options("ConcatenationOptions")
    axis = options.Axis() % len(context.shape_of(op.inputs[0]))
    values = [context.constant(i) for i in op.inputs]
    if all(value is not None for value in values):
        return np.concatenate([np.asarray(value) for value in values], axis)
    y = context.tensor(op.outputs[0])
    parts = []
    for index in op.inputs:
        if 0 in context.shape_of(index):
            continue
        x, expr = context.tensor(index), context.expr(index)
        wanted = y.quantization if context.is_quantized(index) else None
        if wanted is not None and not wanted.same(x.quantization):
            scale, zero = x.scale / y.scale, x.zero

            def integers(q: Any, scale: float = scale, zero: int = zero) -> Any:
                return fixed.round_away((q - zero) * scale) + y.zero

            if x.dtype == "int16":
                expr = context.quantize(context.real(index), y)
            else:
                expr = context.lookup(expr, x.dtype, y.dtype, integers)
        parts.append(expr)
    joined = relax.op.concat(parts, axis) if len(parts) > 1 else parts[0]
    return activate(joined, options.FusedActivationFunction(), y)


CONVERTERS: Converters = {
    "CONCATENATION": concatenation,
    "EXPAND_DIMS": expand_dims,
    "MIRROR_PAD": mirror_pad,
    "PACK": pack,
    "PAD": pad,
    "PADV2": pad,
    "RESHAPE": reshape,
    "SLICE": slice_,
    "SPLIT": split,
    "SPLIT_V": split_v,
    "SQUEEZE": squeeze,
    "STRIDED_SLICE": strided_slice,
    "TRANSPOSE": transpose,
    "UNPACK": unpack,
}
