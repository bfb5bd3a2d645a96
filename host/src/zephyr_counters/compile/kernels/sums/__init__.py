# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What kernels of convolutions with an addition share among cores."""

from __future__ import annotations

from dataclasses import dataclass

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.words import as_int8, words
from zephyr_counters.extensions.operator import Addition, ConvolutionAddition
from zephyr_counters.extensions.tensors import INT32_MAX, Int32Array, Tensor

FILES = c_files("sums", "zc_sum.h")


@dataclass(frozen=True)
class Ending:
    """What a kernel does to its outputs in the end: flip bits of them, after it limited them."""

    flip: int
    low: int
    high: int


def ending(op: Addition) -> Ending:
    """Return what makes the sum's type and limits of what is saturated to int8."""
    y = _signed(op.y)
    return Ending(_flip(op.y), op.low - y, op.high - y)


def head(op: ConvolutionAddition) -> Int32Array | None:
    """Return struct zc_sum; None if a sum could leave int32."""
    found, wanted = op.addition, as_int8(op.convolution)
    zeros = found.zeros[0] - _signed(found.a), found.zeros[1] - _signed(found.b)
    zero = (found.y_zero - _signed(found.y)) << found.shift
    start = zero + (1 << (found.shift - 1))
    start -= sum(a * b for a, b in zip(zeros, found.factors, strict=True))
    if abs(start) + 128 * sum(abs(factor) for factor in found.factors) > INT32_MAX:
        return None
    limits = (wanted.low, wanted.high)
    return words((start, *found.factors, found.shift, *limits, _flip(found.b), 0))


def _signed(tensor: Tensor) -> int:
    """Return what a byte stands for less, read as int8 with its highest bit flipped."""
    return 128 if tensor.dtype == "uint8" else 0


def _flip(tensor: Tensor) -> int:
    return 0x80808080 if tensor.dtype == "uint8" else 0
