# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for the performance monitoring unit of Armv8.1-M (Cortex-M55, M85)."""

from __future__ import annotations

from zephyr_counters.report.explain.explanation import Gain, Sure, Word
from zephyr_counters.report.explain.rule import CYCLES, Share
from zephyr_counters.report.explain.rules.family import Family

_PMU = Family(
    prefix="armv8.1-m",
    compatible="arm,armv8.1-m-pmu",
    source=(
        "Armv8-M Architecture Reference Manual, DDI 0553, chapter The Performance Monitoring "
        "Extension; its events in CMSIS, armv8m_pmu.h (pmu_armv8.h in CMSIS 5)"
    ),
)

RULES = (
    Share(
        name="armv8.1-m-vector-memory",
        compatible=_PMU.compatible,
        word=Word.MEMORY,
        over=("mve-stall-resource-mem",),
        under=(CYCLES,),
        at_least=0.2,
        text="Vector instructions waited {share} of the cycles for the memory unit.",
        step="Place weights and activations in DTCM; reuse loaded vectors for more outputs.",
        source=_PMU.source,
    ),
    _PMU.cache("data cache", "cache-refills", "l1d-cache-refill", "l1d-cache", 0.1),
    Share(
        name="armv8.1-m-vector-dependencies",
        compatible=_PMU.compatible,
        word=Word.STALLS,
        over=("mve-stall-dependency",),
        under=(CYCLES,),
        at_least=0.2,
        text="Vector instructions waited {share} of the cycles for a register.",
        step="Interleave two accumulators in the inner loop, so that results are ready in time.",
        source=_PMU.source,
    ),
    _PMU.front_end(
        "stall-frontend", 0.2, "Run kernels from ITCM, or enable the instruction cache."
    ),
    _PMU.back_end(
        "stall-backend",
        0.25,
        "Add --counters mve-stall-resource-mem,mve-stall-dependency,l1d-cache-refill.",
    ),
    Share(
        name="armv8.1-m-vector-macs",
        compatible=_PMU.compatible,
        word=Word.COMPUTE,
        over=("mve-int-mac-retired",),
        under=(CYCLES,),
        at_least=0.25,
        text="Vector multiply-accumulates issued in {share} of the cycles; at most 50% can.",
        step="Only fewer MACs or an accelerator makes it much faster.",
        source=f"{_PMU.source}; Cortex-M55: two beats of four in a cycle",
        sure=Sure.MEDIUM,
        gain=Gain.UNKNOWN,
    ),
    _PMU.executing(
        ("stall",),
        0.7,
        "Use the vector kernels (target +mve) if they are not; else a smaller layer.",
    ),
)
