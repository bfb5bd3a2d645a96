# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Constants of a kernel as 32-bit words: a C struct of int32_t, then packed weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.extensions.operator import (
    Convolution,
    MatrixProduct,
    Operator,
)
from zephyr_counters.extensions.tensors import Image, Int32Array

Int64Array = npt.NDArray[np.int64]


def words(values: Iterable[int]) -> Int32Array:
    """Return integers, or unsigned 32-bit patterns, as int32."""
    wide = np.array([int(value) & 0xFFFFFFFF for value in values], np.uint32)
    return wide.view(np.int32)


def packed(*parts: npt.NDArray[Any]) -> Int32Array:
    """Return arrays of any integer type, one after the other; little endian, as Cortex-M is."""
    data = b"".join(
        np.ascontiguousarray(part, part.dtype.newbyteorder("<")).tobytes() for part in parts
    )
    return np.frombuffer(data, "<i4").astype(np.int32)


def round_up(value: int, multiple: int) -> int:
    """Return the first multiple that is not less than `value`."""
    return -(-value // multiple) * multiple


def is_nhwc(image: Image) -> bool:
    """Tell whether channels, pixels, rows and images follow one another without gaps."""
    h, w, c = image.height, image.width, image.channels
    strides = (h * w * c, w * c, c, 1)
    extents = (image.batch, h, w, c)
    return all(
        extent == 1 or stride == wanted
        for extent, stride, wanted in zip(extents, image.strides, strides, strict=True)
    )


def is_int8(op: Operator) -> bool:
    """Tell whether the operator reads and writes int8 only."""
    return all(tensor.dtype == "int8" for tensor in (*op.inputs, op.y))


def flips(op: Operator) -> tuple[int, int]:
    """Return what makes int8 of x's bytes, and y's type of int8's bytes, by exclusive or."""
    x, y = (0x80808080 if tensor.dtype == "uint8" else 0 for tensor in (op.inputs[0], op.y))
    return x, y


def as_int8(op: Convolution) -> Convolution:
    """Return the operator for x and y with their highest bits flipped where they are uint8."""
    x, y = (128 if tensor.dtype == "uint8" else 0 for tensor in (op.x, op.y))
    return replace(op, x_zero=op.x_zero - x, y_zero=op.y_zero - y, low=op.low - y, high=op.high - y)


def is_matrix(op: Convolution) -> bool:
    """Tell whether every output row is a product of one input row and the weights."""
    return op.kernel == (1, 1) and op.stride == (1, 1) and not op.is_padded


def kernel_name(op: Convolution) -> str:
    """Return the kernel's name: the same in all libraries."""
    is_product = isinstance(op, MatrixProduct)
    return f"q{'matmul' if is_product else 'depthwise' if op.is_depthwise else 'conv2d'}"


def flat_weights(op: Convolution, weight_zero: int = 0) -> tuple[Int64Array, Int64Array]:
    """Return weights less their zero point, [outputs, taps], and biases with x's in them."""
    weight = op.weight.reshape(op.y.channels, -1).astype(np.int64) - weight_zero
    return weight, op.bias.astype(np.int64) - op.x_zero * weight.sum(axis=1)


def geometry(op: Convolution) -> list[int]:
    """Return a convolution's sizes in the order of the C structs.

    They are images, x, y, kernel, stride, dilation and padding; then the tops and lefts of windows,
    counted from 0, whose taps all lie inside x. Rows of a matrix product are the pixels of one row.
    """
    if is_matrix(op):
        rows = op.y.batch * op.y.height * op.y.width
        x, y = (1, 1, rows, op.x.channels), (1, rows, op.y.channels)
        return [*x, *y, 1, 1, 1, 1, 1, 1, 0, 0, 1, rows]
    (kh, kw), (dh, dw) = op.kernel, op.dilation
    return [
        *(op.x.batch, op.x.height, op.x.width, op.x.channels),
        *(op.y.height, op.y.width, op.y.channels),
        *(kh, kw, *op.stride, dh, dw, op.pad_top, op.pad_left),
        max(0, op.x.height - (kh - 1) * dh),
        max(0, op.x.width - (kw - 1) * dw),
    ]


def edge_pixels(op: Convolution) -> int:
    """Return the number of output pixels that read outside of the image."""
    inner = 1
    for pad, size, outputs, stride, dilation, taps in (
        (op.pad_top, op.x.height, op.y.height, op.stride[0], op.dilation[0], op.kernel[0]),
        (op.pad_left, op.x.width, op.y.width, op.stride[1], op.dilation[1], op.kernel[1]),
    ):
        starts = (index * stride - pad for index in range(outputs))
        inner *= sum(0 <= start <= size - 1 - (taps - 1) * dilation for start in starts)
    return op.y.batch * (op.y.height * op.y.width - inner)
