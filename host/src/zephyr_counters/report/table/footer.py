# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The lines below a table: the clock, the cost of measuring, memory, doubts."""

from __future__ import annotations

from collections.abc import Iterator

from zephyr_counters.blob.catalog import Kind
from zephyr_counters.report import stability
from zephyr_counters.report.report import Report
from zephyr_counters.report.simulation import simulated_accelerators
from zephyr_counters.report.table.columns import (
    SHORT,
    SHORT_TICKS,
    SIMULATED,
    WRAPPED,
    short,
    zero,
)
from zephyr_counters.report.table.numbers import CLOCKS, duration, frequency, size
from zephyr_counters.report.totals import cost


def footer(report: Report) -> Iterator[str]:
    """Yield the lines."""
    yield from _clock(report)
    yield from _cost(report)
    yield from _memory(report)
    yield from _passes(report)
    yield from stability.lines(report)
    yield from _counters(report)
    for note in report.notes:
        yield f"Note: {note}."


def _clock(report: Report) -> Iterator[str]:
    catalog = report.catalog
    clock = f"{catalog.clock_name or 'unknown'}{CLOCKS[catalog.clock_kind]}"
    yield (
        f"Clock of the times: {clock}; {frequency(catalog.clock_hz)}, "
        f"so a tick is {duration(1 / catalog.clock_hz)}."
    )
    rows = [row for row in report.rows if short(row)]
    if rows:
        yield (
            f"{SHORT} is shorter than {SHORT_TICKS} ticks of this clock, so a tick is more than "
            f"1% of it: {len(rows)} of {len(report.rows)} rows."
        )
    units = simulated_accelerators(report)
    if units:
        yield (
            f"A simulation of {', '.join(units)} runs layers: their times are what it takes, so "
            "the table has no shares, and no rates for them."
        )


def _cost(report: Report) -> Iterator[str]:
    found = cost(report)
    if found is None:
        return
    line = f"Cost of measuring, subtracted: {duration(found.region)} per region"
    if report.whole is not None:
        line += f", {duration(found.whole)} in the whole model"
    if found.share is not None:
        line += f" ({100 * found.share:.2f}% of it)"
    locked = all(one.interrupts_locked for one in report.passes)
    yield f"{line}. Interrupts were {'locked in each region' if locked else 'on'}."


def _memory(report: Report) -> Iterator[str]:
    parts = []
    if report.model is not None:
        parts = [f"{name} {size(count)}" for name, count in report.model.memory.items()]
    if not report.imported:
        parts.append(f"record buffer {size(report.catalog.record_bytes)}")
    if parts:
        yield f"Memory: {', '.join(parts)}."


def _passes(report: Report) -> Iterator[str]:
    if len(report.passes) < 2:
        return
    yield (
        f"Measured in {len(report.passes)} passes over the same input; counters of different "
        "passes come from different runs."
    )
    for index in range(len(report.passes)):
        names = [one.name for one in report.counters if one.pass_index == index]
        times = "times, " if index == 0 else ""
        yield f"Pass {index}: {times}{', '.join(names)}."


def _counters(report: Report) -> Iterator[str]:
    made_up = dict.fromkeys(one.name.partition(":")[0] for one in report.counters if one.simulated)
    if made_up:
        yield f"{SIMULATED} A simulation makes these values up: {', '.join(made_up)}."
    stuck = [one.name for one in report.counters if one.stuck]
    if stuck:
        yield f"Does not advance on this board: {', '.join(stuck)}."
    zeros = [
        one.name for one in report.counters if one.kind is not Kind.BYTES and zero(report, one)
    ]
    if zeros:
        yield f"0 in every row: {', '.join(zeros)}."
    wrapped = [
        one.name
        for one in report.counters
        if any((series := row.series(one.name)) and series.wrapped for row in report.rows)
    ]
    if wrapped:
        yield (
            f"{WRAPPED} may have wrapped more than once, so it may be too small: "
            f"{', '.join(wrapped)}."
        )
    for counter in report.counters:
        pieces = [one for row in report.rows for one in row.opaque if one.name == counter.name]
        total = sum(len(data) for one in pieces for data in one.data)
        if total:
            cut = ", some cut short" if any(one.cut for one in pieces) else ""
            yield f"{counter.name}: {size(total)} of data{cut}; the JSON export has them."
