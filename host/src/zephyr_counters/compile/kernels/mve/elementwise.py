# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Additions and average pools, 8 elements at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.words import (
    MAX_POOL_TAPS,
    addition_words,
    is_int8,
    is_nhwc,
    pool_geometry,
    words,
)
from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import Addition, AveragePool
from zephyr_counters.extensions.tensor_ir import c_call

_ADD = c_files(
    "mve", "zc_mve.h", "zc_mve_bytes.h", "zc_mve_bytes.c", "zc_mve_elementwise.h", "zc_mve_add.c"
)
_AVERAGE = c_files("mve", "zc_mve.h", "zc_mve_elementwise.h", "zc_mve_average.c")
_ADD_PER_OUTPUT = 4
_AVERAGE_PER_TAP, _AVERAGE_PER_OUTPUT = 0.68, 34


def addition(op: Addition) -> Iterator[Candidate]:
    """Return one kernel, if all that does not change fits into one addend."""
    head = addition_words(op)
    if head is None:
        return

    def lower() -> Lowering:
        return c_call("qadd", op, "zc_mve_add", constants=[head], files=_ADD, requires=["mve"])

    yield Candidate("lanes8", lower, op.y.size * _ADD_PER_OUTPUT)


def average(op: AveragePool) -> Iterator[Candidate]:
    """Return one kernel, for a multiple of 8 channels."""
    taps = math.prod(op.window)
    if not (is_int8(op) and is_nhwc(op.x) and is_nhwc(op.y)):
        return
    if taps > MAX_POOL_TAPS or op.x.channels % 8:
        return

    def lower() -> Lowering:
        return c_call(
            "qavg_pool2d",
            op,
            "zc_mve_average",
            constants=[words(pool_geometry(op))],
            files=_AVERAGE,
            requires=["mve"],
        )

    estimate = op.y.size * (taps * _AVERAGE_PER_TAP + _AVERAGE_PER_OUTPUT)
    yield Candidate("lanes8", lower, estimate)
