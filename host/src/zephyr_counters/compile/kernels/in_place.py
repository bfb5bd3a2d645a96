# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How far before its input a convolution's output must begin to share its memory.

Output pixels are written from front to back, so what lies before the first input that is still
to be read is free. An output that begins some rows before the input never reaches that one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.kernels.words import is_matrix, is_nhwc, round_up
from zephyr_counters.extensions.operator import Convolution

_ALIGNMENT = 16


@dataclass(frozen=True)
class Overlap:
    """Inputs in whose memory the output may be, and how many bytes before them it then begins."""

    in_place: tuple[int, ...] = ()
    lead: int = 0


APART = Overlap()


def overlap(op: Convolution, at_once: int = 1) -> Overlap:
    """Return where the output of a depthwise convolution may be.

    Args:
        op: computed pixel by pixel, or all pixels of some channels before the next channels. The
            lead is whole pixels: a channel overwrites no other channel.
        at_once: output pixels that are computed before any of them is written; a whole image, or
            images are divided in parts of so many.
    """
    pixels = op.y.height * op.y.width
    is_smaller = pixels <= op.x.height * op.x.width
    if not (op.is_depthwise and is_nhwc(op.x) and is_nhwc(op.y) and is_smaller):
        return APART
    reads_from = _first_pixels(op)
    still_read = np.minimum.accumulate(reads_from[::-1])[::-1]
    written = np.arange(at_once, pixels, at_once)
    ahead = int(np.max(written - still_read[at_once::at_once], initial=0))
    unit = math.lcm(op.x.channels, _ALIGNMENT)
    return Overlap((0,), round_up(ahead * op.x.channels, unit))


def overlap_of_pixels(op: Convolution, at_once: int, is_buffered: bool = True) -> Overlap:
    """Return where the output may be of a kernel that computes all channels of a pixel at a time.

    Args:
        op: NHWC. An output that is larger begins so far before the input that both end together.
        at_once: output pixels that are computed together.
        is_buffered: whether all that these read is read before the first of them is written.
    """
    matrix = is_matrix(op)
    if not matrix and op.y.batch > 1:
        return APART
    reads_from = np.arange(op.y.batch * op.y.height * op.y.width) if matrix else _first_pixels(op)
    still_read = np.minimum.accumulate(reads_from[::-1])[::-1]
    first = np.arange(0, still_read.size, at_once)
    end = np.minimum(first + at_once, still_read.size)
    if is_buffered:
        first, end = first[1:], end[:-1]
    ahead = end * op.y.channels - still_read[first] * op.x.channels
    lead = max(int(np.max(ahead, initial=0)), op.y.size - op.x.size)
    return Overlap((0,), round_up(lead, _ALIGNMENT))


def _first_pixels(op: Convolution) -> npt.NDArray[np.int64]:
    """Return, by pixel of an output image, the first of x that it reads."""
    row, column = (
        np.maximum(0, np.arange(outputs, dtype=np.int64) * stride - pad)
        for outputs, stride, pad in (
            (op.y.height, op.stride[0], op.pad_top),
            (op.y.width, op.stride[1], op.pad_left),
        )
    )
    found: npt.NDArray[np.int64] = np.add.outer(row * op.x.width, column).reshape(-1)
    return found
