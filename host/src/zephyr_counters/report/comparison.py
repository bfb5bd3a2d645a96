# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The result of comparing two reports: plain data."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from zephyr_counters.blob.records import Origin

TIME = "time"
"""Name of the duration in comparisons; its unit is the second."""


class Verdict(enum.Enum):
    """Result of comparing one quantity in one row."""

    SAME = "same"
    """All repetitions of both reports have the same value."""
    HIGHER = "higher"
    LOWER = "lower"
    SMALL = "too small to matter"
    """The difference is more than noise, but below the smallest effect or the cost's own error."""
    NOT_SIGNIFICANT = "not significant"
    """The difference is within the noise."""
    UNTESTED = "too few repetitions"
    """Too few repetitions or runs for any difference to be significant."""
    MEANINGLESS = "does not advance"
    """The counter is stuck or wrapped in at least one report."""


@dataclass(frozen=True)
class Difference:
    """One quantity of one row in both reports.

    Attributes:
        before: value per call in the first report: of undisturbed repetitions and runs if there are
            several runs, else the median; the mean of exact ones.
        after: the same of the second.
        p: probability of such a difference by chance, corrected for all differences tested; 0 for
            counters with a single value in each report.
        verdict: the result.
        least: the smallest difference that would have been found 4 times in 5, in the quantity's
            unit; None if it is not known.
        cost: how well the subtracted cost of measuring is known; smaller differences do not count.
    """

    quantity: str
    unit: str
    before: float
    after: float
    p: float
    verdict: Verdict
    least: float | None = None
    cost: float = 0.0

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def ratio(self) -> float | None:
        """After over before; None if before is 0 and after is not."""
        if self.before == 0:
            return 1.0 if self.after == 0 else None
        return self.after / self.before

    @property
    def significant(self) -> bool:
        """Whether the difference is more than noise, and large enough to matter."""
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

    @property
    def whole(self) -> Difference | None:
        """The duration of the whole model; None if a report does not have it."""
        return next(
            (
                one
                for pair in self.pairs
                if pair.origin is Origin.WHOLE
                for one in pair.differences
                if one.quantity == TIME
            ),
            None,
        )

    def largest(self, count: int = 3) -> tuple[tuple[str, Difference], ...]:
        """Return the layers whose durations changed significantly, the largest change first."""
        changed = [
            (pair.name, one)
            for pair in self.pairs
            if pair.origin is not Origin.WHOLE
            for one in pair.differences
            if one.quantity == TIME and one.significant
        ]
        changed.sort(key=lambda item: -abs(item[1].change))
        return tuple(changed[:count])
