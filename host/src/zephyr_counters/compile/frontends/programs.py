# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tensor programs for what Relax has no operator for that compiles to C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from tvm import relax, te, tirx

Expr = Any


def take(x: Any, indices: Any, axis: int) -> Any:
    """Elements of an axis; the indices must lie inside of it."""
    outer, places = len(x.shape[:axis]), len(indices.shape)
    shape = [*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]]

    def at(*index: Any) -> Any:
        place = index[outer : outer + places]
        whole = (*index[:outer], indices[place], *index[outer + places :])
        return x[whole]

    return te.compute(shape, at, name="take")


def taken(builder: Any, x: Expr, indices: Any, axis: int) -> Expr:
    """Elements of an axis by constant indices, which lie inside of it."""
    index = relax.const(np.asarray(indices, np.int32))
    return builder.emit_te(take, x, index, axis, primfunc_name_hint="take")


def lookup(x: Any, table: Any, lowest: int) -> Any:
    """table[x - lowest]."""
    return te.compute(x.shape, lambda *i: table[x[i].astype("int32") - lowest], name="lookup")


LOOKUP = "lookup"
"""Name of the function that looks 8-bit elements up; quantize/activation.py recognizes it."""


def looked_up(builder: Any, x: Expr, table: Any, lowest: int) -> Expr:
    """Return a table's values for the elements of an 8-bit tensor."""
    constant = relax.const(table)
    return builder.emit_te(lookup, x, constant, lowest, primfunc_name_hint=LOOKUP)


def cumsum(x: Any, axis: int, exclusive: bool, reverse: bool) -> Any:
    """Return a te computation of running sums along an axis."""
    size = int(x.shape[axis])
    k = te.reduce_axis((0, size), "k")

    def total(*index: Any) -> Any:
        at = index[axis]
        first, last = (at, k) if reverse else (k, at)
        inside = first < last if exclusive else first <= last
        place = (*index[:axis], k, *index[axis + 1 :])
        value = x[place]
        return te.sum(tirx.if_then_else(inside, value, tirx.const(0, x.dtype)), axis=k)

    return te.compute(x.shape, total, name="cumsum")


def ranks(x: Any, axis: int, largest: bool) -> Any:
    """How many elements of an axis come before each; of equal ones the first comes first."""
    size = int(x.shape[axis])
    k = te.reduce_axis((0, size), "k")

    def rank(*index: Any) -> Any:
        here = x[index]
        place = (*index[:axis], k, *index[axis + 1 :])
        other = x[place]
        before = other > here if largest else other < here
        tie = tirx.all(other == here, k < index[axis])
        return te.sum(tirx.if_then_else(tirx.any(before, tie), 1, 0), axis=k)

    return te.compute(x.shape, rank, name="ranks")


def chosen(x: Any, rank: Any, axis: int, count: int, index_dtype: str) -> list[Any]:
    """Return the elements of the `count` lowest ranks, in order, and their indices."""
    size = int(x.shape[axis])
    shape = [*x.shape[:axis], count, *x.shape[axis + 1 :]]

    def pick(value: Any, dtype: str) -> Any:
        k = te.reduce_axis((0, size), "k")

        def at(*index: Any) -> Any:
            place = (*index[:axis], k, *index[axis + 1 :])
            found = rank[place] == index[axis].astype("int32")
            return te.sum(tirx.if_then_else(found, value(place), tirx.const(0, dtype)), axis=k)

        return te.compute(shape, at, name="topk")

    return [
        pick(lambda place: x[place], x.dtype),
        pick(lambda place: place[axis].astype(index_dtype), index_dtype),
    ]


def topk(
    builder: Any, x: Expr, axis: int, count: int, largest: bool = True, index_dtype: str = "int64"
) -> list[Expr]:
    """Return the `count` largest (or smallest) elements along an axis, and their indices."""
    order = builder.emit_te(ranks, x, axis, largest, primfunc_name_hint="ranks")
    values = builder.emit_te(
        lambda a, b: chosen(a, b, axis, count, index_dtype)[0], x, order, primfunc_name_hint="topk"
    )
    indices = builder.emit_te(
        lambda a, b: chosen(a, b, axis, count, index_dtype)[1],
        x, order, primfunc_name_hint="topk_indices",
    )  # fmt: skip
    return [values, indices]


