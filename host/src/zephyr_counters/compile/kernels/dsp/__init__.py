# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kernels for cores with DSP instructions (Armv7E-M; Armv8-M with its DSP extension).

SMLAD multiplies two int16 each and adds both products. Estimates are instructions of a Cortex-M4
(gcc 12 -O2, counted under QEMU's -icount).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zephyr_counters.compile.kernels.dsp import convolution, depthwise
from zephyr_counters.compile.kernels.dsp.elementwise import ELEMENTWISE
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


class Dsp:
    """The library for cores that have the feature "dsp"."""

    name = "dsp"

    def candidates(self, op: Operator) -> Iterable[Candidate]:
        """Return kernels that compute `op` exactly; none for types and layouts they lack."""
        make = _FAMILIES.get(type(op))
        return () if make is None else make(op)


DSP = Dsp()
