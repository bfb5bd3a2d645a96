# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kernels for cores with DSP instructions (Armv7E-M; Armv8-M with its DSP extension).

SMLAD multiplies two int16 each and adds both products. Estimates are instructions of a Cortex-M4
(gcc 12 -O2, counted under QEMU's -icount).
"""

from __future__ import annotations

from collections.abc import Iterator

from zephyr_counters.compile.kernels.c_kernel import Families
from zephyr_counters.compile.kernels.dsp import convolution, depthwise, sums
from zephyr_counters.compile.kernels.dsp.elementwise import ELEMENTWISE
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
    OffsetConvolution,
)


def _convolution(op: Convolution) -> Iterator[Candidate]:
    yield from depthwise.candidates(op)
    yield from convolution.candidates(op)


def _offset(op: OffsetConvolution) -> Iterator[Candidate]:
    yield from depthwise.offset_candidates(op)
    yield from convolution.offset_candidates(op)


DSP = Families(
    "dsp",
    {
        Activation: ELEMENTWISE.lookups,
        Addition: ELEMENTWISE.additions,
        AveragePool: ELEMENTWISE.averages,
        Convolution: _convolution,
        ConvolutionAddition: sums.candidates,
        MatrixProduct: convolution.candidates,
        MaxPool: ELEMENTWISE.maxima,
        Multiplication: ELEMENTWISE.multiplications,
        OffsetConvolution: _offset,
    },
)
