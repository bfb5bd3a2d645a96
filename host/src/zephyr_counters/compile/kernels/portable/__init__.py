# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kernels in plain C for any core, one module per operator family.

Each is written loop by loop in tensor IR, and needs no scratch memory. Estimates are
instructions of a Cortex-M4 (gcc 12 -O2, counted under QEMU's -icount).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zephyr_counters.compile.kernels.portable import addition, convolution, dense, pool
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import (
    Addition,
    AveragePool,
    Convolution,
    FloatMatrixProduct,
    MatrixProduct,
    OffsetConvolution,
    Operator,
)

_FAMILIES: dict[type[Operator], Callable[..., Candidate]] = {
    Addition: addition.candidate,
    AveragePool: pool.candidate,
    Convolution: convolution.candidate,
    MatrixProduct: convolution.candidate,
    OffsetConvolution: convolution.offset_candidate,
}


class Portable:
    """The library that is in every target."""

    name = "portable"

    def candidates(self, op: Operator) -> Iterable[Candidate]:
        """One kernel per family; none for what TVM lowers as well itself."""
        if isinstance(op, FloatMatrixProduct):
            return dense.candidates(op)
        make = _FAMILIES.get(type(op))
        return () if make is None else (make(op),)


PORTABLE = Portable()
