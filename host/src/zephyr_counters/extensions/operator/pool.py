# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Pools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zephyr_counters.extensions.operator.base import Operator
from zephyr_counters.extensions.tensors import Image


@dataclass(frozen=True)
class AveragePool(Operator):
    """An average over windows that lie inside the image.

    acc = sum(x - x_zero)                                                 int32
    q = requantize(acc)                            if `scale` is (multiplier, shift)
    q = acc / count, to the nearest, ties away from zero        if `scale` is None
    y = clamp(q + y_zero)                          count = window height * width
    """

    family: ClassVar[str] = "average pool"

    x: Image
    y: Image
    window: tuple[int, int]
    stride: tuple[int, int]
    x_zero: int
    y_zero: int
    low: int
    high: int
    scale: tuple[int, int] | None


@dataclass(frozen=True)
class MaxPool(Operator):
    """The largest element of each window; taps outside of the image do not count."""

    family: ClassVar[str] = "maximum pool"

    x: Image
    y: Image
    window: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    pad_top: int
    pad_left: int
