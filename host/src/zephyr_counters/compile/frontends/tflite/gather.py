# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that look elements up, sort them, or count."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends import programs
from zephyr_counters.compile.frontends.tflite.context import Context, Converters, Expr, Unsupported
from zephyr_counters.compile.frontends.tflite.file import Operator


def gather(op: Operator, context: Context) -> Any:
    """GATHER along an axis, for each index of the batch dimensions."""
    options = op.options("GatherOptions")
    x, index = context.constant(op.inputs[0]), context.constant(op.inputs[1])
    shape = context.shape_of(op.inputs[0])
    axis, batch = options.Axis() % len(shape), options.BatchDims()
    if x is not None and index is not None and not batch:
        return np.asarray(np.take(x, index, axis))
    if index is not None and (np.any(index < 0) or np.any(index >= shape[axis])):
        raise Unsupported(f"an index is outside of 0..{shape[axis] - 1}")
    if not batch:
        if index is not None:
            return context.taken(context.expr(op.inputs[0]), index, axis)
        data, chosen = context.expr(op.inputs[0]), context.expr(op.inputs[1])
        return relax.op.take(data, chosen, axis=axis, mode="clip")
    if batch != axis:
        raise Unsupported("its batch dimensions are not those before its axis")
    chosen = relax.op.reshape(context.expr(op.inputs[1]), (*context.shape_of(op.inputs[1]), 1))
    return _gather_nd(context, context.expr(op.inputs[0]), chosen, batch)


def gather_nd(op: Operator, context: Context) -> Any:
    """GATHER_ND."""
    x, index = context.constant(op.inputs[0]), context.constant(op.inputs[1])
    if index is not None:
        limits = np.array(context.shape_of(op.inputs[0])[: index.shape[-1]])
        if np.any(index < 0) or np.any(index >= limits):
            raise Unsupported("an index is outside of the tensor")
    if x is not None and index is not None:
        return x[tuple(np.moveaxis(index, -1, 0))]
    return _gather_nd(context, context.expr(op.inputs[0]), context.expr(op.inputs[1]), 0)


def _gather_nd(context: Context, x: Expr, index: Expr, batch: int) -> Expr:
    return context.builder.emit_te(
        programs.gather_nd, x, index, batch, primfunc_name_hint="gather_nd"
    )


def embedding_lookup(op: Operator, context: Context) -> Expr:
    """EMBEDDING_LOOKUP: rows of a table."""
    return relax.op.take(
        context.real(op.inputs[1]), context.expr(op.inputs[0]), axis=0, mode="clip"
    )


def one_hot(op: Operator, context: Context) -> Expr:
    """ONE_HOT."""
    depth = int(context.needed(op.inputs[1], "its depth").reshape(-1)[0])
    on, off = context.expr(op.inputs[2]), context.expr(op.inputs[3])
    indices = context.expr(op.inputs[0])
    shape = list(context.shape_of(op.inputs[0]))
    axis = op.options("OneHotOptions").Axis() % (len(shape) + 1)
    shape.insert(axis, 1)
    dtype = str(indices.ty.dtype)
    extents = [1] * len(shape)
    extents[axis] = depth
    counts = relax.const(np.arange(depth, dtype=dtype).reshape(extents))
    hit = relax.op.equal(relax.op.reshape(indices, shape), counts)
    return relax.op.where(hit, on, off)


def cumsum(op: Operator, context: Context) -> Expr:
    """CUMSUM; a quantized one in floating point."""
    options = op.options("CumsumOptions")
    rank = len(context.shape_of(op.inputs[0]))
    axis = int(context.needed(op.inputs[1], "its axis").reshape(-1)[0]) % rank
    total = context.builder.emit_te(
        programs.cumsum,
        context.emit(context.real(op.inputs[0])),
        axis, bool(options.Exclusive()), bool(options.Reverse()),
        primfunc_name_hint="cumsum",
    )  # fmt: skip
    return context.quantize(total, context.tensor(op.outputs[0]))


def topk_v2(op: Operator, context: Context) -> list[Expr]:
    """TOPK_V2 along the last axis."""
    count = int(context.needed(op.inputs[1], "its k").reshape(-1)[0])
    x = context.emit(context.expr(op.inputs[0]))
    axis = len(context.shape(x)) - 1
    dtype = context.tensor(op.outputs[1]).dtype
    return programs.topk(context.builder, x, axis, count, index_dtype=dtype)


def scatter_nd(op: Operator, context: Context) -> Expr:
    """SCATTER_ND: updates of equal places add up."""
    shape = [int(n) for n in context.needed(op.inputs[2], "its shape")]
    dtype = context.tensor(op.outputs[0]).dtype
    zeros = relax.const(np.zeros(shape, dtype))
    return relax.op.scatter_nd(zeros, context.expr(op.inputs[0]), context.expr(op.inputs[1]), "add")


def reverse_sequence(op: Operator, context: Context) -> Expr:
    """REVERSE_SEQUENCE."""
    options = op.options("ReverseSequenceOptions")
    x, lengths = (context.emit(context.expr(index)) for index in op.inputs)
    rank = len(context.shape(x))
    time, batch = options.SeqDim(), options.BatchDim()
    if not (0 <= time < rank and 0 <= batch < rank) or time == batch:
        raise Unsupported(f"its axes are {time} and {batch}")
    if context.shape(lengths) != (context.shape(x)[batch],):
        raise Unsupported("its lengths are not one for each of its batch")
    return context.builder.emit_te(
        programs.reverse_sequence, x, lengths, time, batch, primfunc_name_hint="reverse_sequence"
    )


CONVERTERS: Converters = {
    "CUMSUM": cumsum,
    "EMBEDDING_LOOKUP": embedding_lookup,
    "GATHER": gather,
    "GATHER_ND": gather_nd,
    "ONE_HOT": one_hot,
    "REVERSE_SEQUENCE": reverse_sequence,
    "SCATTER_ND": scatter_nd,
    "TOPK_V2": topk_v2,
}
