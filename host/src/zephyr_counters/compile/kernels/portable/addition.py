# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Residual additions in integers."""

from __future__ import annotations

from functools import partial
from typing import Any

from tvm import tirx
from tvm.tirx.script import builder as T

from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import Addition
from zephyr_counters.extensions.tensor_ir import argument, body, clamp, flat, kernel, loop
from zephyr_counters.extensions.tensors import INT32_MAX, LIMITS

_PER_OUTPUT = 14
_TEXT = 124
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
                value = total(op, T.cast(a[i], "int32"), T.cast(b[i], "int32"))
                T.buffer_store(y, T.cast(value, op.y.dtype), [i])
    return Lowering("qadd", builder.get())


def total(op: Addition, a: Any, b: Any) -> Any:
    """Return an element of y from those of a and b, as int32."""
    shift = tirx.const(op.shift, "int32")
    start = (1 << (op.shift - 1)) + (op.y_zero << op.shift)
    start -= sum(zero * factor for zero, factor in zip(op.zeros, op.factors, strict=True))
    most = [max(abs(limit) for limit in LIMITS[tensor.dtype]) for tensor in (op.a, op.b)]
    if abs(start) + sum(x * abs(y) for x, y in zip(most, op.factors, strict=True)) <= INT32_MAX:
        # All that does not change is in one addend.
        acc = tirx.const(start, "int32") + a * op.factors[0] + b * op.factors[1]
        q = T.shift_right(acc, shift)
    else:
        acc = tirx.const(1 << (op.shift - 1), "int32")
        for value, zero, factor in zip((a, b), op.zeros, op.factors, strict=True):
            acc = acc + (value - zero) * factor
        q = T.shift_right(acc, shift) + op.y_zero
    return clamp(q, op.low, op.high)
