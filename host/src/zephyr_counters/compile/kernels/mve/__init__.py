# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kernels for cores with vectors of integers (Armv8.1-M MVE, called Helium).

VMLADAVA adds up 16 products of int8. Estimates are instructions of a Cortex-M55 (gcc 12 -O2,
counted under QEMU's -icount).
"""

from __future__ import annotations

from collections.abc import Iterator

from zephyr_counters.compile.kernels.c_kernel import Families
from zephyr_counters.compile.kernels.mve import convolution, depthwise, sums
from zephyr_counters.compile.kernels.mve.elementwise import ELEMENTWISE
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import (
    Activation,
    Addition,
    AveragePool,
    Convolution,
    ConvolutionAddition,
    MatrixProduct,
    MaxPool,
    Multiplication,
)


def _convolution(op: Convolution) -> Iterator[Candidate]:
    yield from depthwise.candidates(op)
    yield from convolution.candidates(op)


MVE = Families(
    "mve",
    {
        Activation: ELEMENTWISE.lookups,
        Addition: ELEMENTWISE.additions,
        AveragePool: ELEMENTWISE.averages,
        Convolution: _convolution,
        ConvolutionAddition: sums.candidates,
        MatrixProduct: convolution.candidates,
        MaxPool: ELEMENTWISE.maxima,
        Multiplication: ELEMENTWISE.multiplications,
    },
)
