# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports as a flat list: one line per row, quantity and repetition.

Each line says what it belongs to, so the lines of several reports can follow each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zephyr_counters.report.report import Report, Row, Series

COLUMNS = (
    "board",
    "model",
    "created",
    "run",
    "origin",
    "tag",
    "name",
    "operators",
    "on",
    "inputs",
    "outputs",
    "macs",
    "kernel",
    "candidate",
    "pass",
    "repetition",
    "quantity",
    "unit",
    "raw",
    "cost",
    "value",
    "seconds",
    "calls",
    "wrapped",
    "stuck",
)
Cell = str | int | float | bool | None


@dataclass(frozen=True)
class _Quantity:
    """What the lines of a series have in common; `hz` is that of durations, None for counters."""

    pass_index: int
    unit: str
    stuck: bool
    hz: int | None = None


def lines(*reports: Report) -> Iterator[tuple[Cell, ...]]:
    """Yield values in the order of `COLUMNS`; None where a column does not apply.

    `raw` is the recorded value, `cost` what measuring added to it, and `value` their difference,
    never below 0; all three span `calls` calls. Durations are the quantity `ticks` in the unit
    `1/HZ s`, and `seconds` is that of one call. A metric is derived from medians: one line per row,
    without `run`, `repetition` and `raw`.
    """
    for report in reports:
        runs = [index for index, count in enumerate(report.runs) for _ in range(count)]
        model = report.model.name if report.model else ""
        for row in report.rows:
            of_row = (
                row.origin.name.lower(),
                row.tag,
                row.name,
                "+".join(row.ops),
                (row.accelerator or "CPU") if row.ops else "",
                "; ".join(row.inputs),
                "; ".join(row.outputs),
                row.macs,
                row.kernel,
                row.candidate or "",
            )
            for run, *values in _values(report, row, runs):
                yield (report.board, model, report.created, run, *of_row, *values)


def _values(report: Report, row: Row, runs: list[int]) -> Iterator[tuple[Cell, ...]]:
    """Yield `run`, then the columns from `pass` on."""
    hz = report.catalog.clock_hz
    for index, series in enumerate(row.ticks):
        yield from _series(series, _Quantity(index, f"1/{hz} s", False, hz), runs)
    for series in row.counters:
        counter = report.counter(series.name)
        known = _Quantity(counter.pass_index, counter.unit, counter.stuck)
        yield from _series(series, known, runs)
    for name, metric in row.metrics.items():
        yield (None, None, None, name, metric.unit, None, None, metric.value, None, 1, False, False)


def _series(series: Series, quantity: _Quantity, runs: list[int]) -> Iterator[tuple[Cell, ...]]:
    several = len(runs) == len(series.raw)
    for repetition, (raw, value) in enumerate(zip(series.raw, series.values, strict=True)):
        yield (
            runs[repetition] if several else 0,
            quantity.pass_index,
            repetition,
            series.name,
            quantity.unit,
            raw,
            series.cost,
            value,
            None if quantity.hz is None else value / quantity.hz / series.calls,
            series.calls,
            repetition in series.wrapped,
            quantity.stuck,
        )
