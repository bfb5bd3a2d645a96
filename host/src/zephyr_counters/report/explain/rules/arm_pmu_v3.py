# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules for PMUv3 of A-profile cores."""

from __future__ import annotations

from zephyr_counters.report.explain.rules.family import Family

_PMU = Family(
    prefix="pmuv3",
    compatible="arm,pmu-v3",
    source=(
        "Arm Architecture Reference Manual, DDI 0487, chapter The Performance Monitors Extension"
    ),
)

RULES = (
    _PMU.front_end(
        "stall-frontend",
        0.2,
        "Add --counters l1i-cache-refill,br-mis-pred; unroll less if code does not fit.",
    ),
    _PMU.back_end(
        "stall-backend",
        0.3,
        "Add --counters l1d-cache,l1d-cache-refill to see whether it is memory.",
    ),
    _PMU.cache("level 1 data cache", "l1d-refills", "l1d-cache-refill", "l1d-cache", 0.05),
    _PMU.cache("level 2 cache", "l2-refills", "l2d-cache-refill", "l2d-cache", 0.2),
    _PMU.branches("br-mis-pred", "br-pred"),
    _PMU.executing(
        ("stall-frontend", "stall-backend"),
        0.6,
        "Use vector instructions if the kernel does not; else a smaller layer.",
    ),
)
