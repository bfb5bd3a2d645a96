# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports of several runs: the board was restarted between them, so they are independent."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace

from zephyr_counters.errors import UsageError
from zephyr_counters.report.report import Opaque, Report, Row, Series


def join(reports: Sequence[Report]) -> Report:
    """Return one report of the same model on the same board, measured in several runs.

    The cost of measuring is that of the run in which it was least, for all runs: it is the same
    firmware, and what disturbs its calibration only makes it seem more.

    Raises:
        UsageError: the reports do not have the same rows, counters and passes.
    """
    first, *others = reports
    for other in others:
        if _shape(other) != _shape(first):
            raise UsageError("the runs did not measure the same rows and counters")
    if not others:
        return first
    cheapest = [_cheapest(reports, index) for index in range(len(first.passes))]
    return replace(
        first,
        passes=tuple(reports[one].passes[index] for index, one in enumerate(cheapest)),
        counters=tuple(
            replace(same[0], stuck=any(one.stuck for one in same))
            for same in zip(*(one.counters for one in reports), strict=True)
        ),
        rows=tuple(
            _row(same, cheapest, {one.name: one.pass_index for one in first.counters})
            for same in zip(*(one.rows for one in reports), strict=True)
        ),
        runs=tuple(count for one in reports for count in (one.runs or (_repetitions(one),))),
        notes=tuple(dict.fromkeys(note for one in reports for note in one.notes)),
    )


def split(report: Report, values: Sequence[float]) -> list[list[float]]:
    """Return a row's values, in the order of repetitions, by run."""
    if sum(report.runs) != len(values):
        return [list(values)]
    found, at = [], 0
    for count in report.runs:
        found.append(list(values[at : at + count]))
        at += count
    return found


def undisturbed(values: Sequence[float]) -> float:
    """Return the least value; of more than 50, the one that a fiftieth of them does not exceed.

    Interrupts and other processes only add to a duration or a count, in most repetitions of some
    runs.
    """
    return sorted(values)[(len(values) - 1) // 50]


def samples(report: Report, values: Sequence[float], is_level: bool = False) -> list[float]:
    """Return one value per run: that of undisturbed repetitions; of levels, the median."""
    summary = statistics.median if is_level else undisturbed
    return [summary(one) for one in split(report, values) if one]


def repeats(report: Report, values: Sequence[float]) -> bool:
    """Return whether all runs have the same values in the same order, or all values are equal.

    So it is where a simulator counts instructions. One value is too few to say.
    """
    runs = split(report, values)
    return len(values) > 1 and (
        len(set(values)) == 1 or (len(runs) > 1 and all(one == runs[0] for one in runs))
    )


def _shape(report: Report) -> object:
    rows = [(row.origin, row.tag, row.name, [s.name for s in row.counters]) for row in report.rows]
    return report.board, rows, [one.name for one in report.counters], len(report.passes)


def _repetitions(report: Report) -> int:
    return max((len(one.raw) for row in report.rows for one in row.ticks), default=0)


def _cheapest(reports: Sequence[Report], index: int) -> int:
    """Return the run in which measuring cost least in a pass."""
    costs = [one.passes[index].cost(len(one.layers)).ticks for one in reports]
    return costs.index(min(costs))


def _row(same: Sequence[Row], cheapest: Sequence[int], passes: Mapping[str, int]) -> Row:
    ticks = zip(*(row.ticks for row in same), strict=True)
    counters = zip(*(row.counters for row in same), strict=True)
    return replace(
        same[0],
        ticks=tuple(_series(one, cheapest[index]) for index, one in enumerate(ticks)),
        counters=tuple(_series(one, cheapest[passes[one[0].name]]) for one in counters),
        opaque=tuple(_opaque(one) for one in zip(*(row.opaque for row in same), strict=True)),
        metrics={},
    )


def _series(same: Sequence[Series], cheapest: int) -> Series:
    raw: list[int] = []
    warmup: list[int] = []
    wrapped: list[int] = []
    for one in same:
        wrapped += [len(raw) + index for index in one.wrapped]
        raw += one.raw
        warmup += one.warmup
    return replace(
        same[0],
        raw=tuple(raw),
        cost=same[cheapest].cost,
        wrapped=tuple(wrapped),
        warmup=tuple(warmup),
    )


def _opaque(same: Sequence[Opaque]) -> Opaque:
    data: list[bytes] = []
    cut: list[int] = []
    for one in same:
        cut += [len(data) + index for index in one.cut]
        data += one.data
    return replace(same[0], data=tuple(data), cut=tuple(cut))
