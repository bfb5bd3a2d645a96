# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators computed with NumPy, from the formulas in extensions/operator."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from zephyr_counters.extensions.operator import (
    Activation,
    Addition,
    AveragePool,
    CompactConvolution,
    Convolution,
    ConvolutionAddition,
    FloatMatrixProduct,
    LayoutMove,
    MaxPool,
    Multiplication,
    OffsetConvolution,
    Operator,
    Softmax,
)

Array = npt.NDArray[Any]


def compute(op: Operator, inputs: list[Array]) -> Array:
    """The operator's output."""
    if isinstance(op, OffsetConvolution):
        return _convolution(op.convolution, inputs[0], op.weight_zero)
    if isinstance(op, Convolution):
        return _convolution(op, inputs[0])
    if isinstance(op, ConvolutionAddition):
        output = _convolution(op.convolution, inputs[0])
        return _addition(op.addition, output, inputs[1])
    if isinstance(op, Addition):
        return _addition(op, *inputs)
    if isinstance(op, AveragePool):
        return _average(op, inputs[0])
    if isinstance(op, Multiplication):
        return _multiplication(op, *inputs)
    if isinstance(op, MaxPool):
        return _maximum(op, inputs[0])
    if isinstance(op, Activation):
        lowest = np.iinfo(op.x.dtype).min
        result: Array = op.table[inputs[0].astype(np.int64) - lowest]
        return result
    if isinstance(op, CompactConvolution):
        return _compact(op, inputs[0])
    if isinstance(op, LayoutMove):
        return _move(op, inputs)
    if isinstance(op, Softmax):
        return _softmax(op, inputs[0])
    assert isinstance(op, FloatMatrixProduct)
    return _float_product(op, inputs[0])


def _requantize(acc: Array, multiplier: Any, shift: Any) -> Array:
    one = np.int64(1)
    wide = acc.astype(np.int64) * np.asarray(multiplier, np.int64)
    amount = np.asarray(shift, np.int64)
    result: Array = (wide + (one << (amount - one))) >> amount
    return result


def _image(x: Array, image: Any) -> Array:
    """As [batch, height, width, channels]."""
    shape = (image.batch, image.height, image.width, image.channels)
    strides = [stride * x.itemsize for stride in image.strides]
    view: Array = np.lib.stride_tricks.as_strided(x, shape, strides)
    return view


def _convolution(op: Convolution, x: Array, weight_zero: int = 0) -> Array:
    image = _image(x, op.x).astype(np.int64) - op.x_zero
    acc = _sums(op, image, op.weight.astype(np.int64) - weight_zero) + op.bias
    y = _requantize(acc, op.multiplier, op.shift) + op.y_zero
    result: Array = np.empty(op.y.shape, op.y.dtype)
    _image(result, op.y)[...] = np.clip(y, op.low, op.high)
    return result


def _compact(op: CompactConvolution, x: Array) -> Array:
    sums = _sums(op, _image(x, op.x).astype(np.float64), op.weight.astype(np.float64))
    y = np.clip(sums * op.scale + op.bias, op.low, op.high)
    result: Array = np.empty(op.y.shape, op.y.dtype)
    _image(result, op.y)[...] = y
    return result


def _sums(op: Convolution | CompactConvolution, image: Array, weights: Array) -> Array:
    """Sums of products over the kernel, [batch, height, width, output channel]."""
    outputs, kh, kw, depth = weights.shape
    (sh, sw), (dh, dw) = op.stride, op.dilation
    per_group = outputs // op.groups
    acc = np.zeros((op.y.batch, op.y.height, op.y.width, outputs), weights.dtype)
    for oh in range(op.y.height):
        for ow in range(op.y.width):
            for r in range(kh):
                for c in range(kw):
                    row = oh * sh - op.pad_top + r * dh
                    column = ow * sw - op.pad_left + c * dw
                    if not (0 <= row < op.x.height and 0 <= column < op.x.width):
                        continue
                    taps = image[:, row, column].reshape(op.x.batch, op.groups, depth)
                    weight = weights[:, r, c].reshape(op.groups, per_group, depth)
                    acc[:, oh, ow] += np.einsum("ngd,god->ngo", taps, weight).reshape(
                        op.x.batch, outputs
                    )
    return acc


