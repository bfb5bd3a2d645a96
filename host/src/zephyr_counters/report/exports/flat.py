# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report as a flat list: one line per row, quantity and repetition."""

from __future__ import annotations

from collections.abc import Iterator

from zephyr_counters.report.report import Report, Row, Series

COLUMNS = (
    "origin",
    "tag",
    "name",
    "kernel",
    "pass",
    "repetition",
    "quantity",
    "unit",
    "raw",
    "cost",
    "value",
    "calls",
    "wrapped",
    "stuck",
)


def lines(report: Report) -> Iterator[tuple[str | int | bool, ...]]:
    """Yield values in the order of `COLUMNS`.

    `raw` is the recorded value, `cost` what measuring added to it, and `value` their difference,
    never below 0; all three span `calls` calls. Durations are the quantity `ticks` in the unit
    `1/HZ s`.
    """
    tick = f"1/{report.catalog.clock_hz} s"
    for row in report.rows:
        for index, series in enumerate(row.ticks):
            yield from _series(row, series, index, tick, False)
        for series in row.counters:
            counter = report.counter(series.name)
            yield from _series(row, series, counter.pass_index, counter.unit, counter.stuck)


def _series(
    row: Row, series: Series, pass_index: int, unit: str, stuck: bool
) -> Iterator[tuple[str | int | bool, ...]]:
    for repetition, (raw, value) in enumerate(zip(series.raw, series.values, strict=True)):
        yield (
            row.origin.name.lower(),
            row.tag,
            row.name,
            row.kernel,
            pass_index,
            repetition,
            series.name,
            unit,
            raw,
            series.cost,
            value,
            series.calls,
            repetition in series.wrapped,
            stuck,
        )
