# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Constants of a kernel as 32-bit words: a C struct of int32_t, then packed weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.extensions.operator import AveragePool, Convolution
from zephyr_counters.extensions.tensors import Image, Int32Array


def words(values: Iterable[int]) -> Int32Array:
    """Integers, or unsigned 32-bit patterns, as int32."""
    wide = np.array([int(value) & 0xFFFFFFFF for value in values], np.uint32)
    return wide.view(np.int32)


def packed(*parts: npt.NDArray[Any]) -> Int32Array:
    """Arrays of any integer type, one after the other; little endian, as Cortex-M is."""
    data = b"".join(
        np.ascontiguousarray(part, part.dtype.newbyteorder("<")).tobytes() for part in parts
    )
    return np.frombuffer(data, "<i4").astype(np.int32)


def is_nhwc(image: Image) -> bool:
    """Whether channels of a pixel, pixels, rows and images follow one another without gaps."""
    h, w, c = image.height, image.width, image.channels
    strides = (h * w * c, w * c, c, 1)
    extents = (image.batch, h, w, c)
    return all(
        extent == 1 or stride == wanted
        for extent, stride, wanted in zip(extents, image.strides, strides, strict=True)
    )


def is_int8(op: Any) -> bool:
    """Whether the operator reads and writes int8 only."""
    return all(tensor.dtype == "int8" for tensor in (*op.inputs, op.y))


def geometry(op: Convolution) -> Sequence[int]:
    """Sizes of a convolution in the order of the C structs: images, x, y, kernel, steps, padding.

    Its last two are the tops and lefts of windows, counted from 0, whose taps all lie inside x.
    """
    (kh, kw), (dh, dw) = op.kernel, op.dilation
    return (
        *(op.x.batch, op.x.height, op.x.width, op.x.channels),
        *(op.y.height, op.y.width, op.y.channels),
        *(kh, kw, *op.stride, dh, dw, op.pad_top, op.pad_left),
        max(0, op.x.height - (kh - 1) * dh),
        max(0, op.x.width - (kw - 1) * dw),
    )


def pool_geometry(op: AveragePool) -> Sequence[int]:
    """Sizes, requantization and range of a pool, in the order of the C structs."""
    count = op.window[0] * op.window[1]
    multiplier, shift = op.scale or (0, 0)
    return (
        *(op.x.batch, op.x.height, op.x.width, op.y.height, op.y.width, op.x.channels),
        *(*op.window, *op.stride, -op.x_zero * count, multiplier, shift),
        *(op.y_zero, op.low, op.high),
    )
