# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions and matrix products."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from zephyr_counters.extensions.operator.base import Operator
from zephyr_counters.extensions.operator.elementwise import Addition
from zephyr_counters.extensions.tensors import (
    Float32Array,
    Image,
    Int8Array,
    Int32Array,
    Tensor,
)


@dataclass(frozen=True, eq=False)
class Convolution(Operator):
    """A convolution, grouped or not, with bias and activation.

    acc[o] = bias[o] + sum((x - x_zero) * weight[o])                      int32
    y = clamp(requantize(acc[o]) + y_zero)        with multiplier[o], shift[o]

    Padding reads as `x_zero`. Weights have no zero point. No partial sum leaves int32.
    """

    family: ClassVar[str] = "convolution"

    x: Image
    y: Image
    weight: Int8Array
    """[output channel, kernel height, kernel width, input channel within the group]"""
    bias: Int32Array
    multiplier: Int32Array
    shift: Int32Array
    x_zero: int
    y_zero: int
    low: int
    high: int
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    pad_top: int = 0
    pad_left: int = 0
    groups: int = 1

    @property
    def kernel(self) -> tuple[int, int]:
        """Height and width of the kernel."""
        return int(self.weight.shape[1]), int(self.weight.shape[2])

    @property
    def is_depthwise(self) -> bool:
        """Whether output channel o reads input channel o only."""
        return self.groups == self.x.channels == self.y.channels and self.groups > 1

    @property
    def is_padded(self) -> bool:
        """Whether some output reads outside of the image."""
        for before, size, outputs, stride, dilation, taps in (
            (self.pad_top, self.x.height, self.y.height, self.stride[0], self.dilation[0],
             self.kernel[0]),
            (self.pad_left, self.x.width, self.y.width, self.stride[1], self.dilation[1],
             self.kernel[1]),
        ):  # fmt: skip
            last = (outputs - 1) * stride - before + (taps - 1) * dilation
            if before > 0 or last >= size:
                return True
        return False


@dataclass(frozen=True, eq=False)
class MatrixProduct(Convolution):
    """A product with a constant matrix: a convolution whose images and kernel are 1 by 1.

    A library that computes every Convolution need not tell it apart. `x.batch` is the number of
    rows; `weight` is [outputs, 1, 1, inputs].
    """

    family: ClassVar[str] = "matrix product"


@dataclass(frozen=True, eq=False)
class OffsetConvolution(Operator):
    """A convolution or matrix product whose weights have a zero point, as those of uint8 have.

    acc[o] = bias[o] + sum((x - x_zero) * (weight[o] - weight_zero))      int32

    and the rest as `convolution` describes it. Not a `Convolution`, so that a library that knows
    only those is not asked for it.
    """

    family: ClassVar[str] = "convolution with offset weights"

    convolution: Convolution
    weight_zero: int

    @property
    def x(self) -> Image:
        """The tensor that is read."""
        return self.convolution.x

    @property
    def y(self) -> Image:  # type: ignore[override]
        """The tensor that is written."""
        return self.convolution.y


@dataclass(frozen=True, eq=False)
class ConvolutionAddition(Operator):
    """A convolution, to whose output another tensor of its shape is added.

    y = addition(convolution(x), addend), each as its family describes it

    The convolution's output, the addition's `a`, is 8 bits wide and limited as its family says, but
    exists nowhere in memory.
    """

    family: ClassVar[str] = "convolution with addition"
    reads: ClassVar[tuple[str, ...]] = ("x", "addend")

    convolution: Convolution
    addition: Addition

    @property
    def x(self) -> Image:
        """What the convolution reads."""
        return self.convolution.x

    @property
    def addend(self) -> Tensor:
        """What is added."""
        return self.addition.b

    @property
    def y(self) -> Tensor:  # type: ignore[override]
        """The sum."""
        return self.addition.y


@dataclass(frozen=True, eq=False)
class FloatMatrixProduct(Operator):
    """A product of float32 rows with a constant matrix, with bias and limits.

    sum[row, o] = sum(x[row, i] * weight[o, i])    float32, added up in the order of i
    y = max(min(sum + bias[o], high), low)         a limit that is infinite does nothing

    The compiler asks for the whole first, then for the product alone, in which case TVM fuses what
    follows into the kernel.
    """

    family: ClassVar[str] = "float matrix product"

    x: Tensor
    y: Tensor
    weight: Float32Array
    """[outputs, inputs]"""
    bias: Float32Array | None = None
    low: float = -math.inf
    high: float = math.inf
