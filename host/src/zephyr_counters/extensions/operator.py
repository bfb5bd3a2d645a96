# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A quantized operator in integers, as CPU kernels and accelerators see it.

Everybody computes the same, so results agree to the last bit:

    acc[o] = bias[o] + sum((x - x_zero) * weight[o])                      int32
    q[o] = (int64(acc[o]) * multiplier[o] + (1 << (shift[o] - 1))) >> shift[o]
    y = clamp(q[o] + y_zero, low, high)

with 2^30 <= multiplier < 2^31 and 1 <= shift <= 62. Padding reads as `x_zero`. Weights have no
zero point. A matrix product is a convolution whose images are 1 by 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from tvm import tirx

LIMITS = {"int8": (-128, 127), "uint8": (0, 255)}
MAX_SHIFT = 62
INT32_MAX = 2**31 - 1

Int8Array = npt.NDArray[np.int8]
Int32Array = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Image:
    """Shape and element strides of a batch of images; `shape` and `dtype` are the tensor's own."""

    batch: int
    height: int
    width: int
    channels: int
    strides: tuple[int, int, int, int]
    """Of batch, height, width, channel."""
    shape: tuple[int, ...]
    dtype: str

    @classmethod
    def of(cls, shape: tuple[int, ...], dtype: str, layout: str) -> Image:
        """From a tensor's shape: layout NHWC or NCHW, or "rows" for a matrix of channels."""
        if layout == "rows":
            rows, channels = math.prod(shape[:-1]), shape[-1]
            return cls(rows, 1, 1, channels, (channels, channels, channels, 1), shape, dtype)
        extent = dict(zip(layout, shape, strict=True))
        stride = {axis: math.prod(shape[i + 1 :]) for i, axis in enumerate(layout)}
        n, h, w, c = (stride[axis] for axis in "NHWC")
        return cls(extent["N"], extent["H"], extent["W"], extent["C"], (n, h, w, c), shape, dtype)


@dataclass(frozen=True, eq=False)
class QuantizedOp:
    """A convolution (grouped or not) or matrix product, its bias, activation and requantization."""

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
    def is_matmul(self) -> bool:
        """Whether every output reads one pixel only, its own."""
        return (self.x.height, self.x.width, *self.kernel) == (1, 1, 1, 1)

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
class Lowering:
    """How an operator is computed: `func(x, *constants, y)`, each a tensor of its own shape."""

    name: str
    func: tirx.PrimFunc
    constants: tuple[npt.NDArray[np.generic], ...]


class Accelerator(Protocol):
    """What an accelerator's patterns.py registers."""

    name: str
    """The name in `--target c,NAME`; that of its folder."""

    def supports(self, op: QuantizedOp) -> bool:
        """Whether `lower` can take this operator; otherwise the CPU computes it."""

    def lower(self, op: QuantizedOp) -> Lowering:
        """The call of the accelerator's driver."""


def quantize_scale(scale: float) -> tuple[int, int] | None:
    """`scale` as (multiplier, shift) with scale ~ multiplier / 2^shift; None if out of range."""
    if not (math.isfinite(scale) and scale > 0):
        return None
    mantissa, exponent = math.frexp(scale)
    multiplier, shift = round(mantissa * 2**31), 31 - exponent
    if multiplier == 2**31:
        multiplier, shift = 2**30, shift - 1
    return (multiplier, shift) if 1 <= shift <= MAX_SHIFT else None


def fits_int32(weight: Int8Array, bias: npt.NDArray[np.int64], span: int) -> bool:
    """Whether no partial sum leaves int32, with |x - x_zero| <= span."""
    flat = np.abs(weight.reshape(weight.shape[0], -1).astype(np.int64)).sum(axis=1)
    return bool(np.all(np.abs(bias) + flat * span <= INT32_MAX))
