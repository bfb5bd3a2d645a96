# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kernels for cores with vectors of integers (Armv8.1-M MVE, called Helium).

VMLADAVA adds up 16 products of int8. Estimates are instructions of a Cortex-M55 (gcc 12 -O2,
counted under QEMU's -icount).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zephyr_counters.compile.kernels.mve import convolution, depthwise
from zephyr_counters.compile.kernels.mve.elementwise import ELEMENTWISE
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import (
    Addition,
    AveragePool,
    Convolution,
    MatrixProduct,
    Operator,
)


def _convolution(op: Convolution) -> Iterable[Candidate]:
    if op.is_depthwise:
        return depthwise.candidates(op)
    return convolution.candidates(op)


_FAMILIES: dict[type[Operator], Callable[..., Iterable[Candidate]]] = {
    Addition: ELEMENTWISE.additions,
    AveragePool: ELEMENTWISE.averages,
    Convolution: _convolution,
    MatrixProduct: _convolution,
}


class Mve:
    """The library for cores that have the feature "mve"."""

    name = "mve"

    def candidates(self, op: Operator) -> Iterable[Candidate]:
        """Return kernels that compute `op` exactly; none for types and layouts they lack."""
        make = _FAMILIES.get(type(op))
        return () if make is None else make(op)


MVE = Mve()
