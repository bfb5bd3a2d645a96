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

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from zephyr_counters.extensions.tensors import (
    Float32Array,
    Image,
    Int8Array,
    Int32Array,
    Tensor,
)


class Operator:
    """Base of all families."""

    family: ClassVar[str]
    """The family's name, for messages."""
    reads: ClassVar[tuple[str, ...]] = ("x",)
    """Names of the tensors that are read."""
    y: Tensor
    """The tensor that is written."""

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """Tensors that are read, in the order in which a kernel takes them."""
        return tuple(getattr(self, name) for name in self.reads)


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


@dataclass(frozen=True)
class Block:
    """Elements that move: a box of `extents` in an input and in the output, strides in elements."""

    extents: tuple[int, ...]
    x_offset: int
    x_strides: tuple[int, ...]
    y_offset: int
    y_strides: tuple[int, ...]


@dataclass(frozen=True)
class LayoutMove(Operator):
    """Elements of any type that only change their places: transpose, pad, concat, reshape.

    y = fill, everywhere, if `fill` is not None; then, for each input k with its block and every
    index i within the block's extents:

    y[y_offset + i . y_strides] = x[k][x_offset + i . x_strides]
    """

    family: ClassVar[str] = "layout move"

    kind: str
    """"transpose", "pad", "concat" or "reshape"."""
    x: tuple[Tensor, ...]
    y: Tensor
    blocks: tuple[Block, ...]
    """One for each input."""
    fill: int | float | None = None

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The inputs."""
        return self.x
