# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for PMUv3 of A-profile cores."""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import CYCLES, Share

SOURCE = "Arm Architecture Reference Manual, DDI 0487, chapter The Performance Monitors Extension"
_PMU = "arm,pmu-v3"

RULES = (
    Share(
        name="pmuv3-front-end",
        compatible=_PMU,
        word=Word.STALLS,
        over=("stall-frontend",),
        under=(CYCLES,),
        at_least=0.2,
        text="The front end issued nothing in {share} of the cycles.",
        step="Add --counters l1i-cache-refill,br-mis-pred; unroll less if code does not fit.",
        source=SOURCE,
    ),
    Share(
        name="pmuv3-back-end",
        compatible=_PMU,
        word=Word.STALLS,
        over=("stall-backend",),
        under=(CYCLES,),
        at_least=0.3,
        text="The back end issued nothing in {share} of the cycles.",
        step="Add --counters l1d-cache,l1d-cache-refill to see whether it is memory.",
        source=SOURCE,
    ),
    Share(
        name="pmuv3-l1d-refills",
        compatible=_PMU,
        word=Word.MEMORY,
        over=("l1d-cache-refill",),
        under=("l1d-cache",),
        at_least=0.05,
        text="{share} of the accesses to the level 1 data cache missed.",
        step="Tile the layer so that what it reuses fits the level 1 cache.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.UNKNOWN,
    ),
    Share(
        name="pmuv3-l2-refills",
        compatible=_PMU,
        word=Word.MEMORY,
        over=("l2d-cache-refill",),
        under=("l2d-cache",),
        at_least=0.2,
        text="{share} of the accesses to the level 2 cache went to memory.",
        step="Tile the layer, or store weights in fewer bits, so that they stay in the cache.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.UNKNOWN,
    ),
    Share(
        name="pmuv3-branches",
        compatible=_PMU,
        word=Word.STALLS,
        over=("br-mis-pred",),
        under=("br-pred",),
        at_least=0.05,
        text="{share} of the branches were mispredicted.",
        step="Unroll short inner loops; replace branches on data by selects.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.UNKNOWN,
    ),
    Share(
        name="pmuv3-executing",
        compatible=_PMU,
        word=Word.COMPUTE,
        over=("stall-frontend", "stall-backend"),
        under=(CYCLES,),
        at_least=0.6,
        rest=True,
        text="Operations were issued in {share} of the cycles.",
        step="Use vector instructions if the kernel does not; else a smaller layer.",
        source=SOURCE,
        gain=Gain.REST,
    ),
)
