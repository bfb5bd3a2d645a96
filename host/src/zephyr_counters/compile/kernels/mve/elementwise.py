# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Additions, multiplications and averages, 8 elements at a time; maxima and tables, 16."""

from __future__ import annotations

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.elementwise import Cost, Elementwise

_HEADERS = ("zc_mve.h", "zc_mve_elementwise.h")
_BYTES = (*_HEADERS, "zc_mve_bytes.h", "zc_mve_bytes.c")

ELEMENTWISE = Elementwise(
    library="mve",
    candidate="lanes",
    add=Cost(c_files("mve", *_BYTES, "zc_mve_add.c"), per_output=4),
    average=Cost(
        c_files("mve", *_HEADERS, "zc_mve_average.c"), per_output=34, per_tap=0.68, channels=8
    ),
    maximum=Cost(c_files("mve", *_HEADERS, "zc_mve_max_pool.c"), per_output=4, per_tap=0.5),
    multiply=Cost(c_files("mve", *_BYTES, "zc_mve_multiply.c"), per_output=4),
    lookup=Cost(c_files("mve", *_HEADERS, "zc_mve_lookup.c"), per_output=0.5),
)
