# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether two sets of samples differ, corrected for many such questions."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence

from zephyr_counters.report import student

TRIM = 0.4
"""Part of the values, the highest, that does not count."""
POWER = 0.8
"""Probability with which a difference of `detectable` is found."""


def location(values: Sequence[float]) -> float:
    """Return the mean of all values but the highest `TRIM` of them.

    What else goes on in a machine only makes runs slower, so it is the fast ones that agree.
    """
    kept = _kept(values)
    return statistics.fmean(kept)


def trimmed_test(left: Sequence[float], right: Sequence[float], resolution: float = 0.0) -> float:
    """Return the two-sided p of a trimmed t-test (H0: both have one `location`).

    It is Yuen's test, trimmed on one side. Of two values none is left out, so it is Welch's t-test.
    1.0 if either has fewer than two values. If what counts does not vary, 1.0 if it is equal, else
    0.0.

    Yuen, The two-sample trimmed t for unequal population variances, Biometrika 61, 1974.

    Args:
        left: values.
        right: values.
        resolution: smallest difference that the clock shows. Values that agree within it do not
            make the test surer than one of it would.
    """
    if min(len(left), len(right)) < 2:
        return 1.0
    difference = location(left) - location(right)
    error, df = _error(left, right, resolution)
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return student.two_sided(difference / error, df)


def detectable(
    left: Sequence[float], right: Sequence[float], alpha: float, resolution: float = 0.0
) -> float | None:
    """Return the difference that `trimmed_test` at `alpha` finds 4 times in 5.

    None if either has fewer than two values.
    """
    if min(len(left), len(right)) < 2:
        return None
    error, df = _error(left, right, resolution)
    if error == 0:
        return 0.0
    return error * (student.quantile(alpha, df) + student.quantile(2 * (1 - POWER), df))


def granularity(values: Sequence[float]) -> float:
    """Return the smallest difference between two values that differ; 0.0 if none do."""
    distinct = sorted(set(values))
    gaps = [after - before for before, after in itertools.pairwise(distinct)]
    return min(gaps, default=0.0)


def holm(ps: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """Return each p corrected for all of them, so that one level holds for all together.

    Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6, 1979; weights as there in section 4.

    Args:
        ps: one per question.
        weights: how much of the level each question gets, relative to the others; None for equal.
    """
    shares = [1.0] * len(ps) if weights is None else list(weights)
    corrected = [0.0] * len(ps)
    left = math.fsum(shares)
    least = 0.0
    for index in sorted(range(len(ps)), key=lambda one: ps[one] / shares[one]):
        least = max(least, min(1.0, left / shares[index] * ps[index]))
        corrected[index] = least
        left -= shares[index]
    return corrected


def _kept(values: Sequence[float]) -> list[float]:
    """Return the values that count, sorted."""
    return sorted(values)[: len(values) - int(TRIM * len(values))]


def _error(left: Sequence[float], right: Sequence[float], resolution: float) -> tuple[float, float]:
    """Return the standard error of the difference of locations, and degrees of freedom."""
    parts, freedoms = [], []
    for values in (left, right):
        kept = _kept(values)
        winsorized = kept + [kept[-1]] * (len(values) - len(kept))
        squares = statistics.variance(winsorized) * (len(values) - 1)
        parts.append(max(squares / (len(kept) * (len(kept) - 1)), resolution**2 / len(kept)))
        freedoms.append(len(kept) - 1)
    total = sum(parts)
    if total == 0:
        return 0.0, 1.0
    below = sum((part / total) ** 2 / df for part, df in zip(parts, freedoms, strict=True))
    return math.sqrt(total), 1 / below
