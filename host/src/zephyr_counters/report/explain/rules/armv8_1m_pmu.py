# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for the performance monitoring unit of Armv8.1-M (Cortex-M55, M85)."""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import CYCLES, Share

SOURCE = (
    "Armv8-M Architecture Reference Manual, DDI 0553, chapter The Performance Monitoring Extension"
)
_PMU = "arm,armv8.1-m-pmu"

RULES = (
    Share(
        name="armv8.1-m-vector-memory",
        compatible=_PMU,
        word=Word.MEMORY,
        over=("mve-stall-resource-mem",),
        under=(CYCLES,),
        at_least=0.2,
        text="Vector instructions waited {share} of the cycles for the memory unit.",
        step="Place weights and activations in DTCM; reuse loaded vectors for more outputs.",
        source=SOURCE,
    ),
    Share(
        name="armv8.1-m-cache-refills",
        compatible=_PMU,
        word=Word.MEMORY,
        over=("l1d-cache-refill",),
        under=("l1d-cache",),
        at_least=0.1,
        text="{share} of the accesses to the data cache missed.",
        step="Tile the layer so that its weights fit the cache, or move them to DTCM.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.UNKNOWN,
    ),
    Share(
        name="armv8.1-m-vector-dependencies",
        compatible=_PMU,
        word=Word.STALLS,
        over=("mve-stall-dependency",),
        under=(CYCLES,),
        at_least=0.2,
        text="Vector instructions waited {share} of the cycles for a register.",
        step="Interleave two accumulators in the inner loop, so that results are ready in time.",
        source=SOURCE,
    ),
    Share(
        name="armv8.1-m-front-end",
        compatible=_PMU,
        word=Word.STALLS,
        over=("stall-frontend",),
        under=(CYCLES,),
        at_least=0.2,
        text="The front end issued nothing in {share} of the cycles: instructions came too late.",
        step="Run kernels from ITCM, or enable the instruction cache.",
        source=SOURCE,
    ),
    Share(
        name="armv8.1-m-back-end",
        compatible=_PMU,
        word=Word.STALLS,
        over=("stall-backend",),
        under=(CYCLES,),
        at_least=0.25,
        text="The back end issued nothing in {share} of the cycles.",
        step="Add --counters mve-stall-resource-mem,mve-stall-dependency,l1d-cache-refill.",
        source=SOURCE,
    ),
    Share(
        name="armv8.1-m-vector-macs",
        compatible=_PMU,
        word=Word.COMPUTE,
        over=("mve-int-mac-retired",),
        under=(CYCLES,),
        at_least=0.25,
        text="Vector multiply-accumulates issued in {share} of the cycles; at most 50% can.",
        step="Only fewer MACs or an accelerator makes it much faster.",
        source=f"{SOURCE}; Cortex-M55: two beats of four in a cycle",
        sure=Sure.MEDIUM,
        gain=Gain.UNKNOWN,
    ),
    Share(
        name="armv8.1-m-executing",
        compatible=_PMU,
        word=Word.COMPUTE,
        over=("stall",),
        under=(CYCLES,),
        at_least=0.7,
        rest=True,
        text="Instructions were sent for execution in {share} of the cycles.",
        step="Use the vector kernels (target +mve) if they are not; else a smaller layer.",
        source=SOURCE,
        sure=Sure.MEDIUM,
        gain=Gain.REST,
    ),
)
