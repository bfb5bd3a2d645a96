# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float matrix products, the weights laid out as they are read.

A product reads one column of [inputs, outputs] weights for each output. Stored as
[outputs, inputs] a column is contiguous, which caches and flash prefetch reward. TVM fuses what
follows, such as a bias and an activation, into the kernel.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

import numpy as np
from tvm import te

from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import FloatMatrixProduct

_PER_PRODUCT = 4
_TEXT = 300
"""Bytes of code, with what TVM fuses into it."""


def candidates(op: FloatMatrixProduct) -> Iterable[Candidate]:
    """Return the only kernel, which TVM schedules; bias and limits are left for TVM to fuse."""
    if op.bias is not None or op.low > -math.inf or op.high < math.inf:
        return ()
    products = op.y.size * int(op.weight.shape[1])
    constants, code = 4 * op.weight.size, {f"product {op.x} {op.y}": _TEXT}
    estimate = products * _PER_PRODUCT
    return (Candidate("direct", partial(_lower, op), estimate, {}, constants, code),)


def _lower(op: FloatMatrixProduct) -> Lowering:
    matrix = np.ascontiguousarray(op.weight)
    source = te.placeholder(op.x.shape, "float32", name="x")
    rows = te.placeholder(matrix.shape, "float32", name="weight")
    k = te.reduce_axis((0, op.x.shape[-1]), name="k")
    result = te.compute(
        op.y.shape,
        lambda *i: te.sum(source(*i[:-1], k) * rows(i[-1], k), axis=k),
        name="matmul",
    )
    func = te.create_prim_func([source, rows, result], index_dtype_override="int64")
    return Lowering("matmul", func, (matrix,))
