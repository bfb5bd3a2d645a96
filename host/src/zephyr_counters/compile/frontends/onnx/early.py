# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators of ONNX's first opsets in the form of later ones (onnx: docs/Changelog.md)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.onnx.convert import Expr, Node, Unsupported

_CONCAT_AXIS, _RESHAPE_INPUT, _NUMPY_BROADCAST, _SLICE_INPUTS = 4, 5, 7, 10
"""The opsets that changed it."""
_BINARY = frozenset(
    ("Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or", "Pow", "Sub", "Xor"),
)


def modern(node: Node) -> Node:
    """Return a node with the inputs and attributes that it would have in a later opset."""
    if node.op == "Concat" and node.opset < _CONCAT_AXIS:
        return dataclasses.replace(node, attributes={"axis": 1, **node.attributes})
    if node.op == "Reshape" and node.opset < _RESHAPE_INPUT:
        return dataclasses.replace(node, inputs=[node.input(0), _integers(node.get("shape"))])
    if node.op == "Slice" and node.opset < _SLICE_INPUTS:
        axes = node.get("axes", range(len(node.get("starts"))))
        return dataclasses.replace(
            node,
            inputs=[node.input(0), *map(_integers, (node.get("starts"), node.get("ends"), axes))],
        )
    if node.opset >= _NUMPY_BROADCAST:
        return node
    if node.op in _BINARY and node.get("broadcast") and node.get("axis") is not None:
        return dataclasses.replace(node, inputs=_aligned(node))
    if node.op == "BatchNormalization" and node.get("spatial", 1) == 0:
        raise Unsupported("spatial is 0")
    return node


def _aligned(node: Node) -> list[Expr]:
    """Return both sides, the second with its first dimension at `axis` of the first."""
    a, b = node.inputs
    rank, shape = len(node.shape(a)), node.shape(b)
    trailing = rank - int(node.get("axis")) % max(rank, 1) - len(shape)
    if trailing <= 0 or not shape:
        return [a, b]
    return [a, node.emit(relax.op.reshape(b, (*shape, *[1] * trailing)))]


def _integers(values: Iterable[int]) -> Expr:
    return relax.const(np.array([*values], np.int64))
