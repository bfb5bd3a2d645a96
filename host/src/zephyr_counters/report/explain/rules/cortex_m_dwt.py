# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for the Data Watchpoint and Trace unit of Cortex-M.

Instructions = CYCCNT - CPICNT - EXCCNT - SLEEPCNT - LSUCNT + FOLDCNT, so each counter is a part of
the cycles. The counters have 8 bits: in long layers they wrap, and the report then excludes them.
"""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import CYCLES, Share

SOURCE = "Armv7-M Architecture Reference Manual, DDI 0403, C1.8"
_DWT = "arm,cortex-m-dwt"

RULES = (
    Share(
        name="dwt-loads-and-stores",
        compatible=_DWT,
        word=Word.MEMORY,
        over=("lsu",),
        under=(CYCLES,),
        at_least=0.25,
        text="Loads and stores waited {share} of the cycles beyond their first (LSUCNT).",
        step="Keep weights or activations in faster RAM (TCM), or use a kernel that loads words.",
        source=SOURCE,
    ),
    Share(
        name="dwt-stalls",
        compatible=_DWT,
        word=Word.STALLS,
        over=("cpi",),
        under=(CYCLES,),
        at_least=0.25,
        text="{share} of the cycles went to multi-cycle instructions and fetch stalls (CPICNT).",
        step="Run the kernel from RAM or enable the flash cache; avoid divisions in inner loops.",
        source=SOURCE,
        sure=Sure.MEDIUM,
    ),
    Share(
        name="dwt-exceptions",
        compatible=_DWT,
        word=Word.OVERHEAD,
        over=("exc",),
        under=(CYCLES,),
        at_least=0.05,
        text="Entering and leaving exceptions took {share} of the cycles (EXCCNT).",
        step="Measure with --lock-interrupts; lower the rate of the interrupts that remain.",
        source=SOURCE,
    ),
    Share(
        name="dwt-sleep",
        compatible=_DWT,
        word=Word.WAITING,
        over=("sleep",),
        under=(CYCLES,),
        at_least=0.25,
        text="The core slept {share} of the cycles (SLEEPCNT), waiting for another unit.",
        step="Look at the unit it waits for, or let the core do other work meanwhile.",
        source=SOURCE,
    ),
    Share(
        name="dwt-executing",
        compatible=_DWT,
        word=Word.COMPUTE,
        over=("cpi", "lsu", "exc", "sleep"),
        under=(CYCLES,),
        at_least=0.6,
        rest=True,
        text="Each of {share} of the cycles executed an instruction.",
        step="Use a kernel with fewer instructions per MAC (target +dsp), or a smaller layer.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.REST,
    ),
)
