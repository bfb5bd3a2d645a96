# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Arithmetic on constants, which models do with shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zephyr_counters.compile.frontends.tflite.context import Context
from zephyr_counters.compile.frontends.tflite.file import Operator

_ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "ADD": np.add,
    "EQUAL": np.equal,
    "FLOOR_DIV": np.floor_divide,
    "FLOOR_MOD": np.mod,
    "GREATER": np.greater,
    "GREATER_EQUAL": np.greater_equal,
    "LESS": np.less,
    "LESS_EQUAL": np.less_equal,
    "LOGICAL_AND": np.logical_and,
    "LOGICAL_NOT": np.logical_not,
    "LOGICAL_OR": np.logical_or,
    "MAXIMUM": np.maximum,
    "MINIMUM": np.minimum,
    "MUL": np.multiply,
    "NEG": np.negative,
    "NOT_EQUAL": np.not_equal,
    "SELECT_V2": np.where,
    "SUB": np.subtract,
}
_REDUCTIONS: dict[str, Callable[..., Any]] = {
    "REDUCE_MAX": np.max,
    "REDUCE_MIN": np.min,
    "REDUCE_PROD": np.prod,
    "SUM": np.sum,
}


def fold(op: Operator, context: Context) -> Any:
    """Return the result of an operator on integer constants, or None if it is not that."""
    if op.code not in _ELEMENTWISE and op.code not in _REDUCTIONS:
        return None
    arrays = [context.constant(index) for index in op.inputs]
    if any(a is None or a.dtype.kind not in "iub" for a in arrays):
        return None
    if any(context.tensor(index).quantization is not None for index in op.inputs):
        return None
    dtype = context.tensor(op.outputs[0]).dtype
    if op.code in _ELEMENTWISE:
        return np.asarray(_ELEMENTWISE[op.code](*arrays)).astype(dtype)
    x, axes = (np.asarray(array) for array in arrays)
    keep = bool(op.options("ReducerOptions").KeepDims())
    found = _REDUCTIONS[op.code](x, axis=tuple(int(a) for a in axes.reshape(-1)), keepdims=keep)
    return np.asarray(found).astype(dtype)
