# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Depthwise convolutions, with a multiplier or not, 8 or 16 channels at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.kernels.c_files import GEOMETRY, c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.in_place import overlap
from zephyr_counters.compile.kernels.mve.convolution import MIN_SHIFT
from zephyr_counters.compile.kernels.words import (
    as_int8,
    flat_weights,
    flips,
    geometry,
    is_int8,
    is_nhwc,
    packed,
    round_up,
    words,
)
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import Convolution
from zephyr_counters.extensions.tensors import Int32Array

_COMMON = ("zc_mve.h", "zc_mve_bytes.h", "zc_mve_bytes.c", "zc_mve_depthwise.h")
_FILES = {
    "16": c_files("mve", *_COMMON, "zc_mve_depthwise.c", "zc_mve_depthwise16.c", "zc_mve_taps16.c"),
    "8": c_files("mve", *_COMMON, "zc_mve_depthwise.c", "zc_mve_taps8.c"),
    "_any": c_files("mve", *_COMMON, "zc_mve_depthwise.c", "zc_mve_depthwise_any.c"),
}
_LANES = (0, 4, 8, 12, 2, 6, 10, 14, 1, 5, 9, 13, 3, 7, 11, 15)
"""Channels of a block of 16 in the order of its sums."""
_PER_PIXEL, _PER_PIXEL_AND_TAP = 90, 5
_PER_BLOCK_16 = 126
_PER_BLOCK_8, _PER_BLOCK_8_AND_TAP, _PER_ANY_AND_TAP = 24, 10, 12


def candidates(op: Convolution) -> Iterator[Candidate]:
    """Return lanes16 where int16 holds two products, lanes8, and lanes for all others."""
    channels, taps = op.y.channels, math.prod(op.kernel)
    if int(op.weight.shape[3]) != 1 or op.groups != op.x.channels:
        return
    if not (is_nhwc(op.x) and is_nhwc(op.y)) or int(op.shift.min()) < MIN_SHIFT:
        return
    pixels = op.y.size // channels
    pointers = _PER_PIXEL + _PER_PIXEL_AND_TAP * taps
    if channels == op.x.channels and is_int8(op):
        if channels % 16 == 0 and op.kernel == (3, 3) and int(op.weight.min()) > -128:
            estimate = pixels * (pointers + _PER_BLOCK_16 * channels // 16)
            yield _kernel(op, "16", lambda: _blocks16(op)).candidate(op, "lanes16", estimate)
        if channels % 8 == 0:
            per_block = _PER_BLOCK_8 + _PER_BLOCK_8_AND_TAP * taps
            estimate = pixels * (pointers + per_block * channels // 8)
            yield _kernel(op, "8", lambda: _blocks8(op)).candidate(op, "lanes8", estimate)
    per_block = _PER_BLOCK_8 + _PER_ANY_AND_TAP * taps
    estimate = pixels * (pointers + per_block * round_up(channels, 8) // 8)
    kernel = _kernel(op, "_any", lambda: packed(_inputs(op), _blocks8(as_int8(op))))
    yield kernel.candidate(op, "lanes", estimate)


def _kernel(op: Convolution, kind: str, blocks: Callable[[], Int32Array]) -> CKernel:
    wanted, taps = as_int8(op), math.prod(op.kernel)
    fixed = (wanted.y_zero, wanted.low, wanted.high, *flips(op), 0)
    # Padding is as x's own bytes.
    head = words((*geometry(op), op.x_zero, *fixed))
    channels = round_up(op.y.channels, 8)
    nbytes = 4 * head.size + channels * (taps + 12) + (2 * channels if kind == "_any" else 0)
    # Room for pointers of 8 bytes, so that tests can run it on a 64-bit machine.
    scratch = 8 * taps + op.x.channels
    over = overlap(op)
    return CKernel(
        "mve",
        "qdepthwise",
        f"zc_mve_depthwise{kind}",
        (GEOMETRY, *_FILES[kind]),
        lambda: (packed(head, blocks()),),
        nbytes,
        scratch,
        in_place=over.in_place,
        lead=over.lead,
    )


def _inputs(op: Convolution) -> npt.NDArray[np.uint16]:
    """Return the input channel of each output channel, a multiple of 8."""
    found = np.zeros(round_up(op.y.channels, 8), np.uint16)
    found[: op.y.channels] = np.arange(op.y.channels) // (op.y.channels // op.x.channels)
    return found


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
    channels = round_up(op.y.channels, 8)
    w, b = np.zeros((channels, weight.shape[1]), np.int8), np.zeros(channels, np.int32)
    multiplier, shift = np.zeros(channels, np.int32), np.full(channels, -1, np.int32)
    w[: op.y.channels], b[: op.y.channels] = weight, bias
    multiplier[: op.y.channels], shift[: op.y.channels] = op.multiplier, 32 - op.shift
    parts: list[npt.NDArray[np.int32]] = []
    for first in range(0, channels, 8):
        lanes = [*range(first, first + 8, 2), *range(first + 1, first + 8, 2)]
        parts.append(packed(b[lanes], w[first : first + 8].T, multiplier[lanes], shift[lanes]))
    return np.concatenate(parts)
