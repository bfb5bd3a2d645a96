# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Metrics derived from counters: one class and one line in `COLLECTORS` per metric.

Other packages add collectors by entry points of the group `zephyr_counters.collectors`, each a
`MetricCollector` or a callable that returns one.
"""

from __future__ import annotations

from zephyr_counters.errors import UsageError
from zephyr_counters.report import entry_points
from zephyr_counters.report.metrics.built_in import (
    Bandwidth,
    Intensity,
    MacsPerCycle,
    Ratio,
    Utilization,
)
from zephyr_counters.report.metrics.collectors import Context, MetricCollector
from zephyr_counters.report.metrics.derive import with_metrics

COLLECTORS: tuple[MetricCollector, ...] = (
    Ratio("IPC", ("instructions", "inst-retired"), ("cycles", "cpu-cycles")),
    MacsPerCycle(),
    Utilization(),
    Ratio(
        "stalled",
        ("stall-cycles", "stall", "stalled-cycles-backend"),
        ("busy-cycles", "busy", "cycles", "cpu-cycles"),
        "%",
        100,
    ),
    Ratio("branch misses", ("branch-misses",), ("branches", "branch-instructions"), "%", 100),
    Ratio("cache misses", ("cache-misses",), ("cache-references", "cache-accesses"), "%", 100),
    Bandwidth(),
    Intensity(),
)

GROUP = "zephyr_counters.collectors"


def installed() -> tuple[MetricCollector, ...]:
    """Return the built-in collectors and those of installed packages.

    Raises:
        UsageError: an entry point is not a `MetricCollector`.
    """
    found = list(COLLECTORS)
    for where, loaded in entry_points.load(GROUP):
        collector = loaded() if callable(loaded) else loaded
        if not isinstance(collector, MetricCollector):
            raise UsageError(f"{where} is not a MetricCollector")
        found.append(collector)
    return tuple(found)


__all__ = ["COLLECTORS", "Context", "MetricCollector", "installed", "with_metrics"]
