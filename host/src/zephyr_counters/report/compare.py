# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compare two reports: what changed, and whether that is more than noise.

Repetitions within one run are not independent: they share the board's start, caches and memory
layout. The samples are therefore one value per run, if both reports have several.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from zephyr_counters.blob.catalog import Kind
from zephyr_counters.blob.records import Origin
from zephyr_counters.report.comparison import TIME, Comparison, Difference, RowPair, Verdict
from zephyr_counters.report.pairing import match, notes, title
from zephyr_counters.report.report import Report, Row, Series
from zephyr_counters.report.runs import repeats, samples, split
from zephyr_counters.report.significance import (
    detectable,
    granularity,
    holm,
    location,
    trimmed_test,
)
from zephyr_counters.report.statistics import rank_test

ALPHA = 0.05
MIN_EFFECT = 0.01
_COST_ERROR = 0.2
"""How well a region's cost of measuring is known, over the cost: each report finds its own."""
_COST_ERROR_WHOLE = 0.05
"""The same for the whole model, which sums the costs of many regions."""
_ONE_RUN = 2.0
"""How much worse it is known if a report has one run, whose calibration may be disturbed."""


def compare(
    before: Report,
    after: Report,
    alpha: float = ALPHA,
    min_effect: float = MIN_EFFECT,
    wanted: Callable[[str], bool] = lambda quantity: True,
) -> Comparison:
    """Compare two reports, row by row and counter by counter.

    Rows are matched by name, and the remaining ones by origin and index. A quantity that repeats
    exactly in each report is compared exactly. Any other is tested: `samples` of the runs by a
    trimmed t-test if both reports have two runs or more, else the repetitions by the test of Mann
    and Whitney. The tests' p are corrected together by Holm's procedure, in which the duration of
    the whole model weighs as much as everything else.

    Args:
        before: the first report.
        after: the second report.
        alpha: probability that anything is called different although nothing is.
        min_effect: smaller differences do not matter, as a part of the value before, 0 to 1, nor
            do those that the error of the cost of measuring may explain. Exact differences always
            matter.
        wanted: returns whether to compare a quantity. The fewer there are, the smaller the
            differences that can be found.
    """
    matched = list(match(before, after))
    left = {id(one) for one, _ in matched}
    right = {id(one) for _, one in matched}
    drafts = [
        (one, other, list(_differences(before, after, one, other, wanted)))
        for one, other in matched
    ]
    tests = sum(draft.possible <= alpha / 2 for _, _, found in drafts for draft in found)
    pairs = [
        RowPair(
            one.name if one.name == other.name else f"{one.name} → {other.name}",
            one.origin,
            tuple(
                draft.at(alpha / 2 / (1 if _is_main(one.origin, draft.quantity) else max(1, tests)))
                for draft in found
            ),
        )
        for one, other, found in drafts
    ]
    return Comparison(
        before=title(before),
        after=title(after),
        alpha=alpha,
        pairs=tuple(_judged(pairs, alpha, min_effect)),
        removed=tuple(row.name for row in before.rows if id(row) not in left),
        added=tuple(row.name for row in after.rows if id(row) not in right),
        notes=tuple(notes(before, after)),
    )


@dataclass(frozen=True)
class _Draft:
    """A difference before it is known how many others are tested.

    Attributes:
        possible: the least p that so many samples can have; above 1 if there is nothing to test.
        samples: of each report, one per run; empty if there is one run.
        step: the smallest difference that the samples can have.
    """

    difference: Difference
    possible: float = 2.0
    samples: tuple[Sequence[float], Sequence[float]] = ((), ())
    step: float = 0.0

    @property
    def quantity(self) -> str:
        """The quantity."""
        return self.difference.quantity

    def at(self, level: float) -> Difference:
        """Return the difference, to be tested at a level."""
        one = self.difference
        if self.possible > 1:
            return one
        if self.possible > level:
            return replace(one, verdict=Verdict.UNTESTED)
        # Only durations: finding it for every counter takes most of a comparison's time.
        if one.quantity == TIME:
            return replace(one, least=detectable(*self.samples, level, self.step))
        return one


@dataclass(frozen=True)
class _Side:
    """One quantity of one row in one report.

    Attributes:
        values: of one call, in the order of repetitions.
        resolution: the smallest difference of two values.
        cost: of measuring one call.
    """

    report: Report
    values: Sequence[float]
    resolution: float
    cost: float


