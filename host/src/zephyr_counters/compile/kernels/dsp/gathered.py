# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions of any grouping and layout by SMLAD, their taps found by a table of offsets."""

from __future__ import annotations

import math
from collections.abc import Iterator

from zephyr_counters.compile.kernels import gather
from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.dsp.blocks import blocks
from zephyr_counters.compile.kernels.words import (
    as_int8,
    edge_pixels,
    kernel_name,
    packed,
    round_up,
)
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import Convolution

_PRODUCT = ("zc_dsp.h", "zc_dsp_product.h", "zc_dsp_product_asm.h", "zc_dsp_product.c")
_OWN = ("zc_dsp_clamp.h", "zc_dsp_clamp.c", "zc_dsp_gather.h", "zc_dsp_gather.c")
_FILES = (*gather.FILES, *c_files("dsp", *_PRODUCT, *_OWN))
_PER_PRODUCT, _PER_OUTPUT, _PER_SCATTERED_OUTPUT = 0.8, 8.5, 3
_PER_GATHERED_TAP, _PER_GATHERED_PIXEL = 3, 150
_PER_TAP_AT_EDGE, _PER_COLUMN_AT_EDGE = 8, 14


def candidates(op: Convolution) -> Iterator[Candidate]:
    """Return one kernel, if offsets and arithmetic fit."""
    if not gather.fits(op):
        return
    wanted = as_int8(op)
    parts = []
    for group in gather.groups_of(wanted):
        count = math.prod(group.weight.shape[1:])
        if (data := blocks(group, list(range(count)))) is None:
            return
        parts.append(data)
    taps, outputs = round_up(count, 8), group.y.channels
    pixels = op.y.batch * op.y.height * op.y.width
    per_pixel = (_PER_PRODUCT * taps + _PER_OUTPUT + _PER_SCATTERED_OUTPUT) * round_up(outputs, 4)
    per_pixel += _PER_GATHERED_TAP * count + _PER_GATHERED_PIXEL
    estimate = op.groups * round_up(pixels, 2) * per_pixel
    # A pair of which one is at an edge is loaded as both were.
    at_edge = _PER_TAP_AT_EDGE * count + _PER_COLUMN_AT_EDGE * math.prod(op.kernel)
    estimate += op.groups * 1.5 * edge_pixels(op) * at_edge
    data = packed(gather.head(op, wanted, taps, 4 * parts[0].size), *parts)
    scratch = 4 * taps + 2 * round_up(outputs, 4)
    kernel = CKernel(
        "dsp", kernel_name(op), "zc_dsp_gather", _FILES, lambda: (data,), 4 * data.size, scratch
    )
    yield kernel.candidate(op, "gather", estimate)
