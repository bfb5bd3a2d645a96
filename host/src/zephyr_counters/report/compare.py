# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compare two reports: what changed, and whether that is more than noise.

Repetitions within one run are not independent: they share the board's start, caches and memory
layout. The samples are therefore the medians of runs, if both reports have several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.comparison import TIME, Comparison, Difference, RowPair, Verdict
from zephyr_counters.report.report import Report, Row, Series
from zephyr_counters.report.runs import medians
from zephyr_counters.report.significance import detectable, granularity, holm, trimmed_test
from zephyr_counters.report.statistics import rank_test, summarize

ALPHA = 0.05
MIN_EFFECT = 0.01
_COST_ERROR = 0.5
"""How well a region's cost of measuring is known, over the cost: each run finds its own."""
_COST_ERROR_WHOLE = 0.1
"""The same for the whole model, which sums the costs of many regions."""


def compare(
    before: Report,
    after: Report,
    alpha: float = ALPHA,
    min_effect: float = MIN_EFFECT,
    wanted: Callable[[str], bool] = lambda quantity: True,
) -> Comparison:
    """Compare two reports, row by row and counter by counter.

    Rows are matched by name, and the remaining ones by origin and index. A quantity with the same
    value in all repetitions of each report is compared exactly. Any other is tested: the medians of
    runs by Yuen's trimmed t-test if both reports have two runs or more, else the repetitions by the
    test of Mann and Whitney. The tests' p are corrected together by Holm's procedure, in which the
    duration of the whole model weighs as much as everything else.

    Args:
        before: the first report.
        after: the second report.
        alpha: probability that anything is called different although nothing is.
        min_effect: smaller differences do not matter, as a part of the value before, 0 to 1. Exact
            differences always matter. Differences below half the cost of measuring
            do not either.
        wanted: returns whether to compare a quantity. The fewer there are, the smaller the
            differences that can be found.
    """
    matched = list(_match(before, after))
    left = {id(one) for one, _ in matched}
    right = {id(one) for _, one in matched}

    def pairs(level: float) -> list[RowPair]:
        return [
            RowPair(
                one.name if one.name == other.name else f"{one.name} → {other.name}",
                one.origin,
                tuple(_differences(before, after, one, other, alpha, level, wanted)),
            )
            for one, other in matched
        ]

    tests = len(_tested(pairs(alpha / 2)))
    return Comparison(
        before=_title(before),
        after=_title(after),
        alpha=alpha,
        pairs=tuple(_judged(pairs(alpha / 2 / max(1, tests)), alpha, min_effect)),
        removed=tuple(row.name for row in before.rows if id(row) not in left),
        added=tuple(row.name for row in after.rows if id(row) not in right),
        notes=tuple(_notes(before, after)),
    )


def _title(report: Report) -> str:
    model = f"{report.model.name} on " if report.model else ""
    return f"{model}{report.board}, {report.created}"


def _match(before: Report, after: Report) -> Iterator[tuple[Row, Row]]:
    by_name = {(row.origin, row.name): row for row in after.rows}
    exact = {
        id(row): by_name.pop((row.origin, row.name))
        for row in before.rows
        if (row.origin, row.name) in by_name
    }
    by_index = {(row.origin, row.tag): row for row in by_name.values()}
    for row in before.rows:
        other = exact.get(id(row)) or by_index.pop((row.origin, row.tag), None)
        if other is not None:
            yield row, other


def _differences(
    before: Report,
    after: Report,
    row: Row,
    other: Row,
    alpha: float,
    level: float,
    wanted: Callable[[str], bool],
) -> Iterator[Difference]:
    if row.ticks and other.ticks and wanted(TIME):
        left = _seconds(before, row)
        right = _seconds(after, other)
        tick = 1 / min(before.catalog.clock_hz, after.catalog.clock_hz)
        own = alpha / 2 if _is_main(row.origin, TIME) else level
        yield _difference(
            TIME,
            "s",
            before,
            after,
            left,
            right,
            own,
            tick,
            tick * _cost(row, row.ticks[0], other.ticks[0]),
        )
    for series in row.counters:
        there = other.series(series.name)
        if there is None or not wanted(series.name):
            continue
        left = [value / series.calls for value in series.values]
        right = [value / there.calls for value in there.values]
        unit = before.counter(series.name).unit
        stuck = before.counter(series.name).stuck or after.counter(series.name).stuck
        if stuck or series.wrapped or there.wrapped:
            middle = summarize(left).median, summarize(right).median
            yield Difference(series.name, unit, *middle, 1.0, Verdict.MEANINGLESS)
        else:
            yield _difference(
                series.name, unit, before, after, left, right, level, 1.0, _cost(row, series, there)
            )


