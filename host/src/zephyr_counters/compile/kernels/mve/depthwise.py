# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Depthwise convolutions, 8 or 16 channels at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.mve.convolution import MIN_SHIFT
from zephyr_counters.compile.kernels.words import (
    flat_weights,
    geometry,
    is_int8,
    is_nhwc,
    packed,
    words,
)
from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import Convolution
from zephyr_counters.extensions.tensor_ir import c_call
from zephyr_counters.extensions.tensors import Int32Array

_FILES = (
    *("zc_mve.h", "zc_mve_bytes.h", "zc_mve_bytes.c"),
    *("zc_mve_depthwise.h", "zc_mve_depthwise.c", "zc_mve_taps16.c", "zc_mve_taps8.c"),
)
_LANES = (0, 4, 8, 12, 2, 6, 10, 14, 1, 5, 9, 13, 3, 7, 11, 15)
"""Channels of a block of 16 in the order of its sums."""
_PER_PIXEL, _PER_PIXEL_AND_TAP = 80, 5
_PER_BLOCK_16 = 126
_PER_BLOCK_8, _PER_BLOCK_8_AND_TAP = 24, 10


def candidates(op: Convolution) -> Iterator[Candidate]:
    """zc_mve_depthwise16 where int16 holds two products, and zc_mve_depthwise8."""
    channels, taps = op.y.channels, math.prod(op.kernel)
    if channels != op.x.channels or channels % 8:
        return
    if not (is_int8(op) and is_nhwc(op.x) and is_nhwc(op.y)) or int(op.shift.min()) < MIN_SHIFT:
        return
    pixels = op.y.size // channels
    pointers = _PER_PIXEL + _PER_PIXEL_AND_TAP * taps
    if channels % 16 == 0 and op.kernel == (3, 3) and int(op.weight.min()) > -128:
        estimate = pixels * (pointers + _PER_BLOCK_16 * channels // 16)
        yield Candidate("lanes16", lambda: _lower(op, 16), estimate)
    per_block = _PER_BLOCK_8 + _PER_BLOCK_8_AND_TAP * taps
    estimate = pixels * (pointers + per_block * channels // 8)
    yield Candidate("lanes8", lambda: _lower(op, 8), estimate)


def _lower(op: Convolution, lanes: int) -> Lowering:
    head = words((*geometry(op), op.x_zero, op.y_zero, op.low, op.high, 0, 0, 0))
    data = _blocks16(op) if lanes == 16 else _blocks8(op)
    # Room for pointers of 8 bytes, so that tests can run it on a 64-bit machine.
    scratch = 8 * math.prod(op.kernel) + op.y.channels
    return c_call(
        "qdepthwise",
        op,
        f"zc_mve_depthwise{lanes}",
        constants=[packed(head, data)],
        files=c_files("mve", *_FILES),
        scratch=scratch,
        requires=["mve"],
    )


def _blocks16(op: Convolution) -> Int32Array:
    weight, bias = flat_weights(op)
    parts: list[npt.NDArray[np.int32]] = []
    for first in range(0, op.y.channels, 16):
        lanes = [first + lane for lane in _LANES]
        taps = weight[first : first + 16].T.astype(np.int8)
        parts.append(packed(bias[lanes].astype(np.int32), taps))
        for index in range(0, 16, 4):
            four = lanes[index : index + 4]
            parts.append(packed(op.multiplier[four], (32 - op.shift)[four].astype(np.int32)))
    return np.concatenate(parts)


def _blocks8(op: Convolution) -> Int32Array:
    weight, bias = flat_weights(op)
    parts: list[npt.NDArray[np.int32]] = []
    for first in range(0, op.y.channels, 8):
        lanes = [*range(first, first + 8, 2), *range(first + 1, first + 8, 2)]
        taps = weight[first : first + 8].T.astype(np.int8)
        parts.append(packed(bias[lanes].astype(np.int32), taps))
        parts.append(packed(op.multiplier[lanes], (32 - op.shift)[lanes].astype(np.int32)))
    return np.concatenate(parts)
