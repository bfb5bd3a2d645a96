# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a measurement changed while it was made: its warm-up, and a drift within runs."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.runs import split
from zephyr_counters.report.statistics import rank_test
from zephyr_counters.report.text import printable

ALPHA = 0.01
"""Of the test for drift in one run."""
LEAST_DRIFT = 0.01
"""Smaller drifts do not matter."""
_NOTABLE_WARMUP = 2.0


@dataclass(frozen=True)
class Drift:
    """The durations of the whole model change while a run goes on.

    Attributes:
        runs: how many runs show it, all in one direction.
        change: second half over first half of these runs, minus 1; the median of runs.
    """

    runs: int
    change: float


def drift(report: Report) -> Drift | None:
    """Return the drift that more than half of the runs show, or None.

    A run shows it if the durations of its first and second half differ by the test of Mann and
    Whitney at `ALPHA`, and their medians by `LEAST_DRIFT`.
    """
    whole = report.whole
    if whole is None or not whole.ticks:
        return None
    changes = [_change(values) for values in split(report, whole.ticks[0].values)]
    up = [one for one in changes if one > 0]
    down = [one for one in changes if one < 0]
    most = max(up, down, key=len)
    if 2 * len(most) <= len(changes):
        return None
    return Drift(len(most), statistics.median(most))


def lines(report: Report) -> Iterator[str]:
    """Yield sentences about calls per record, the warm-up, runs and a drift within them."""
    whole = report.whole
    batch = 1 if whole is None else whole.calls
    if batch > 1:
        yield f"Each record spans {batch} calls of a layer; figures are per call."
    if len(report.runs) > 1:
        counts = sorted(set(report.runs))
        shown = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        yield f"{len(report.runs)} runs of {shown} repetitions."
    yield from _warmup(report)
    found = drift(report)
    if found is not None:
        word = "slower" if found.change > 0 else "faster"
        yield (
            f"The whole model became {word} within {found.runs} of {max(1, len(report.runs))} "
            f"runs: their second halves took {abs(100 * found.change):.1f}% "
            f"{'longer' if found.change > 0 else 'less'} than the first. Raise --warmup, or find "
            "what changes, such as the temperature or the load of the machine."
        )


def _change(values: Sequence[float]) -> float:
    half = len(values) // 2
    first, second = values[:half], values[len(values) - half :]
    if half == 0 or rank_test(first, second) > ALPHA:
        return 0.0
    before, after = statistics.median(first), statistics.median(second)
    change = after / before - 1 if before > 0 else 0.0
    return change if abs(change) >= LEAST_DRIFT else 0.0


def _warmup(report: Report) -> Iterator[str]:
    ratios = [(ratio, row) for row in report.rows if (ratio := _warmup_ratio(row)) is not None]
    if not ratios or report.whole is None:
        return
    count = len(report.whole.ticks[0].warmup) // max(1, len(report.runs))
    line = f"Warm-up, not counted: {count} repetition{'s' if count > 1 else ''} per run and pass"
    whole = [ratio for ratio, row in ratios if row is report.whole]
    if whole:
        line += f"; the whole model took {whole[0]:.2f} times its median in it"
    layers = [pair for pair in ratios if pair[1] is not report.whole]
    if layers:
        ratio, row = max(layers, key=lambda pair: pair[0])
        if ratio >= _NOTABLE_WARMUP:
            line += f", {printable(row.name)} {ratio:.0f} times"
    yield f"{line}."


def _warmup_ratio(row: Row) -> float | None:
    """Return the median of a row's warm-up over the median of its repetitions."""
    series = row.ticks[0] if row.ticks else None
    if series is None or not series.warmup or not series.raw:
        return None
    median = statistics.median(series.values)
    return statistics.median(series.net(series.warmup)) / median if median > 0 else None
