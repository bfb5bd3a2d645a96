# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tensors and fixed-point scales, as operators describe them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

LIMITS = {"int8": (-128, 127), "uint8": (0, 255)}
"""Lowest and highest value of the types that quantized tensors have."""
MAX_SHIFT = 62
INT32_MAX = 2**31 - 1

Int8Array = npt.NDArray[np.int8]
Int32Array = npt.NDArray[np.int32]
Float32Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Tensor:
    """Shape and element type; elements lie in row-major order without gaps."""

    shape: tuple[int, ...]
    dtype: str

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Image(Tensor):
    """A tensor read as a batch of images, with strides in elements for any layout."""

    batch: int
    height: int
    width: int
    channels: int
    strides: tuple[int, int, int, int]
    """Of batch, height, width, channel."""

    @classmethod
    def of(cls, shape: tuple[int, ...], dtype: str, layout: str) -> Image:
        """From a tensor's shape: layout NHWC or NCHW, or "rows" for a matrix of channels."""
        if layout == "rows":
            rows, channels = math.prod(shape[:-1]), shape[-1]
            return cls(shape, dtype, rows, 1, 1, channels, (channels, channels, channels, 1))
        extent = dict(zip(layout, shape, strict=True))
        stride = dict(zip(layout, row_major(shape), strict=True))
        n, h, w, c = (stride[axis] for axis in "NHWC")
        return cls(shape, dtype, extent["N"], extent["H"], extent["W"], extent["C"], (n, h, w, c))


def row_major(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Strides, in elements, of a tensor without gaps."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def quantize_scale(scale: float) -> tuple[int, int] | None:
    """`scale` as (multiplier, shift) with scale ~ multiplier / 2^shift; None if out of range."""
    if not (math.isfinite(scale) and scale > 0):
        return None
    mantissa, exponent = math.frexp(scale)
    multiplier, shift = round(mantissa * 2**31), 31 - exponent
    if multiplier == 2**31:
        multiplier, shift = 2**30, shift - 1
    return (multiplier, shift) if 1 <= shift <= MAX_SHIFT else None


def fits_int32(
    weight: npt.NDArray[np.integer[Any]], bias: npt.NDArray[np.int64], span: int
) -> bool:
    """Whether no partial sum leaves int32, with |x - x_zero| <= span."""
    flat = np.abs(weight.reshape(weight.shape[0], -1).astype(np.int64)).sum(axis=1)
    return bool(np.all(np.abs(bias) + flat * span <= INT32_MAX))
