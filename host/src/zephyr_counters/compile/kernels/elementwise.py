# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Additions and average pools by one C function each, for the libraries of several cores."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from zephyr_counters.compile.kernels.words import (
    MAX_POOL_TAPS,
    addition_words,
    is_int8,
    is_nhwc,
    pool_geometry,
    words,
)
from zephyr_counters.extensions.kernel import Candidate, CFile, Lowering
from zephyr_counters.extensions.operator import Addition, AveragePool
from zephyr_counters.extensions.tensor_ir import c_call


@dataclass(frozen=True)
class Elementwise:
    """The functions of a library, and what they cost.

    Attributes:
        library: name of the library, of the core's feature, and in the functions' names.
        candidate: name of the candidates.
        add: C files of the addition.
        average: C files of the average pool.
        channels: how many at a time; an average pool needs a multiple.
        per_sum: instructions per output of an addition.
        per_tap: instructions per tap of an average.
        per_average: instructions per output of an average, besides.
    """

    library: str
    candidate: str
    add: tuple[CFile, ...]
    average: tuple[CFile, ...]
    channels: int
    per_sum: float
    per_tap: float
    per_average: float

    def additions(self, op: Addition) -> Iterator[Candidate]:
        """Return one kernel, if all that does not change fits into one addend."""
        head = addition_words(op)
        if head is None:
            return

        def lower() -> Lowering:
            return c_call(
                "qadd",
                op,
                f"zc_{self.library}_add",
                constants=[head],
                files=self.add,
                requires=[self.library],
                in_place=(0, 1),
            )

        yield Candidate(self.candidate, lower, op.y.size * self.per_sum)

    def averages(self, op: AveragePool) -> Iterator[Candidate]:
        """Return one kernel, for a multiple of `channels` channels."""
        taps = math.prod(op.window)
        if not (is_int8(op) and is_nhwc(op.x) and is_nhwc(op.y)):
            return
        if taps > MAX_POOL_TAPS or op.x.channels % self.channels:
            return

        def lower() -> Lowering:
            return c_call(
                "qavg_pool2d",
                op,
                f"zc_{self.library}_average",
                constants=[words(pool_geometry(op))],
                files=self.average,
                requires=[self.library],
            )

        estimate = op.y.size * (taps * self.per_tap + self.per_average)
        yield Candidate(self.candidate, lower, estimate)
