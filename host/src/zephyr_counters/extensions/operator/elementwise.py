# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators on elements, or on rows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zephyr_counters.extensions.operator.base import Operator
from zephyr_counters.extensions.tensors import Int8Array, Int32Array, Tensor


@dataclass(frozen=True)
class Addition(Operator):
    """A sum of two tensors, in 32 bits.

    acc = (a - zeros[0]) * factors[0] + (b - zeros[1]) * factors[1]       int32
    y = clamp(((acc + (1 << (shift - 1))) >> shift) + y_zero)

    with 12 <= shift <= 30; no intermediate result leaves int32.
    """

    family: ClassVar[str] = "addition"
    reads: ClassVar[tuple[str, ...]] = ("a", "b")

    a: Tensor
    b: Tensor
    y: Tensor
    zeros: tuple[int, int]
    factors: tuple[int, int]
    shift: int
    y_zero: int
    low: int
    high: int


@dataclass(frozen=True)
class Multiplication(Operator):
    """A product of two tensors, element by element.

    y = clamp(requantize((a - zeros[0]) * (b - zeros[1])) + y_zero)
    """

    family: ClassVar[str] = "multiplication"
    reads: ClassVar[tuple[str, ...]] = ("a", "b")

    a: Tensor
    b: Tensor
    y: Tensor
    zeros: tuple[int, int]
    multiplier: int
    shift: int
    y_zero: int
    low: int
    high: int


@dataclass(frozen=True, eq=False)
class Activation(Operator):
    """Any function of one element, or a change of scale: y = table[x - lowest].

    `lowest` is -128 if x is int8, 0 if it is uint8.
    """

    family: ClassVar[str] = "activation"

    x: Tensor
    y: Tensor
    table: Int8Array
    """256 values, of y's type."""


@dataclass(frozen=True, eq=False)
class Softmax(Operator):
    """A softmax over the last axis.

    e[i] = table[max(x) - x[i]];  s = sum(e)                              int32
    y[i] = clamp((e[i] * steps + (s << 7)) / (s << 8) + y_zero)           int64, rounded down

    `table[d]` is exp(-d * scale of x) as a fraction of `table[0]`, a power of two that keeps s in
    int32; `steps` is 256 / scale of y, so 65536 for the usual 1/256.
    """

    family: ClassVar[str] = "softmax"

    x: Tensor
    y: Tensor
    table: Int32Array
    steps: int
    y_zero: int
    low: int
    high: int
