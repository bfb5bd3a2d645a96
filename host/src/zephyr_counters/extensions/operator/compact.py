# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""An operator family: floats by weights that take one or two bytes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy.typing as npt

from zephyr_counters.extensions.operator.base import Operator
from zephyr_counters.extensions.tensors import Float32Array, Image


@dataclass(frozen=True, eq=False)
class CompactConvolution(Operator):
    """A convolution of float32 images by int8 or float16 weights, with bias and limits.

    sum[o] = sum(x * float32(weight[o]))     float32, added up in the order of h, w, i
    y = max(min(sum[o] * scale[o] + bias[o], high), low)     a limit that is infinite does nothing

    Padding reads as 0. A matrix product is one of images of 1 by 1: `x.batch` is its rows.
    """

    family: ClassVar[str] = "convolution of floats by small weights"

    x: Image
    y: Image
    weight: npt.NDArray[Any]
    """[output channel, kernel height, kernel width, input channel within the group]; int8, or
    float16 that is normal or 0"""
    scale: Float32Array
    """Per output channel."""
    bias: Float32Array
    """Per output channel."""
    low: float = -math.inf
    high: float = math.inf
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    pad_top: int = 0
    pad_left: int = 0
    groups: int = 1
