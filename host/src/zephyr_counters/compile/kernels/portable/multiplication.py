# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Products of two tensors in integers."""

from __future__ import annotations

from functools import partial

from tvm.tirx.script import builder as T

from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import Multiplication
from zephyr_counters.extensions.tensor_ir import (
    argument,
    body,
    clamp,
    flat,
    kernel,
    loop,
    requantize,
)

_PER_OUTPUT = 26
_TEXT = 130


def candidate(op: Multiplication) -> Candidate:
    """Return the only kernel: one loop over all elements."""
    code = {f"multiply {op}": _TEXT}
    return Candidate("direct", partial(_lower, op), op.y.size * _PER_OUTPUT, code=code)


def _lower(op: Multiplication) -> Lowering:
    size = op.y.size
    # Beyond this twice a product leaves int32.
    dtype = "int32" if op.shift >= 18 else "int64"
    with kernel() as builder:
        tensors = [
            argument(name, tensor.shape, tensor.dtype)
            for name, tensor in (("a", op.a), ("b", op.b), ("y", op.y))
        ]
        with body():
            a, b, y = (
                flat(f"{name}_flat", tensor, size, str(tensor.dtype))
                for name, tensor in zip("aby", tensors, strict=True)
            )
            with loop("i", size) as i:
                left = T.cast(a[i], "int32") - op.zeros[0]
                product = left * (T.cast(b[i], "int32") - op.zeros[1])
                q = requantize(product, op.multiplier, op.shift - 1, dtype) + op.y_zero
                T.buffer_store(y, T.cast(clamp(q, op.low, op.high), op.y.dtype), [i])
    return Lowering("qmultiply", builder.get())
