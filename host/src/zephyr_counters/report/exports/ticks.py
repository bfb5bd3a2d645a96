# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Ticks of the clock as time, for files with regions on a time line."""

from __future__ import annotations

from zephyr_counters.report.report import Report


def microseconds_per_tick(report: Report) -> float:
    """Return the microseconds of one call per tick of a record.

    All records of a report span equally many calls (`profile --batch`). Ticks are to be added as
    integers before they are multiplied: a sum of microseconds could round to below its parts.
    """
    calls = report.rows[0].calls if report.rows else 1
    return 1e6 / report.catalog.clock_hz / calls
