# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Additions and average pools, four channels at a time."""

from __future__ import annotations

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.elementwise import Elementwise

_HEADERS = ("zc_dsp.h", "zc_dsp_elementwise.h")

ELEMENTWISE = Elementwise(
    library="dsp",
    candidate="words",
    add=c_files(
        "dsp",
        "zc_dsp.h",
        "zc_dsp_clamp.h",
        "zc_dsp_clamp.c",
        "zc_dsp_elementwise.h",
        "zc_dsp_add.c",
    ),
    average=c_files("dsp", *_HEADERS, "zc_dsp_average.c"),
    channels=4,
    per_sum=9.5,
    per_tap=2.35,
    per_average=34,
)
