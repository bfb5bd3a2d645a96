# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that look elements up, scatter or sort them."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends import programs
from zephyr_counters.compile.frontends.onnx.convert import (
    Array,
    Converters,
    Expr,
    Node,
    Unsupported,
    const,
)


def _within(indices: Array, size: int) -> Array:
    """Return indices from the start for indices that may count from the end."""
    if np.any(indices < -size) or np.any(indices >= size):
        raise Unsupported(f"an index is outside of {-size}..{size - 1}")
    return np.where(indices < 0, indices + size, indices)


def _wrapped(node: Node, index: Any, size: int) -> Expr:
    dtype = node.dtype(index)
    index = node.emit(index)
    negative = relax.op.less(index, const(0, dtype))
    return relax.op.where(negative, relax.op.add(index, const(size, dtype)), index)


def gather(node: Node) -> Expr:
    """Gather."""
    x = node.input(0)
    shape = node.shape(x)
    axis = int(node.get("axis", 0)) % len(shape)
    index = node.array(1)
    if index is not None:
        return programs.taken(node.builder, node.emit(x), _within(index, shape[axis]), axis)
    return relax.op.take(x, _wrapped(node, node.input(1), shape[axis]), axis=axis, mode="clip")


def gather_elements(node: Node) -> Expr:
    """GatherElements."""
    x = node.input(0)
    axis = int(node.get("axis", 0)) % len(node.shape(x))
    index = _wrapped(node, node.input(1), node.shape(x)[axis])
    return relax.op.gather_elements(x, index, axis)


def gather_nd(node: Node) -> Expr:
    """GatherND."""
    batch = int(node.get("batch_dims", 0))
    return node.te("gather_nd", programs.gather_nd, node.input(0), node.input(1), batch)


def scatter_nd(node: Node) -> Expr:
    """ScatterND."""
    reduction = {"none": "update"}.get(node.get("reduction", "none"), node.get("reduction", "none"))
    x, index = node.input(0), node.array(1)
    if index is None:
        return relax.op.scatter_nd(x, node.input(1), node.input(2), reduction)
    shape = node.shape(x)
    for axis in range(index.shape[-1]):
        index[..., axis] = _within(index[..., axis], shape[axis])
    return relax.op.scatter_nd(x, const(index, "int64"), node.input(2), reduction)


def one_hot(node: Node) -> Expr:
    """OneHot: the result has the type of the values."""
    depth = int(np.reshape(node.needed(1, "its depth"), -1)[0])
    indices, values = node.input(0), node.input(2)
    shape = list(node.shape(indices))
    axis = int(node.get("axis", -1)) % (len(shape) + 1)
    shape.insert(axis, 1)
    dtype = node.dtype(indices)
    extents = [1] * len(shape)
    extents[axis] = depth
    numbers = np.arange(depth).reshape(extents)
    index = node.emit(relax.op.reshape(indices, shape))
    hit = relax.op.equal(index, const(numbers, dtype))
    if not dtype.startswith("uint"):
        behind = relax.op.equal(relax.op.add(index, const(depth, dtype)), const(numbers, dtype))
        hit = relax.op.logical_or(hit, behind)
    given = node.array(2)
    if given is not None:
        on, off = (relax.const(given[i], str(given.dtype)) for i in (1, 0))
    else:
        on, off = (
            relax.op.reshape(relax.op.strided_slice(values, [0], [i], [i + 1]), ()) for i in (1, 0)
        )
    return relax.op.where(hit, on, off)


def top_k(node: Node) -> Any:
    """TopK."""
    count = node.get("k")
    if count is None:
        count = np.reshape(node.needed(1, "its k"), -1)[0]
    x = node.emit(node.input(0))
    axis = int(node.get("axis", -1)) % len(node.shape(x))
    found = programs.topk(node.builder, x, axis, int(count), bool(node.get("largest", 1)))
    return relax.Tuple(found)


def cumsum(node: Node) -> Expr:
    """CumSum."""
    x = node.input(0)
    axis = int(np.reshape(node.needed(1, "its axis"), -1)[0]) % len(node.shape(x))
    exclusive, reverse = (bool(node.get(name, 0)) for name in ("exclusive", "reverse"))
    return node.te("cumsum", programs.cumsum, x, axis, exclusive, reverse)


def compress(node: Node) -> Expr:
    """Compress by a constant condition."""
    chosen = np.flatnonzero(node.needed(1, "its condition"))
    x, axis = node.emit(node.input(0)), node.get("axis")
    if axis is None:
        x, axis = node.emit(relax.op.reshape(x, (int(np.prod(node.shape(x))),))), 0
    return programs.taken(node.builder, x, chosen, int(axis) % len(node.shape(x)))


def reverse_sequence(node: Node) -> Expr:
    """ReverseSequence."""
    batch, time = (int(node.get(n, d)) for n, d in (("batch_axis", 1), ("time_axis", 0)))
    x, lengths = node.emit(node.input(0)), node.emit(node.input(1))
    return node.te("reverse_sequence", programs.reverse_sequence, x, lengths, time, batch)


CONVERTERS: Converters = {
    "Compress": compress,
    "CumSum": cumsum,
    "Gather": gather,
    "GatherElements": gather_elements,
    "GatherND": gather_nd,
    "OneHot": one_hot,
    "ReverseSequence": reverse_sequence,
    "ScatterND": scatter_nd,
    "TopK": top_k,
}
