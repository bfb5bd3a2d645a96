# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a simulation makes up: counters, and the durations of layers that it computes."""

from __future__ import annotations

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.report import Report, Row


def simulated_providers(report: Report) -> frozenset[str]:
    """Return the names of providers whose values a simulation makes up."""
    return frozenset(one.name for one in report.catalog.providers if one.simulated)


def simulated_accelerators(report: Report) -> tuple[str, ...]:
    """Return the accelerators that run layers here and are a simulation, in order of the rows."""
    made_up = simulated_providers(report)
    used = dict.fromkeys(row.accelerator for row in report.rows if row.accelerator is not None)
    return tuple(name for name in used if any(one.startswith(name) for one in made_up))


def timed_by_simulation(report: Report, row: Row) -> bool:
    """Return whether a row's duration is what a simulation took, not what hardware would take."""
    found = simulated_accelerators(report)
    return row.accelerator in found or (row.origin is Origin.WHOLE and bool(found))
