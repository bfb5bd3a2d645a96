# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for Linux's perf_event_open, where the posix board has it."""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import Share

SOURCE = "Linux manual page perf_event_open(2), PERF_TYPE_HARDWARE"
_PERF = "zephyr-counters,perf-event"

RULES = (
    Share(
        name="perf-back-end",
        compatible=_PERF,
        word=Word.STALLS,
        over=("stalled-cycles-backend",),
        under=("cycles",),
        at_least=0.3,
        text="The back end was stalled in {share} of the cycles.",
        step="Add --counters cache-references,cache-misses to see whether it is memory.",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="perf-front-end",
        compatible=_PERF,
        word=Word.STALLS,
        over=("stalled-cycles-frontend",),
        under=("cycles",),
        at_least=0.3,
        text="The front end was stalled in {share} of the cycles.",
        step="Add --counters branches,branch-misses; unroll less if code does not fit the cache.",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="perf-cache-misses",
        compatible=_PERF,
        word=Word.MEMORY,
        over=("cache-misses",),
        under=("cache-references",),
        at_least=0.2,
        text="{share} of the accesses to the last level cache missed.",
        step="Tile the layer so that what it reuses fits the cache.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.UNKNOWN,
    ),
    Share(
        name="perf-branch-misses",
        compatible=_PERF,
        word=Word.STALLS,
        over=("branch-misses",),
        under=("branches",),
        at_least=0.05,
        text="{share} of the branches were mispredicted.",
        step="Unroll short inner loops; replace branches on data by selects.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.UNKNOWN,
    ),
    Share(
        name="perf-executing",
        compatible=_PERF,
        word=Word.COMPUTE,
        over=("instructions",),
        under=("cycles",),
        at_least=1.0,
        text="More than one instruction retired per cycle.",
        step="Use vector instructions if the kernel does not; else a smaller layer.",
        source=SOURCE,
        sure=Sure.LOW,
        gain=Gain.UNKNOWN,
    ),
)
