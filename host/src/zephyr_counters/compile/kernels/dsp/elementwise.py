# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Additions and multiplications; pools and tables, four elements at a time."""

from __future__ import annotations

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.elementwise import Cost, Elementwise

_HEADERS = ("zc_dsp.h", "zc_dsp_elementwise.h")
_CLAMP = ("zc_dsp_clamp.h", "zc_dsp_clamp.c")

ELEMENTWISE = Elementwise(
    library="dsp",
    candidate="words",
    add=Cost(
        c_files("dsp", *_HEADERS, *_CLAMP, "zc_dsp_add.c"),
        per_output=10,
    ),
    average=Cost(
        c_files("dsp", *_HEADERS, "zc_dsp_average.c"), per_output=34, per_tap=2.35, channels=4
    ),
    maximum=Cost(
        c_files("dsp", *_HEADERS, "zc_dsp_max_pool.c"), per_output=8, per_tap=2, channels=4
    ),
    multiply=Cost(
        c_files("dsp", *_HEADERS, *_CLAMP, "zc_dsp_multiply.c"),
        per_output=12,
    ),
    lookup=Cost(c_files("dsp", *_HEADERS, "zc_dsp_lookup.c"), per_output=4),
)
