# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Multiply-accumulate operations of Relax operators, from their shapes."""

from __future__ import annotations

import math
from typing import Any

import tvm
from tvm import relax


def macs(call: Any, result: Any) -> int:
    """How many multiply-accumulates an operator does; 0 if it is not a sum of products.

    Args:
        call: the operator applied to its arguments.
        result: the variable that it is bound to.
    """
    if not isinstance(call, tvm.ir.Call) or not isinstance(call.op, tvm.ir.Op):
        return 0
    name = str(call.op.name)
    if name in ("relax.nn.conv1d", "relax.nn.conv2d", "relax.nn.conv3d"):
        kernel = shape_of(call.args[1])
        outputs = str(call.attrs.kernel_layout).index("O")
        return math.prod(shape_of(result)) * math.prod(kernel) // kernel[outputs]
    if name in ("relax.nn.conv1d_transpose", "relax.nn.conv2d_transpose"):
        kernel = shape_of(call.args[1])
        inputs = str(call.attrs.kernel_layout).index("I")
        return math.prod(shape_of(call.args[0])) * math.prod(kernel) // kernel[inputs]
    if name == "relax.einsum":
        return _einsum(str(call.attrs.subscripts), [shape_of(x) for x in call.args[0].fields])
    if name == "relax.matmul":
        return math.prod(shape_of(result)) * shape_of(call.args[0])[-1]
    return 0


def _einsum(equation: str, shapes: list[tuple[int, ...]]) -> int:
    """Return the product of all extents in the equation, for each product of two operands."""
    sides = equation.replace(" ", "").partition("->")[0].split(",")
    if len(sides) < 2:
        return 0
    extents: dict[str, int] = {}
    for letters, shape in zip(sides, shapes, strict=True):
        named, _, last = letters.partition("...")
        pairs = [*zip(named, shape, strict=False)]
        pairs += zip(last[::-1], shape[::-1], strict=False)
        rest = len(shape) - len(named) - len(last)
        middle = shape[len(named) : len(named) + rest]
        pairs += ((f"...{i}", n) for i, n in enumerate(middle[::-1]))
        for letter, extent in pairs:
            extents[letter] = max(extents.get(letter, 1), extent)
    return math.prod(extents.values()) * (len(sides) - 1)


def shape_of(expr: Any) -> tuple[int, ...]:
    """Return the static shape of a tensor expression; () if it has none."""
    type_ = expr.ty
    if not isinstance(type_, relax.TensorType) or type_.shape is None:
        return ()
    extents = [extent for extent in type_.shape if isinstance(extent, tvm.tirx.IntImm)]
    return tuple(int(extent) for extent in extents) if len(extents) == len(type_.shape) else ()
