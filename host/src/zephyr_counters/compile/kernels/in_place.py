# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How far before its input a depthwise convolution's output must begin to share its memory.

Output pixels are written from front to back, so what lies before the first input that is still
to be read is free. An output that begins some rows before the input never reaches that one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zephyr_counters.compile.kernels.words import is_nhwc, round_up
from zephyr_counters.extensions.operator import Convolution

_ALIGNMENT = 16


@dataclass(frozen=True)
class Overlap:
    """Inputs in whose memory the output may be, and how many bytes before them it then begins."""

    in_place: tuple[int, ...] = ()
    lead: int = 0


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
        return Overlap()
    row, column = (
        np.maximum(0, np.arange(outputs) * stride - pad)
        for outputs, stride, pad in (
            (op.y.height, op.stride[0], op.pad_top),
            (op.y.width, op.stride[1], op.pad_left),
        )
    )
    reads_from = np.add.outer(row * op.x.width, column).reshape(-1)
    still_read = np.minimum.accumulate(reads_from[::-1])[::-1]
    written = np.arange(at_once, pixels, at_once)
    ahead = int(np.max(written - still_read[at_once::at_once], initial=0))
    unit = math.lcm(op.x.channels, _ALIGNMENT)
    return Overlap((0,), round_up(ahead * op.x.channels, unit))
