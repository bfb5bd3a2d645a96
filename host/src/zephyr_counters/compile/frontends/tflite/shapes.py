# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that make tensors of constants and of shapes, and CAST."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite.context import Context, Converters
from zephyr_counters.compile.frontends.tflite.file import Operator


def zeros_like(op: Operator, context: Context) -> Any:
    """ZEROS_LIKE."""
    y = context.tensor(op.outputs[0])
    return np.zeros(context.shape_of(op.inputs[0]), y.dtype)


def fill(op: Operator, context: Context) -> Any:
    """FILL."""
    shape = tuple(int(n) for n in context.needed(op.inputs[0], "its shape"))
    value = context.constant(op.inputs[1])
    if value is not None:
        return np.full(shape, value.reshape(-1)[0], value.dtype)
    return relax.op.broadcast_to(context.expr(op.inputs[1]), shape)


def shape_(op: Operator, context: Context) -> Any:
    """SHAPE."""
    return np.array(context.shape_of(op.inputs[0]), context.tensor(op.outputs[0]).dtype)


def broadcast_args(op: Operator, context: Context) -> Any:
    """BROADCAST_ARGS: the shape that tensors of two shapes have after broadcasting."""
    first, second = (context.needed(i, "its shapes") for i in op.inputs)
    shape = np.broadcast_shapes(tuple(first.tolist()), tuple(second.tolist()))
    return np.array(shape, context.tensor(op.outputs[0]).dtype)


def rank_(op: Operator, context: Context) -> Any:
    """RANK."""
    return np.array(len(context.shape_of(op.inputs[0])), np.int32)


def range_(op: Operator, context: Context) -> Any:
    """RANGE of constants."""
    bounds = [context.needed(i, "its bounds").reshape(-1)[0] for i in op.inputs]
    return np.arange(*bounds, dtype=context.tensor(op.outputs[0]).dtype)


def cast(op: Operator, context: Context) -> Any:
    """CAST of the numbers that a tensor holds; truth values are 0 and 1."""
    dtype = context.tensor(op.outputs[0]).dtype
    value = context.constant(op.inputs[0])
    if value is not None:
        return value.astype(dtype)
    expr = context.expr(op.inputs[0])
    if dtype == "bool":
        source = context.tensor(op.inputs[0]).dtype
        return relax.op.not_equal(expr, relax.const(0, source))
    return relax.op.astype(expr, dtype)


CONVERTERS: Converters = {
    "BROADCAST_ARGS": broadcast_args,
    "CAST": cast,
    "FILL": fill,
    "RANGE": range_,
    "RANK": rank_,
    "SHAPE": shape_,
    "ZEROS_LIKE": zeros_like,
}
