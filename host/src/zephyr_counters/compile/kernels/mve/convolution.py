# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions of one group, and matrix products, by VMLADAVA."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.words import (
    edge_pixels,
    flat_weights,
    geometry,
    is_int8,
    is_matrix,
    is_nhwc,
    kernel_name,
    packed,
    round_up,
    words,
)
from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import Convolution
from zephyr_counters.extensions.tensor_ir import c_call
from zephyr_counters.extensions.tensors import Int32Array

MIN_SHIFT = 33
"""The high word of a product is shifted by what exceeds 32, to the right and rounding."""
_FILES = c_files(
    "mve",
    "zc_mve.h",
    "zc_mve_bytes.h",
    "zc_mve_bytes.c",
    "zc_mve_product.h",
    "zc_mve_product.c",
    "zc_mve_conv.h",
    "zc_mve_conv.c",
)
_PER_PRODUCT = 0.125
_PER_OUTPUT = 4
_PER_TAP, _PER_KERNEL_ROW, _PER_PIXEL = 0.4, 14, 70
_PER_EDGE_ROW = 85
_PER_CALL = 150


def candidates(op: Convolution) -> Iterator[Candidate]:
    """Return those of zc_mve_dense, zc_mve_pointwise and zc_mve_conv that can do it exactly."""
    if op.groups != 1 or not (is_int8(op) and is_nhwc(op.x) and is_nhwc(op.y)):
        return
    if int(op.shift.min()) < MIN_SHIFT:
        return
    inputs, outputs = math.prod(op.weight.shape[1:]), op.y.channels
    rows = op.y.batch * op.y.height * op.y.width
    per_row = (_PER_PRODUCT * round_up(inputs, 16) + _PER_OUTPUT) * outputs
    taps = round_up(inputs, 16)
    if is_matrix(op) and rows == 1:
        room = taps + round_up(outputs, 4)
        estimate = per_row + _PER_TAP * taps + _PER_CALL
        yield Candidate("dense", lambda: _lower(op, "dense", room), estimate)
    if is_matrix(op) and inputs >= 8 and outputs % 4 == 0:
        estimate = rows * (per_row + 10) + _PER_CALL
        yield Candidate("pointwise", lambda: _lower(op, "pointwise", taps), estimate)
    scratch = 2 * taps + (2 * round_up(outputs, 4) if outputs % 4 else 0)
    per_row += _PER_TAP * taps + _PER_KERNEL_ROW * op.kernel[0] + _PER_PIXEL
    estimate = round_up(rows, 2) * per_row + edge_pixels(op) * _PER_EDGE_ROW * op.kernel[0]
    yield Candidate("conv", lambda: _lower(op, "conv", scratch), estimate)


def blocks(op: Convolution) -> Int32Array:
    """Weights, and what belongs to output channels, as zc_mve_product.h wants them."""
    weight, bias = flat_weights(op)
    outputs, depth = weight.shape
    padded, taps = round_up(outputs, 4), round_up(depth, 16)
    w = np.zeros((padded, taps), np.int8)
    w[:outputs, :depth] = weight
    b, multiplier = np.zeros(padded, np.int32), np.zeros(padded, np.int32)
    shift = np.full(padded, -1, np.int32)
    b[:outputs] = bias
    multiplier[:outputs] = op.multiplier
    shift[:outputs] = 32 - op.shift
    parts = []
    for first in range(0, padded, 4):
        four = slice(first, first + 4)
        rows = w[four].reshape(4, taps // 16, 16).transpose(1, 0, 2)
        parts.append(packed(b[four], rows, multiplier[four], shift[four]))
    return np.concatenate(parts)


def _lower(op: Convolution, kind: str, scratch: int) -> Lowering:
    data = blocks(op)
    taps = round_up(math.prod(op.weight.shape[1:]), 16)
    sizes = geometry(op)
    if op.kernel[1] > 1 and op.dilation[1] > 1:
        # A row's taps are not contiguous: all pixels' are copied tap by tap.
        sizes[-2:] = 0, 0
    head = words((*sizes, op.x_zero, taps, 4 * data.size, op.y_zero, op.low, op.high, 0))
    return c_call(
        kernel_name(op),
        op,
        f"zc_mve_{kind}",
        constants=[packed(head, data)],
        files=_FILES,
        scratch=scratch,
        requires=["mve"],
    )
