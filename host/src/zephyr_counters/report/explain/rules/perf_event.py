# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for Linux's perf_event_open, where the posix board has it."""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import CYCLES, Share
from zephyr_counters.report.explain.rules.family import Family

_PERF = Family(
    prefix="perf",
    compatible="zephyr-counters,perf-event",
    source="Linux manual page perf_event_open(2), PERF_TYPE_HARDWARE",
    sure=Sure.MEDIUM,  # The manual leaves to the processor what exactly these count.
)

RULES = (
    _PERF.front_end(
        "stalled-cycles-frontend",
        0.3,
        "Add --counters branches,branch-misses; unroll less if code does not fit the cache.",
    ),
    _PERF.back_end(
        "stalled-cycles-backend",
        0.3,
        "Add --counters cache-references,cache-misses to see whether it is memory.",
    ),
    _PERF.cache("last level cache", "cache-misses", "cache-misses", "cache-references", 0.2),
    _PERF.branches("branch-misses", "branches"),
    Share(
        name="perf-executing",
        compatible=_PERF.compatible,
        word=Word.COMPUTE,
        over=("instructions",),
        under=(CYCLES,),
        at_least=1.0,
        text="More than one instruction retired per cycle.",
        step="Use vector instructions if the kernel does not; else a smaller layer.",
        source=_PERF.source,
        sure=Sure.LOW,
        gain=Gain.UNKNOWN,
    ),
)
