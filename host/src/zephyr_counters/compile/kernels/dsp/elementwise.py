# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Additions and average pools."""

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
    "dsp", "zc_dsp.h", "zc_dsp_clamp.h", "zc_dsp_clamp.c", "zc_dsp_elementwise.h", "zc_dsp_add.c"
)
_AVERAGE = c_files("dsp", "zc_dsp.h", "zc_dsp_elementwise.h", "zc_dsp_average.c")
_ADD_PER_OUTPUT = 9.5
_AVERAGE_PER_TAP, _AVERAGE_PER_OUTPUT = 2.35, 34


def addition(op: Addition) -> Iterator[Candidate]:
    """Return one kernel, if all that does not change fits into one addend."""
    head = addition_words(op)
    if head is None:
        return

    def lower() -> Lowering:
        return c_call("qadd", op, "zc_dsp_add", constants=[head], files=_ADD, requires=["dsp"])

    yield Candidate("words", lower, op.y.size * _ADD_PER_OUTPUT)


def average(op: AveragePool) -> Iterator[Candidate]:
    """Return one kernel, four channels at a time."""
    taps = math.prod(op.window)
    if not (is_int8(op) and is_nhwc(op.x) and is_nhwc(op.y)):
        return
    if taps > MAX_POOL_TAPS or op.x.channels % 4:
        return

    def lower() -> Lowering:
        return c_call(
            "qavg_pool2d",
            op,
            "zc_dsp_average",
            constants=[words(pool_geometry(op))],
            files=_AVERAGE,
            requires=["dsp"],
        )

    estimate = op.y.size * (taps * _AVERAGE_PER_TAP + _AVERAGE_PER_OUTPUT)
    yield Candidate("words", lower, estimate)