def _cost(row: Row, series: Series, there: Series) -> float:
    """Return how well the cost of measuring one call is known, in the series' unit."""
    error = _COST_ERROR_WHOLE if row.origin is Origin.WHOLE else _COST_ERROR
    return error * max(series.cost / series.calls, there.cost / there.calls)


def _seconds(report: Report, row: Row) -> list[float]:
    scale = report.catalog.clock_hz * row.ticks[0].calls
    return [one / scale for one in row.ticks[0].values]


def _difference(
    quantity: str,
    unit: str,
    before: Report,
    after: Report,
    left: list[float],
    right: list[float],
    level: float,
    resolution: float,
    cost: float,
) -> Difference:
    """Return the difference with an uncorrected p; the verdict of a test is not final."""
    one, other = summarize(left).median, summarize(right).median
    if len(set(left)) == len(set(right)) == 1 and min(len(left), len(right)) > 1:
        verdict = Verdict.SAME if one == other else _direction(one, other)
        return Difference(quantity, unit, one, other, 1.0 if one == other else 0.0, verdict)
    if min(len(before.runs), len(after.runs)) > 1:
        samples = medians(before, left), medians(after, right)
        step = max(resolution, granularity([*left, *right]))
        p = trimmed_test(*samples, step)
        # Only durations: finding it for every counter takes most of a comparison's time.
        least = detectable(*samples, level, step) if quantity == TIME else None
        return Difference(quantity, unit, one, other, p, Verdict.NOT_SIGNIFICANT, least, cost)
    possible = rank_test(
        [float(i) for i in range(len(left))], [float(i + len(left)) for i in range(len(right))]
    )
    verdict = Verdict.UNTESTED if possible > level else Verdict.NOT_SIGNIFICANT
    return Difference(quantity, unit, one, other, rank_test(left, right), verdict, None, cost)


def _judged(pairs: Sequence[RowPair], alpha: float, min_effect: float) -> Iterator[RowPair]:
    """Yield the pairs with corrected p and final verdicts."""
    tested = _tested(pairs)
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


def _tested(pairs: Sequence[RowPair]) -> list[tuple[RowPair, Difference]]:
    return [
        (pair, one)
        for pair in pairs
        for one in pair.differences
        if one.verdict is Verdict.NOT_SIGNIFICANT
    ]


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


def _notes(before: Report, after: Report) -> Iterator[str]:
    if min(len(before.runs), len(after.runs)) < 2:
        yield (
            "each report needs two runs or more (profile --runs) to tell a change from how much "
            "runs differ by themselves; repetitions of one run make it look smaller than it is"
        )
    for what, one, other in (
        ("boards", before.board, after.board),
        ("clocks", before.catalog.clock_name, after.catalog.clock_name),
        ("programs that measured", before.generator, after.generator),
    ):
        if one != other:
            yield f"the {what} differ: {one}, {other}"
    if before.model and after.model:
        if before.model.hash != after.model.hash:
            yield f"the models differ: {before.model.name}, {after.model.name}"
        if before.model.target != after.model.target:
            yield f"the targets differ: {before.model.target}, {after.model.target}"
    for name in sorted(
        {one.name for one in before.counters} ^ {one.name for one in after.counters}
    ):
        yield f"{name} is in only one of the reports"
    if [one.interrupts_locked for one in before.passes[:1]] != [
        one.interrupts_locked for one in after.passes[:1]
    ]:
        yield "interrupts were locked in only one of the reports"