def _differences(
    before: Report, after: Report, row: Row, other: Row, wanted: Callable[[str], bool]
) -> Iterator[_Draft]:
    error = _COST_ERROR_WHOLE if row.origin is Origin.WHOLE else _COST_ERROR
    if min(len(before.runs), len(after.runs)) < 2:
        error *= _ONE_RUN
    if row.ticks and other.ticks and wanted(TIME):
        first = _side(before, row.ticks[0], 1 / before.catalog.clock_hz)
        second = _side(after, other.ticks[0], 1 / after.catalog.clock_hz)
        yield _difference(TIME, "s", first, second, error)
    for series in row.counters:
        there = other.series(series.name)
        if there is None or not wanted(series.name):
            continue
        one, another = before.counter(series.name), after.counter(series.name)
        first, second = _side(before, series, 1.0), _side(after, there, 1.0)
        if one.stuck or another.stuck or series.wrapped or there.wrapped:
            middle = statistics.median(first.values), statistics.median(second.values)
            yield _Draft(Difference(series.name, one.unit, *middle, 1.0, Verdict.MEANINGLESS))
        else:
            is_level = one.kind is Kind.LEVEL
            yield _difference(series.name, one.unit, first, second, error, is_level)


def _side(report: Report, series: Series, unit: float) -> _Side:
    scale = unit / series.calls
    return _Side(report, [value * scale for value in series.values], scale, series.cost * scale)


def _difference(
    quantity: str, unit: str, before: _Side, after: _Side, error: float, is_level: bool = False
) -> _Draft:
    """Return the difference with an uncorrected p; the verdict of a test is not final."""
    if repeats(before.report, before.values) and repeats(after.report, after.values):
        # Every run is alike, so the first says it all; the longer one has more of its tail.
        run, other_run = (
            split(before.report, before.values)[0],
            split(after.report, after.values)[0],
        )
        count = min(len(run), len(other_run))
        one, other = statistics.fmean(run[:count]), statistics.fmean(other_run[:count])
        verdict = Verdict.SAME if one == other else _direction(one, other)
        p = 1.0 if one == other else 0.0
        return _Draft(Difference(quantity, unit, one, other, p, verdict))
    cost = error * max(before.cost, after.cost)
    if min(len(before.report.runs), len(after.report.runs)) > 1:
        first = samples(before.report, before.values, is_level)
        second = samples(after.report, after.values, is_level)
        one, other = location(first), location(second)
        resolution = max(before.resolution, after.resolution)
        step = max(resolution, granularity([*before.values, *after.values]))
        p = trimmed_test(first, second, step)
        difference = Difference(quantity, unit, one, other, p, Verdict.NOT_SIGNIFICANT, None, cost)
        return _Draft(difference, 0.0, (first, second), step)
    one, other = statistics.median(before.values), statistics.median(after.values)
    p = rank_test(before.values, after.values)
    count, total = len(before.values), len(before.values) + len(after.values)
    possible = rank_test(list(range(count)), list(range(count, total)))
    difference = Difference(quantity, unit, one, other, p, Verdict.NOT_SIGNIFICANT, None, cost)
    return _Draft(difference, possible)


def _judged(pairs: Sequence[RowPair], alpha: float, min_effect: float) -> Iterator[RowPair]:
    """Yield the pairs with corrected p and final verdicts."""
    tested = [
        (pair, one)
        for pair in pairs
        for one in pair.differences
        if one.verdict is Verdict.NOT_SIGNIFICANT
    ]
    weights = [
        float(max(1, len(tested) - 1)) if _is_main(pair.origin, one.quantity) else 1.0
        for pair, one in tested
    ]
    ps = holm([one.p for _, one in tested], weights)
    corrected = {id(one): p for (_, one), p in zip(tested, ps, strict=True)}
    for pair in pairs:
        yield replace(
            pair,
            differences=tuple(
                _final(one, corrected[id(one)], alpha, min_effect) if id(one) in corrected else one
                for one in pair.differences
            ),
        )


def _is_main(origin: Origin, quantity: str) -> bool:
    """Return whether this is the question that most comparisons are about."""
    return origin is Origin.WHOLE and quantity == TIME


def _final(one: Difference, p: float, alpha: float, min_effect: float) -> Difference:
    verdict = Verdict.NOT_SIGNIFICANT
    if p <= alpha and one.change != 0:
        small = abs(one.change) < max(min_effect * abs(one.before), one.cost)
        verdict = Verdict.SMALL if small else _direction(one.before, one.after)
    return replace(one, p=p, verdict=verdict)


def _direction(before: float, after: float) -> Verdict:
    return Verdict.HIGHER if after > before else Verdict.LOWER
