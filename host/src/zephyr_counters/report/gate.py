# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A limit on how much something may grow from one report to the next, for CI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.comparison import TIME, Comparison, Difference, RowPair, Verdict


def matches(quantity: str, glob: str) -> bool:
    """Return whether a glob names a quantity: `time`, `provider:counter` or `counter`."""
    return fnmatchcase(quantity, glob) or fnmatchcase(quantity.partition(":")[2], glob)


@dataclass(frozen=True)
class Gate:
    """A limit.

    Attributes:
        percent: of the value before.
        row: glob of names of layers, or of the model; None for the whole model.
        quantity: glob of quantities.
    """

    percent: float
    row: str | None = None
    quantity: str = TIME

    def covered(self, comparison: Comparison) -> Iterator[tuple[RowPair, Difference]]:
        """Yield what is held to the limit; all rows if there is no whole model to hold to it."""
        has_whole = comparison.whole is not None
        for pair in comparison.pairs:
            if self.row is None:
                fits = pair.origin is Origin.WHOLE or not has_whole
            else:
                fits = fnmatchcase(pair.name, self.row)
            for one in pair.differences if fits else ():
                if matches(one.quantity, self.quantity):
                    yield pair, one

    def fails(self, one: Difference) -> bool:
        """Return whether a quantity grew significantly and by more than the limit."""
        return one.verdict is Verdict.HIGHER and (
            one.ratio is None or one.ratio > 1 + self.percent / 100
        )

    def blind(self, one: Difference) -> bool:
        """Return whether growth by the limit could not have been seen."""
        if one.verdict is Verdict.UNTESTED:
            return True
        return (
            one.verdict is Verdict.NOT_SIGNIFICANT
            and one.least is not None
            and one.least > self.percent / 100 * one.before
        )

    def failed(self, comparison: Comparison) -> dict[str, list[str]]:
        """Return the names of the rows over the limit, by quantity."""
        found: dict[str, list[str]] = {}
        for pair, one in self.covered(comparison):
            if self.fails(one):
                found.setdefault(one.quantity, []).append(pair.name)
        return found
