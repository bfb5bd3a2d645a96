# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Statistics of repetitions, and a test whether two sets of them differ."""

from __future__ import annotations

import functools
import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_EXACT_UP_TO = 24
"""Up to this many samples in both sets together, the rank test enumerates all cases."""


@dataclass(frozen=True)
class Statistics:
    """Statistics of one quantity over its repetitions, in the quantity's unit.

    Attributes:
        n: number of repetitions.
        stdev: sample standard deviation (n - 1); 0 for a single repetition.
        mad: median absolute deviation from the median, not scaled.
    """

    n: int
    median: float
    mean: float
    min: float
    max: float
    stdev: float
    mad: float


def summarize(values: Sequence[float]) -> Statistics:
    """Return the statistics of at least one value."""
    median = statistics.median(values)
    return Statistics(
        n=len(values),
        median=float(median),
        mean=float(statistics.fmean(values)),
        min=float(min(values)),
        max=float(max(values)),
        stdev=float(statistics.stdev(values)) if len(values) > 1 else 0.0,
        mad=float(statistics.median(abs(value - median) for value in values)),
    )


def rank_test(left: Sequence[float], right: Sequence[float]) -> float:
    """Return the two-sided p of Mann and Whitney's test (H0: both have one distribution).

    Exact, ties included, for small sets; otherwise the normal approximation, corrected for ties
    and continuity. 1.0 if either set is empty.
    """
    if not left or not right:
        return 1.0
    ranks = _doubled_ranks([*left, *right])
    observed = sum(ranks[: len(left)])
    if len(ranks) <= _EXACT_UP_TO:
        return _exact(tuple(sorted(ranks)), len(left), observed)
    return _approximate(ranks, len(left), observed)


def _doubled_ranks(values: Sequence[float]) -> list[int]:
    """Return twice the mid-rank of each value, which is an integer."""
    below: dict[float, int] = {}
    counts = Counter(values)
    seen = 0
    for value in sorted(counts):
        below[value] = seen
        seen += counts[value]
    return [2 * below[value] + counts[value] + 1 for value in values]


@functools.lru_cache(maxsize=4096)
def _exact(ranks: tuple[int, ...], size: int, observed: int) -> float:
    ways: list[Counter[int]] = [Counter() for _ in range(size + 1)]
    ways[0][0] = 1
    for rank in ranks:
        for count in range(size, 0, -1):
            for total, number in ways[count - 1].items():
                ways[count][total + rank] += number
    centre = size * sum(ranks)
    distance = abs(observed * len(ranks) - centre)
    extreme = sum(
        number
        for total, number in ways[size].items()
        if abs(total * len(ranks) - centre) >= distance
    )
    return extreme / math.comb(len(ranks), size)


def _approximate(ranks: Sequence[int], size: int, observed: int) -> float:
    total = len(ranks)
    other = total - size
    u = observed / 2 - size * (size + 1) / 2
    ties = sum(count**3 - count for count in Counter(ranks).values())
    variance = size * other / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    z = max(0.0, abs(u - size * other / 2) - 0.5) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))