def _multiplication(op: Multiplication, a: Array, b: Array) -> Array:
    product = (a.astype(np.int64) - op.zeros[0]) * (b.astype(np.int64) - op.zeros[1])
    y = _requantize(product, op.multiplier, op.shift) + op.y_zero
    result: Array = np.clip(y, op.low, op.high).astype(op.y.dtype)
    return result


def _maximum(op: MaxPool, x: Array) -> Array:
    image = _image(x, op.x)
    result: Array = np.empty(op.y.shape, op.y.dtype)
    for oh in range(op.y.height):
        for ow in range(op.y.width):
            rows = oh * op.stride[0] - op.pad_top + np.arange(op.window[0]) * op.dilation[0]
            columns = ow * op.stride[1] - op.pad_left + np.arange(op.window[1]) * op.dilation[1]
            rows = rows[(rows >= 0) & (rows < op.x.height)]
            columns = columns[(columns >= 0) & (columns < op.x.width)]
            taps = image[:, rows][:, :, columns]
            _image(result, op.y)[:, oh, ow] = taps.max(axis=(1, 2))
    return result


def _addition(op: Addition, a: Array, b: Array) -> Array:
    acc = (a.astype(np.int64) - op.zeros[0]) * op.factors[0]
    acc += (b.astype(np.int64) - op.zeros[1]) * op.factors[1]
    y = ((acc + (1 << (op.shift - 1))) >> op.shift) + op.y_zero
    result: Array = np.clip(y, op.low, op.high).astype(op.y.dtype)
    return result


def _move(op: LayoutMove, inputs: list[Array]) -> Array:
    result: Array = np.full(op.y.shape, op.fill or 0, op.y.dtype)
    to = result.reshape(-1)
    for x, block in zip(inputs, op.blocks, strict=True):
        boxes = [
            np.lib.stride_tricks.as_strided(flat[offset:], block.extents, strides)
            for flat, offset, strides in (
                (x.reshape(-1), block.x_offset, block.x_strides),
                (to, block.y_offset, block.y_strides),
            )
        ]
        boxes[1][...] = boxes[0]
    return result


def _softmax(op: Softmax, x: Array) -> Array:
    wide = x.astype(np.int64)
    parts = op.table[wide.max(axis=-1, keepdims=True) - wide].astype(np.int64)
    sums = parts.sum(axis=-1, keepdims=True)
    y = (parts * op.steps + (sums << 7)) // (sums << 8) + op.y_zero
    result: Array = np.clip(y, op.low, op.high).astype(op.y.dtype)
    return result


def _average(op: AveragePool, x: Array) -> Array:
    image = _image(x, op.x).astype(np.int64) - op.x_zero
    (wh, ww), (sh, sw) = op.window, op.stride
    count = wh * ww
    acc = np.zeros((op.y.batch, op.y.height, op.y.width, op.y.channels), np.int64)
    for oh in range(op.y.height):
        for ow in range(op.y.width):
            window = image[:, oh * sh : oh * sh + wh, ow * sw : ow * sw + ww]
            acc[:, oh, ow] = window.sum(axis=(1, 2))
    if op.scale is None:
        q = np.sign(acc) * ((np.abs(acc) + count // 2) // count)
    else:
        q = _requantize(acc, *op.scale)
    result: Array = np.empty(op.y.shape, op.y.dtype)
    _image(result, op.y)[...] = np.clip(q + op.y_zero, op.low, op.high)
    return result


def _float_product(op: FloatMatrixProduct, x: Array) -> Array:
    y = x.astype(np.float64) @ op.weight.T.astype(np.float64)
    y += 0 if op.bias is None else op.bias
    result: Array = np.clip(y, op.low, op.high).astype(np.float32)
    return result
