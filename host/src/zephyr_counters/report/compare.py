# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compare two reports: what changed, and whether that is more than noise."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.statistics import rank_test, summarize

TIME = "time"
"""Name of the duration in comparisons; its unit is the second."""


class Verdict(enum.Enum):
    """Result of comparing one quantity in one row."""

    SAME = "same"
    """All repetitions of both reports have the same value."""
    HIGHER = "higher"
    LOWER = "lower"
    NOT_SIGNIFICANT = "not significant"
    """The difference is within the noise."""
    UNTESTED = "too few repetitions"
    """Too few repetitions for any difference to be significant."""
    MEANINGLESS = "does not advance"
    """The counter is stuck or wrapped in at least one report."""


@dataclass(frozen=True)
class Difference:
    """One quantity of one row in both reports.

    Attributes:
        before: median per call in the first report.
        after: median per call in the second.
        p: probability of such a difference by chance; 0 for counters with a single value in
            each report.
    """

    quantity: str
    unit: str
    before: float
    after: float
    p: float
    verdict: Verdict

    @property
    def ratio(self) -> float | None:
        """After over before; None if before is 0 and after is not."""
        if self.before == 0:
            return 1.0 if self.after == 0 else None
        return self.after / self.before

    @property
    def significant(self) -> bool:
        """Whether the difference is more than noise."""
        return self.verdict in (Verdict.HIGHER, Verdict.LOWER)


@dataclass(frozen=True)
class RowPair:
    """A row of both reports."""

    name: str
    origin: Origin
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison:
    """The comparison of two reports.

    Attributes:
        removed: names of rows only in the first.
        added: names of rows only in the second.
        notes: why the reports may not be comparable, one line each.
    """

    before: str
    after: str
    alpha: float
    pairs: tuple[RowPair, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    notes: tuple[str, ...]

    def grown(self, percent: float, quantity: str = TIME) -> tuple[str, ...]:
        """Return the names of rows whose quantity grew significantly, by more than `percent`."""
        return tuple(
            pair.name
            for pair in self.pairs
            for one in pair.differences
            if one.quantity == quantity
            and one.verdict is Verdict.HIGHER
            and (one.ratio is None or one.ratio > 1 + percent / 100)
        )


def compare(before: Report, after: Report, alpha: float = 0.05) -> Comparison:
    """Compare two reports, row by row and counter by counter.

    Rows are matched by name, and the remaining ones by origin and index. A quantity with the same
    value in all repetitions of each report is compared exactly, any other by Mann and Whitney's
    test.

    Args:
        before: the first report.
        after: the second report.
        alpha: differences with a larger p are not significant.
    """
    matched = list(_match(before, after))
    left = {id(one) for one, _ in matched}
    right = {id(one) for _, one in matched}
    return Comparison(
        before=_title(before),
        after=_title(after),
        alpha=alpha,
        pairs=tuple(
            RowPair(
                one.name if one.name == other.name else f"{one.name} → {other.name}",
                one.origin,
                tuple(_differences(before, after, one, other, alpha)),
            )
            for one, other in matched
        ),
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
    before: Report, after: Report, row: Row, other: Row, alpha: float
) -> Iterator[Difference]:
    if row.ticks and other.ticks:
        yield _difference(
            TIME,
            "s",
            [one / before.catalog.clock_hz / row.ticks[0].calls for one in row.ticks[0].values],
            [one / after.catalog.clock_hz / other.ticks[0].calls for one in other.ticks[0].values],
            alpha,
            False,
        )
    for series in row.counters:
        there = other.series(series.name)
        if there is not None:
            yield _difference(
                series.name,
                before.counter(series.name).unit,
                [value / series.calls for value in series.values],
                [value / there.calls for value in there.values],
                alpha,
                before.counter(series.name).stuck
                or after.counter(series.name).stuck
                or bool(series.wrapped)
                or bool(there.wrapped),
            )


def _difference(
    quantity: str,
    unit: str,
    left: list[float],
    right: list[float],
    alpha: float,
    meaningless: bool,
) -> Difference:
    before, after = summarize(left).median, summarize(right).median
    p = 1.0
    if meaningless:
        verdict = Verdict.MEANINGLESS
    elif len(set(left)) == len(set(right)) == 1 and min(len(left), len(right)) > 1:
        p = 1.0 if before == after else 0.0
        verdict = Verdict.SAME if before == after else _direction(before, after)
    else:
        p = rank_test(left, right)
        possible = rank_test(
            [float(i) for i in range(len(left))], [float(i + len(left)) for i in range(len(right))]
        )
        if possible > alpha:
            verdict = Verdict.UNTESTED
        elif p > alpha or before == after:
            verdict = Verdict.NOT_SIGNIFICANT
        else:
            verdict = _direction(before, after)
    return Difference(quantity, unit, before, after, p, verdict)


def _direction(before: float, after: float) -> Verdict:
    return Verdict.HIGHER if after > before else Verdict.LOWER


def _notes(before: Report, after: Report) -> Iterator[str]:
    if before.board != after.board:
        yield f"the boards differ: {before.board}, {after.board}"
    if before.model and after.model and before.model.hash != after.model.hash:
        yield f"the models differ: {before.model.name}, {after.model.name}"
    for name in sorted(
        {one.name for one in before.counters} ^ {one.name for one in after.counters}
    ):
        yield f"{name} is in only one of the reports"
    if [one.interrupts_locked for one in before.passes[:1]] != [
        one.interrupts_locked for one in after.passes[:1]
    ]:
        yield "interrupts were locked in only one of the reports"
