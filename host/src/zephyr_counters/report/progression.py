# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Several reports in order, such as one per commit: what changed from each to the next."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.compare import ALPHA, MIN_EFFECT, compare
from zephyr_counters.report.comparison import TIME, Comparison, Difference
from zephyr_counters.report.report import Report


@dataclass(frozen=True)
class Progression:
    """Comparisons of each report with the one before it.

    Attributes:
        steps: one fewer than there are reports; their levels together are `alpha`.
        overall: the first report compared with the last.
    """

    steps: tuple[Comparison, ...]
    overall: Comparison

    def layers(self, count: int) -> tuple[str, ...]:
        """Return the layers that changed most in any step, then the longest ones."""
        changes: dict[str, float] = {}
        lengths: dict[str, float] = {}
        for step in self.steps:
            for pair in step.pairs:
                for one in pair.differences if pair.origin is not Origin.WHOLE else ():
                    if one.quantity == TIME:
                        change = abs(one.change) if one.significant else 0.0
                        changes[pair.name] = max(change, changes.get(pair.name, 0.0))
                        lengths[pair.name] = max(one.after, lengths.get(pair.name, 0.0))
        order = sorted(changes, key=lambda name: (-changes[name], -lengths[name]))
        return tuple(order[:count])

    def durations(self, name: str | None) -> list[tuple[float | None, Difference | None]]:
        """Return a row's duration in each report, and how it differs from the one before.

        Args:
            name: of a layer; None for the whole model.
        """
        found = [_time(step, name) for step in self.steps]
        first = found[0].before if found and found[0] is not None else None
        rest = [(None if one is None else one.after, one) for one in found]
        return [(first, None), *rest]


def _time(step: Comparison, name: str | None) -> Difference | None:
    for pair in step.pairs:
        if pair.name == name or (name is None and pair.origin is Origin.WHOLE):
            return next((one for one in pair.differences if one.quantity == TIME), None)
    return None


def progression(
    reports: Sequence[Report], alpha: float = ALPHA, min_effect: float = MIN_EFFECT
) -> Progression:
    """Compare the durations of reports, each with the one before it.

    Args:
        reports: two or more, in order.
        alpha: probability that any step is called different although nothing is.
        min_effect: see `compare`.
    """
    level = alpha / (len(reports) - 1)
    pairs = itertools.pairwise(reports)

    def only_time(quantity: str) -> bool:
        return quantity == TIME

    return Progression(
        tuple(compare(one, other, level, min_effect, only_time) for one, other in pairs),
        compare(reports[0], reports[-1], alpha, min_effect, only_time),
    )