def gather_nd(x: Any, indices: Any, batch_dims: int = 0) -> Any:
    """x[..., indices[..., 0], indices[..., 1], ...]; negative indices count from the end."""
    depth = int(indices.shape[-1])
    outer = list(indices.shape[:-1])
    shape = [*outer, *x.shape[batch_dims + depth :]]

    def at(*index: Any) -> Any:
        place = index[: len(outer)]
        rest = index[len(outer) :]
        found = []
        for axis in range(depth):
            whole = (*place, axis)
            value = indices[whole]
            size = tirx.const(int(x.shape[batch_dims + axis]), indices.dtype)
            zero = tirx.const(0, indices.dtype)
            inside = tirx.Select(value < zero, value + size, value)
            found.append(te.max(zero, te.min(inside, size - tirx.const(1, indices.dtype))))
        whole = (*place[:batch_dims], *found, *rest)
        return x[whole]

    return te.compute(shape, at, name="gather_nd")


def reverse_sequence(x: Any, lengths: Any, time: int, batch: int) -> Any:
    """Reverse the first elements along axis `time`: `lengths` of them, by the index along `batch`.

    Lengths are cut to the axis.
    """
    size = tirx.const(int(x.shape[time]), lengths.dtype)

    def at(*index: Any) -> Any:
        length = te.min(lengths[index[batch]], size)
        step = index[time].astype(lengths.dtype)
        one = tirx.const(1, lengths.dtype)
        place = tirx.Select(step < length, length - one - step, step)
        whole = (*index[:time], place, *index[time + 1 :])
        return x[whole]

    return te.compute(x.shape, at, name="reverse_sequence")


def float_mod(a: Any, b: Any, floored: bool) -> Any:
    """Remainders of floats, of the sign of b if `floored`, else of a; shapes broadcast."""

    def combined(x: Any, y: Any) -> Any:
        rest = tirx.fmod(x, y)
        zero = tirx.const(0, "float32")
        if not floored:
            return rest
        other = tirx.any(tirx.all(rest < zero, y > zero), tirx.all(rest > zero, y < zero))
        signed = tirx.Select(rest == zero, tirx.copysign(zero, y), rest)
        return tirx.Select(other, rest + y, signed)

    rank = max(len(a.shape), len(b.shape))
    shapes = [[1] * (rank - len(t.shape)) + [int(n) for n in t.shape] for t in (a, b)]
    shape = [max(pair) for pair in zip(*shapes, strict=True)]

    def at(tensor: Any, extents: list[int], index: Any) -> Any:
        places = [0 if n == 1 else i for n, i in zip(extents, index, strict=True)]
        return tensor[tuple(places[rank - len(tensor.shape) :])]

    return te.compute(
        shape,
        lambda *i: combined(at(a, shapes[0], i), at(b, shapes[1], i)),
        name="mod",
    )


def resample(builder: Any, x: Expr, axis: int, index: Any, weight: Any) -> Expr:
    """Return weighted sums of elements of an axis.

    Args:
        builder: emits the steps.
        x: a float tensor.
        axis: what is resampled.
        index: [outputs, taps], constant.
        weight: likewise.
    """
    rank = len(x.ty.shape)
    total: Expr = None
    for tap in range(index.shape[1]):
        weights = np.asarray(weight[:, tap], np.float32)
        if not np.any(weights):
            continue
        part = taken(builder, x, index[:, tap], axis)
        if not np.all(weights == 1):
            extents = [1] * rank
            extents[axis] = len(weights)
            part = relax.op.multiply(part, relax.const(weights.reshape(extents)))
        total = part if total is None else relax.op.add(total, part)
    return builder.emit(total)


def shape_of(expr: Expr) -> Sequence[int]:
    """Return the static shape of a variable or constant."""
    return tuple(int(extent) for extent in expr.ty.shape)
