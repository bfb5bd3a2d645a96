# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operator families: what a kernel library is asked to compute, exactly.

Each family is a dataclass whose docstring gives the formula. Every library follows it, so all
kernels of an operator give the same bits. Tensors are 8-bit integers (int8 or uint8) unless a
family says otherwise. Two functions recur:

    clamp(v) = min(max(v, low), high)
    requantize(v) = (int64(v) * multiplier + (1 << (shift - 1))) >> shift

with 2^30 <= multiplier < 2^31 and 1 <= shift <= 62; >> rounds towards minus infinity.
"""

from zephyr_counters.extensions.operator.base import Operator
from zephyr_counters.extensions.operator.compact import CompactConvolution
from zephyr_counters.extensions.operator.convolution import (
    Convolution,
    ConvolutionAddition,
    FloatMatrixProduct,
    MatrixProduct,
    OffsetConvolution,
)
from zephyr_counters.extensions.operator.elementwise import (
    Activation,
    Addition,
    Multiplication,
    Softmax,
)
from zephyr_counters.extensions.operator.move import Block, LayoutMove
from zephyr_counters.extensions.operator.pool import AveragePool, MaxPool

__all__ = [
    "Activation",
    "Addition",
    "AveragePool",
    "Block",
    "CompactConvolution",
    "Convolution",
    "ConvolutionAddition",
    "FloatMatrixProduct",
    "LayoutMove",
    "MatrixProduct",
    "MaxPool",
    "Multiplication",
    "OffsetConvolution",
    "Operator",
    "Softmax",
]
