# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recognizing what only moves elements: transpose, pad, concat and reshape, of any type.

Between a dequantize and a quantize of the same scale these move 8-bit elements, and so do a slice
and a maximum pool.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize import constants, pool
from zephyr_counters.compile.quantize.matchers import Match, Matcher, Requantize
from zephyr_counters.extensions.operator import Block, LayoutMove, Operator
from zephyr_counters.extensions.tensors import LIMITS, Tensor, row_major

_RESHAPES = ("reshape", "squeeze", "expand_dims", "flatten")
_MOVES = ("permute_dims", "concat", "pad", *_RESHAPES)


def between_equal_scales(matcher: Matcher, end: Requantize) -> Match | None:
    """Dequantize -> something that invents no values -> quantize the same way: done on integers."""
    step = matcher.producer(end.before, "max_pool2d", "strided_slice", *_MOVES)
    if step is None or (end.low, end.high) != LIMITS[end.dtype]:
        return None
    call = step.value
    operand = call.args[0]
    parts = list(operand.fields) if isinstance(operand, relax.Tuple) else [operand]
    found = [matcher.dequantized(part) for part in parts]
    same = (end.scale, end.zero, end.dtype)
    if any(x is None or (x.scale, x.zero, x.dtype) != same for x in found):
        return None
    inputs = tuple(Tensor(x.shape, x.dtype) for x in found if x is not None)
    sources = tuple(x.var for x in found if x is not None)
    source = relax.Tuple(sources) if isinstance(operand, relax.Tuple) else sources[0]
    fill = None
    if g.op_name(call) == "pad":
        if _pad_value(call) != 0.0:
            return None
        fill = end.zero
        otherwise = relax.op.nn.pad(source, _widths(call), pad_mode="constant", pad_value=fill)
    else:
        otherwise = tvm.ir.Call(call.op, [source, *call.args[1:]], call.attrs, call.ty_args)
    y = Tensor(end.shape, end.dtype)
    # A slice belongs to no family: it is a view, or fused with what reads it.
    op = None if g.op_name(call) == "strided_slice" else _operator(call, inputs, y, fill)
    return Match((step, *end.steps), op, sources, otherwise)


def plain(matcher: Matcher, step: g.Step) -> Match | None:
    """Return a step that moves elements of computed tensors, whatever they stand for."""
    if g.op_name(step.value) not in _MOVES:
        return None
    operand = step.value.args[0]
    parts = tuple(operand.fields) if isinstance(operand, relax.Tuple) else (operand,)
    if not all(isinstance(part, relax.Var) for part in parts):
        return None
    tensors = [_tensor(part) for part in (*parts, step.var)]
    if any(tensor is None for tensor in tensors):
        return None
    if constants.evaluate(step.var, matcher.graph) is not None:
        return None
    *inputs, y = (tensor for tensor in tensors if tensor is not None)
    fill = None
    if g.op_name(step.value) == "pad":
        value = _pad_value(step.value)
        if value is None:
            return None
        fill = value if y.dtype.startswith("float") else int(value)
    op = _operator(step.value, tuple(inputs), y, fill)
    return None if op is None else Match((step,), op, parts)


def _operator(
    call: Any, inputs: tuple[Tensor, ...], y: Tensor, fill: float | None
) -> Operator | None:
    name = g.op_name(call)
    if name == "max_pool2d":
        return pool.maximum(call, inputs[0], y)
    to = row_major(y.shape)
    if name in _RESHAPES:
        return LayoutMove("reshape", inputs, y, (Block((y.size,), 0, (1,), 0, (1,)),))
    if name == "permute_dims":
        axes = call.attrs.axes
        order = [int(a) for a in axes] if axes is not None else list(range(len(y.shape)))[::-1]
        strides = row_major(inputs[0].shape)
        moved = tuple(strides[axis] for axis in order)
        return LayoutMove("transpose", inputs, y, (Block(y.shape, 0, moved, 0, to),))
    if name == "concat":
        stride = to[int(call.attrs.axis if call.attrs.axis is not None else 0)]
        extents = [x.shape[int(call.attrs.axis or 0)] for x in inputs]
        starts = itertools.accumulate(extents[:-1], initial=0)
        blocks = tuple(
            Block(x.shape, 0, row_major(x.shape), start * stride, to)
            for x, start in zip(inputs, starts, strict=True)
        )
        return LayoutMove("concat", inputs, y, blocks)
    before = _widths(call)[::2]
    if min(_widths(call), default=0) < 0:
        return None
    x = inputs[0]
    offset = int(np.dot(before, to))
    blocks = (Block(x.shape, 0, row_major(x.shape), offset, to),)
    return LayoutMove("pad", inputs, y, blocks, fill)


def _tensor(var: Any) -> Tensor | None:
    """Return a variable's shape and type; None unless both are known."""
    type_ = var.ty
    if not isinstance(type_, relax.TensorType) or type_.shape is None:
        return None
    return Tensor(tuple(int(extent) for extent in type_.shape), str(type_.dtype))


def _widths(call: Any) -> list[int]:
    """Elements before and after, for each axis."""
    return [int(width) for width in call.attrs.pad_width]


def _pad_value(call: Any) -> float | None:
    """Return what a pad fills with; None if it repeats elements instead."""
    if str(call.attrs.pad_mode) != "constant":
        return None
    return float(getattr(call.attrs.pad_value, "value", call.attrs.pad_value))
