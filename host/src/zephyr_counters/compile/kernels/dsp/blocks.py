# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Weights as zc_dsp_product.h wants them: four output channels at a time."""

from __future__ import annotations

import numpy as np

from zephyr_counters.compile.kernels.dsp.scale import Scale, scale
from zephyr_counters.compile.kernels.words import Int64Array, flat_weights, round_up, words
from zephyr_counters.extensions.operator import Convolution
from zephyr_counters.extensions.tensors import Int32Array

_HALF = 2**15


def bounds(weight: Int64Array, bias: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Return the lowest and highest sum of each output channel, for x in [-128, 127].

    Args:
        weight: [outputs, inputs].
        bias: [outputs].
    """
    high = bias + np.maximum(weight * 127, weight * -128).sum(axis=1)
    low = bias + np.minimum(weight * 127, weight * -128).sum(axis=1)
    return low, high


def fours(length: int) -> list[int]:
    """Return inputs in the order in which SXTB16 takes them out of words of four."""
    return [first + i for first in range(0, length - 3, 4) for i in (0, 2, 1, 3)]


def blocks(op: Convolution, order: list[int]) -> Int32Array | None:
    """Return the stream of blocks; None if its arithmetic would not be exact.

    Args:
        op: the operator.
        order: in which the kernel has the taps.
    """
    w, b = _ordered(op, order, 0)
    scales = _scales(op, w, b, 8)
    if scales is None:
        return None
    found: list[Int32Array] = []
    for first in range(0, len(b), 4):
        even, odd = w[first : first + 4 : 2], w[first + 1 : first + 4 : 2]
        halves = odd * 256 + even
        if halves.min() < -_HALF or halves.max() >= _HALF:
            return None
        start = [
            value
            for o in (first, first + 2)
            for value in (int(b[o]), int(b[o + 1]) * 256 + int(b[o]))
        ]
        found += [words(start), _pairs(halves), _scale_words(scales[first : first + 4])]
    return np.concatenate(found)


def wide_blocks(op: Convolution, order: list[int], weight_zero: int = 0) -> Int32Array | None:
    """Return the stream of blocks with weights of int16; None if 32 bits cannot requantize.

    Args:
        op: the operator.
        order: in which the kernel has the taps.
        weight_zero: the weights' zero point.
    """
    w, b = _ordered(op, order, weight_zero)
    scales = _scales(op, w, b, 0)
    if scales is None:
        return None
    found: list[Int32Array] = []
    for first in range(0, len(b), 4):
        four = slice(first, first + 4)
        found += [words(b[four]), _pairs(w[four]), _scale_words(scales[four])]
    return np.concatenate(found)


def _ordered(op: Convolution, order: list[int], weight_zero: int) -> tuple[Int64Array, Int64Array]:
    """Return weights and biases, of a multiple of 4 outputs and of 8 inputs."""
    weight, bias = flat_weights(op, weight_zero)
    outputs, depth = weight.shape
    padded, taps = round_up(outputs, 4), round_up(depth, 8)
    w = np.zeros((padded, taps), np.int64)
    w[:outputs, :depth] = weight[:, order]
    b = np.zeros(padded, np.int64)
    b[:outputs] = bias
    return w, b


def _pairs(halves: Int64Array) -> Int32Array:
    """Return words of two inputs each, [inputs / 2][outputs]."""
    pairs = (halves[:, 0::2] & 0xFFFF) | (halves[:, 1::2] & 0xFFFF) << 16
    return words(pairs.T.reshape(-1).tolist())


def _scale_words(scales: list[Scale]) -> Int32Array:
    return words(value for item in scales for value in (item.m, item.c, item.k))


def _scales(
    op: Convolution, weight: Int64Array, bias: Int64Array, extra: int
) -> list[Scale] | None:
    """Return constants of each channel; weights of one whose output never changes become 0.

    Sums of odd channels are 2^`extra` times as large.
    """
    low, high = bounds(weight, bias)
    found = [Scale(0, 0, 0)] * len(bias)
    for o in range(op.y.channels):
        item = scale(
            (int(low[o]), int(high[o])),
            int(op.multiplier[o]),
            int(op.shift[o]),
            op.y_zero,
            extra * (o % 2),
        )
        if item is None:
            return None
        if item.m == 0:
            weight[o] = 0
            bias[o] = 0
        found[o] = item
    return found
