# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Residual additions in integers."""

from __future__ import annotations

from functools import partial

from tvm import tirx
from tvm.tirx.script import builder as T

from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import Addition
from zephyr_counters.extensions.tensor_ir import argument, body, clamp, flat, kernel, loop

_PER_OUTPUT = 16
_TEXT = 136
"""Bytes of code; layers with equal tensors and constants share it."""


def candidate(op: Addition) -> Candidate:
    """Return the only kernel: one loop over all elements."""
    code = {f"add {op}": _TEXT}
    return Candidate("direct", partial(_lower, op), op.y.size * _PER_OUTPUT, code=code)


def _lower(op: Addition) -> Lowering:
    size, shape = op.y.size, op.y.shape
    dtypes = (op.a.dtype, op.b.dtype, op.y.dtype)
    with kernel() as builder:
        names = ("a", "b", "y")
        tensors = [argument(n, shape, d) for n, d in zip(names, dtypes, strict=True)]
        with body():
            a, b, y = (
                flat(f"{n}_flat", tensor, size, d)
                for n, tensor, d in zip(names, tensors, dtypes, strict=True)
            )
            with loop("i", size) as i:
                acc = tirx.const(1 << (op.shift - 1), "int32")
                for source, zero, factor in zip((a, b), op.zeros, op.factors, strict=True):
                    acc = acc + (T.cast(source[i], "int32") - zero) * factor
                q = T.shift_right(acc, tirx.const(op.shift, "int32")) + op.y_zero
                T.buffer_store(y, T.cast(clamp(q, op.low, op.high), op.y.dtype), [i])
    return Lowering("qadd", builder.get())
