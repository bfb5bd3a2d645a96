# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Additions and average pools, 8 elements at a time."""

from __future__ import annotations

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.elementwise import Elementwise

_HEADERS = ("zc_mve.h", "zc_mve_elementwise.h")

ELEMENTWISE = Elementwise(
    library="mve",
    candidate="lanes8",
    add=c_files(
        "mve",
        "zc_mve.h",
        "zc_mve_bytes.h",
        "zc_mve_bytes.c",
        "zc_mve_elementwise.h",
        "zc_mve_add.c",
    ),
    average=c_files("mve", *_HEADERS, "zc_mve_average.c"),
    channels=8,
    per_sum=4,
    per_tap=0.68,
    per_average=34,
)
