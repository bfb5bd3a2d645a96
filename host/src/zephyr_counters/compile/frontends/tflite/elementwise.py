# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators of two tensors, element by element."""

from __future__ import annotations

from typing import Any

from tvm import relax

from zephyr_counters.compile.frontends.tflite import fixed
from zephyr_counters.compile.frontends.tflite.context import (
    LIMITS,
    Context,
    Converters,
    Expr,
    activate,
    quantized_bounds,
)
from zephyr_counters.compile.frontends.tflite.file import Operator

_SHIFTS = {"int8": 20, "uint8": 20, "int16": 15}
"""Bits by which additions shift their inputs (kernels/add.cc, sub.cc)."""


def _centred(index: int, context: Context) -> Expr:
    """Return the integers of a tensor less its zero point, as int64."""
    tensor = context.tensor(index)
    expr = fixed.wide(context.expr(index))
    return relax.op.subtract(expr, fixed.number(tensor.zero)) if tensor.zero else expr


def _sum(function: Any, options: str) -> Any:
    """ADD or SUB. Without broadcasting, an 8-bit ADD is left to kernel libraries."""

    def convert(op: Operator, context: Context) -> Expr:
        activation = op.options(options).FusedActivationFunction()
        y = context.tensor(op.outputs[0])
        if not context.is_quantized(op.outputs[0]):
            return activate(function(*map(context.expr, op.inputs)), activation, y)
        shapes = {context.shape_of(i) for i in op.inputs}
        computed = all(context.constant(i) is None for i in op.inputs)
        if op.code == "ADD" and len(shapes) == 1 and computed and y.dtype != "int16":
            plain = function(*map(context.real, op.inputs))
            return activate(context.quantize(plain, y), activation, y)
        shift = _SHIFTS[y.dtype]
        twice = 2 * max(context.tensor(i).scale for i in op.inputs)
        sides = [
            fixed.multiply_expr(
                relax.op.multiply(_centred(i, context), fixed.number(1 << shift)),
                fixed.quantize(context.tensor(i).scale / twice),
            )
            for i in op.inputs
        ]
        scale = fixed.quantize(twice / ((1 << shift) * y.scale))
        total = fixed.multiply_expr(context.emit(function(*sides)), scale)
        return fixed.finish(total, y.zero, *quantized_bounds(activation, y), y.dtype)

    return convert


def mul(op: Operator, context: Context) -> Expr:
    """MUL. Without broadcasting, an 8-bit one is left to kernel libraries."""
    activation = op.options("MulOptions").FusedActivationFunction()
    y = context.tensor(op.outputs[0])
    if not context.is_quantized(op.outputs[0]):
        return activate(relax.op.multiply(*map(context.expr, op.inputs)), activation, y)
    shapes = {context.shape_of(i) for i in op.inputs}
    computed = all(context.constant(i) is None for i in op.inputs)
    if len(shapes) == 1 and computed and y.dtype != "int16":
        plain = relax.op.multiply(*map(context.real, op.inputs))
        return activate(context.quantize(plain, y), activation, y)
    product = relax.op.multiply(*(_centred(i, context) for i in op.inputs))
    scale = context.tensor(op.inputs[0]).scale * context.tensor(op.inputs[1]).scale / y.scale
    scaled = fixed.multiply_expr(product, fixed.quantize(scale))
    return fixed.finish(scaled, y.zero, *quantized_bounds(activation, y), y.dtype)


def squared_difference(op: Operator, context: Context) -> Expr:
    """SQUARED_DIFFERENCE (kernels/squared_difference.cc)."""
    y = context.tensor(op.outputs[0])
    if not context.is_quantized(op.outputs[0]):
        difference = context.emit(relax.op.subtract(*map(context.expr, op.inputs)))
        return relax.op.multiply(difference, difference)
    shift = 7
    twice = 2 * max(context.tensor(i).scale for i in op.inputs)
    sides = [
        fixed.multiply_expr(
            relax.op.multiply(_centred(i, context), fixed.number(1 << shift)),
            fixed.quantize(context.tensor(i).scale / twice),
        )
        for i in op.inputs
    ]
    difference = context.emit(relax.op.subtract(*sides))
    square = relax.op.multiply(difference, difference)
    scale = twice * twice / ((1 << (2 * shift)) * y.scale)
    scaled = fixed.multiply_expr(square, fixed.quantize(scale))
    return fixed.finish(scaled, y.zero, *LIMITS[y.dtype], y.dtype)


