# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions of any grouping and layout: their taps are found by a table of offsets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.words import flips, is_matrix, packed, words
from zephyr_counters.extensions.operator import Convolution
from zephyr_counters.extensions.tensors import Int32Array

FILES = c_files("gather", "zc_gather.h", "zc_gather.c")
_MAX_OFFSET = 2**16 - 1


def fits(op: Convolution) -> bool:
    """Tell whether offsets fit into 16 bits, and rows of outputs follow one another."""
    _, height, width, _ = op.y.strides
    rows = op.y.height == 1 or height == op.y.width * width
    return rows and int(_offsets(op).max()) <= _MAX_OFFSET


def groups_of(op: Convolution) -> Iterator[Convolution]:
    """Return each group as a convolution of its own, for its weights and scales."""
    each = op.y.channels // op.groups
    x, y = op.x, op.y
    small_x, small_y = replace(x, channels=x.channels // op.groups), replace(y, channels=each)
    for first in range(0, op.y.channels, each):
        part = slice(first, first + each)
        yield replace(
            op,
            x=small_x,
            y=small_y,
            weight=op.weight[part],
            bias=op.bias[part],
            multiplier=op.multiplier[part],
            shift=op.shift[part],
            groups=1,
        )


def head(op: Convolution, wanted: Convolution, taps: int, size: int) -> Int32Array:
    """Return struct zc_gather and the offsets, a multiple of 16 bytes.

    Args:
        op: the operator.
        wanted: the same for int8.
        taps: number of taps that the kernel computes with.
        size: bytes of a group's blocks.
    """
    (kh, kw), (dh, dw) = op.kernel, op.dilation
    x, y = op.x, op.y
    # Rows of a matrix product are the pixels of one row.
    rows = is_matrix(op) and x.height == x.width == 1
    x_sizes = (1, 1, x.batch) if rows else (x.batch, x.height, x.width)
    y_sizes = (1, y.batch) if rows else (y.height, y.width)
    x_strides = (0, 0, x.strides[0]) if rows else x.strides[:3]
    y_strides = (0, y.strides[0]) if rows else (y.strides[0], y.strides[2])
    depth, outputs = x.channels // op.groups, y.channels // op.groups
    sizes = words(
        (
            *(*x_sizes, *y_sizes, op.groups, depth, outputs, kh, kw, *op.stride, dh, dw),
            *(op.pad_top, op.pad_left, *x_strides, depth * x.strides[3]),
            *(*y_strides, y.strides[3], outputs * y.strides[3]),
            max(0, x_sizes[1] - (kh - 1) * dh),
            max(0, x_sizes[2] - (kw - 1) * dw),
            *(op.x_zero, taps, size, *flips(op), wanted.y_zero, wanted.low, wanted.high),
        )
    )
    offsets = _offsets(op).astype(np.uint16)
    gap = np.zeros(-(offsets.size + 2 * sizes.size) % 8, np.uint16)
    return packed(sizes, offsets, gap)


def _offsets(op: Convolution) -> npt.NDArray[np.int64]:
    """Return where the taps are, from a window's first: [height, width, input channel]."""
    (kh, kw), depth = op.kernel, op.x.channels // op.groups
    rows, columns, inputs = np.ogrid[:kh, :kw, :depth]
    _, height, width, channel = op.x.strides
    rows, columns = rows * op.dilation[0] * height, columns * op.dilation[1] * width
    return np.asarray(rows + columns + inputs * channel, np.int64).reshape(-1)
