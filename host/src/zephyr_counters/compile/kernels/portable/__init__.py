# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kernels in plain C for any core, one module per operator family.

Each is written loop by loop in tensor IR, and needs no scratch memory. Estimates are
instructions of a Cortex-M4 (gcc 12 -O2, counted under QEMU's -icount).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zephyr_counters.compile.kernels import moves, softmax
from zephyr_counters.compile.kernels.c_kernel import Families
from zephyr_counters.compile.kernels.portable import (
    activation,
    addition,
    compact,
    convolution,
    dense,
    multiplication,
    pool,
)
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import (
    Activation,
    Addition,
    AveragePool,
    CompactConvolution,
    Convolution,
    ConvolutionAddition,
    FloatMatrixProduct,
    LayoutMove,
    MatrixProduct,
    Multiplication,
    OffsetConvolution,
    Operator,
    Softmax,
)


def _one(make: Callable[..., Candidate]) -> Callable[..., Iterable[Candidate]]:
    def candidates(op: Operator) -> Iterable[Candidate]:
        return (make(op),)

    return candidates


PORTABLE = Families(
    "portable",
    {
        Activation: _one(activation.candidate),
        Addition: _one(addition.candidate),
        AveragePool: _one(pool.candidate),
        CompactConvolution: compact.candidates,
        Convolution: _one(convolution.candidate),
        ConvolutionAddition: _one(convolution.sum_candidate),
        FloatMatrixProduct: dense.candidates,
        LayoutMove: moves.candidates,
        MatrixProduct: _one(convolution.candidate),
        Multiplication: _one(multiplication.candidate),
        OffsetConvolution: _one(convolution.offset_candidate),
        Softmax: softmax.candidates,
    },
)
"""One kernel per family, in every target; none for what TVM lowers as well itself."""