def _plain(function: Any, options: str | None = None) -> Any:
    """Return an operator on reals; the result is quantized if the file says so."""

    def convert(op: Operator, context: Context) -> Expr:
        y = context.tensor(op.outputs[0])
        out = function(*map(context.real, op.inputs))
        kind = op.options(options).FusedActivationFunction() if options else 0
        return activate(context.quantize(out, y), kind, y)

    return convert


def _same_steps(op: Operator, context: Context) -> bool:
    """Whether the integers of all inputs stand for the same reals."""
    first, *rest = (context.tensor(i).quantization for i in op.inputs)
    return first is not None and all(first.same(other) for other in rest)


def _compare(function: Any) -> Any:
    """Return a comparison: of integers if their scales are equal, else of reals."""

    def convert(op: Operator, context: Context) -> Expr:
        read = context.expr if _same_steps(op, context) else context.real
        return function(*map(read, op.inputs))

    return convert


def _extreme(function: Any) -> Any:
    """MAXIMUM or MINIMUM."""

    def convert(op: Operator, context: Context) -> Expr:
        y = context.tensor(op.outputs[0])
        if _same_steps(op, context) or not context.is_quantized(op.outputs[0]):
            return function(*map(context.expr, op.inputs))
        return context.quantize(function(*map(context.real, op.inputs)), y)

    return convert


def select(op: Operator, context: Context) -> Expr:
    """SELECT and SELECT_V2; the condition of SELECT may be one per row."""
    condition, *values = map(context.expr, op.inputs)
    rank = len(context.shape_of(op.inputs[1]))
    shape = context.shape_of(op.inputs[0])
    if op.code == "SELECT" and len(shape) == 1 and rank > 1:
        condition = relax.op.reshape(condition, (*shape, *[1] * (rank - 1)))
    return relax.op.where(condition, *values)


def add_n(op: Operator, context: Context) -> Expr:
    """ADD_N."""
    total = context.real(op.inputs[0])
    for index in op.inputs[1:]:
        total = relax.op.add(total, context.real(index))
    return context.quantize(total, context.tensor(op.outputs[0]))


CONVERTERS: Converters = {
    "ADD": _sum(relax.op.add, "AddOptions"),
    "ADD_N": add_n,
    "ATAN2": _plain(relax.op.atan2),
    "BITWISE_XOR": _plain(relax.op.bitwise_xor),
    "DIV": _plain(relax.op.divide, "DivOptions"),
    "EQUAL": _compare(relax.op.equal),
    "FLOOR_DIV": _plain(relax.op.floor_divide),
    "FLOOR_MOD": _plain(relax.op.floor_mod),
    "GREATER": _compare(relax.op.greater),
    "GREATER_EQUAL": _compare(relax.op.greater_equal),
    "LESS": _compare(relax.op.less),
    "LESS_EQUAL": _compare(relax.op.less_equal),
    "LOGICAL_AND": _plain(relax.op.logical_and),
    "LOGICAL_OR": _plain(relax.op.logical_or),
    "MAXIMUM": _extreme(relax.op.maximum),
    "MINIMUM": _extreme(relax.op.minimum),
    "MUL": mul,
    "NOT_EQUAL": _compare(relax.op.not_equal),
    "POW": _plain(relax.op.power),
    "RIGHT_SHIFT": _plain(relax.op.right_shift),
    "SELECT": select,
    "SELECT_V2": select,
    "SQUARED_DIFFERENCE": squared_difference,
    "SUB": _sum(relax.op.subtract, "SubOptions"),
}
