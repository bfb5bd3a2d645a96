# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Activations and changes of scale by a table."""

from __future__ import annotations

from functools import partial

from tvm.tirx.script import builder as T

from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import Activation
from zephyr_counters.extensions.tensor_ir import argument, body, flat, kernel, loop
from zephyr_counters.extensions.tensors import LIMITS

_PER_OUTPUT = 6
_TEXT = 60


def candidate(op: Activation) -> Candidate:
    """Return the only kernel: one loop over all elements."""
    code = {f"lookup {op.x}": _TEXT}
    return Candidate(
        "direct", partial(_lower, op), op.y.size * _PER_OUTPUT, constants=256, code=code
    )


def _lower(op: Activation) -> Lowering:
    lowest = LIMITS[op.x.dtype][0]
    with kernel() as builder:
        x_in = argument("x", op.x.shape, op.x.dtype)
        table = argument("table", (256,), op.y.dtype)
        y_out = argument("y", op.y.shape, op.y.dtype)
        with body():
            x = flat("x_flat", x_in, op.x.size, op.x.dtype)
            y = flat("y_flat", y_out, op.y.size, op.y.dtype)
            with loop("i", op.y.size) as i:
                T.buffer_store(y, table[T.cast(x[i], "int32") - lowest], [i])
    return Lowering("lookup", builder.get(), (op.table,))
