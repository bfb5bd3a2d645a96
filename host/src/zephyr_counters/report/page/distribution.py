# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The durations of a row's repetitions, over their median."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from zephyr_counters.report.page.scale import Log
from zephyr_counters.report.page.text import time
from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.runs import split

_AXIS = Log(0.5, 2.0, 0.0, 100.0)
_MOST_MARKS = 60
TICKS = tuple((_AXIS.at(one), f"{one:g}×") for one in (0.5, 0.7, 1.0, 1.4, 2.0))


@dataclass(frozen=True)
class Strip:
    """A row's repetitions on an axis from half to twice the median, 0 to 100.

    Attributes:
        marks: where repetitions are; of many, as many as can be told apart.
        runs: where the medians of runs are; empty for one run.
        between: least and greatest median of a run, as text; "" for one run.
        box: start and width of the middle half.
        beyond: text about repetitions that the axis does not reach; "" without any.
        warmup: the longest repetition that was set apart as warm-up; "" without any.
    """

    tag: int
    name: str
    label: str
    word: str
    n: int
    marks: tuple[float, ...]
    runs: tuple[float, ...]
    between: str
    box: tuple[float, float]
    least: str
    median: str
    most: str
    beyond: str
    warmup: str


def strip(report: Report, row: Row, word: str, label: str = "") -> Strip | None:
    """Return a row's strip; None if it has no durations above 0."""
    seconds = report.seconds(row)
    if seconds is None or seconds.median <= 0:
        return None
    scale = report.catalog.clock_hz * row.ticks[0].calls
    warm = row.ticks[0].net(row.ticks[0].warmup)
    runs = split(report, [one / scale for one in row.ticks[0].values])
    middles = [statistics.median(one) for one in runs] if len(report.runs) > 1 else []
    values = sorted(one / scale / seconds.median for one in row.ticks[0].values)
    step = max(1, len(values) // _MOST_MARKS)
    shown = {*values[::step], values[0], values[-1]}
    quarters = statistics.quantiles(values, n=4) if len(values) > 1 else [1.0, 1.0, 1.0]
    low, high = _AXIS.at(max(quarters[0], _AXIS.low)), _AXIS.at(max(quarters[2], _AXIS.low))
    outside = [one for one in values if not _AXIS.low <= one <= _AXIS.high]
    farthest = max(outside, key=lambda one: abs(one - 1), default=1.0)
    return Strip(
        tag=row.tag,
        name=row.name,
        label=label or row.name,
        word=word,
        n=seconds.n,
        marks=_places(shown),
        runs=_places(one / seconds.median for one in middles),
        between=f"{time(min(middles))} to {time(max(middles))}" if middles else "",
        box=(low, max(0.6, high - low)),
        least=time(seconds.min),
        median=time(seconds.median),
        most=time(seconds.max),
        beyond=f"{len(outside)} beyond, up to {farthest:.3g}×" if outside else "",
        warmup=time(max(warm) / scale) if warm else "",
    )


def _places(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(sorted({round(_AXIS.at(max(one, _AXIS.low)), 2) for one in values}))
