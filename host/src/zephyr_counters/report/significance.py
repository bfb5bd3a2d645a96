# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether two sets of samples differ, corrected for many such questions."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from zephyr_counters.report import student

POWER = 0.8
"""Probability with which a difference of `detectable` is found."""


def welch(left: Sequence[float], right: Sequence[float], resolution: float = 0.0) -> float:
    """Return the two-sided p of Welch's t-test (H0: both have one mean).

    1.0 if either has fewer than two values. If neither varies, 1.0 if they are equal, else 0.0.

    Args:
        left: values.
        right: values.
        resolution: smallest difference that the clock shows. Values that agree within it do not
            make the test surer than one of it would.
    """
    if min(len(left), len(right)) < 2:
        return 1.0
    difference = statistics.fmean(left) - statistics.fmean(right)
    error, df = _error(left, right)
    error = max(error, resolution * math.sqrt(1 / len(left) + 1 / len(right)))
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return student.two_sided(difference / error, df)


def detectable(left: Sequence[float], right: Sequence[float], alpha: float) -> float | None:
    """Return the difference of means that Welch's test at `alpha` finds 4 times in 5.

    None if either has fewer than two values.
    """
    if min(len(left), len(right)) < 2:
        return None
    error, df = _error(left, right)
    if error == 0:
        return 0.0
    return error * (student.quantile(alpha, df) + student.quantile(2 * (1 - POWER), df))


def holm(ps: Sequence[float]) -> list[float]:
    """Return each p corrected for all of them, so that one level holds for all together.

    Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6, 1979.
    """
    corrected = [0.0] * len(ps)
    least = 0.0
    for rank, index in enumerate(sorted(range(len(ps)), key=lambda one: ps[one])):
        least = max(least, min(1.0, (len(ps) - rank) * ps[index]))
        corrected[index] = least
    return corrected


def _error(left: Sequence[float], right: Sequence[float]) -> tuple[float, float]:
    """Return the standard error of the difference of means, and Welch's degrees of freedom."""
    parts = [statistics.variance(one) / len(one) for one in (left, right)]
    total = sum(parts)
    if total == 0:
        return 0.0, 1.0
    below = sum(
        (part / total) ** 2 / (len(one) - 1) for part, one in zip(parts, (left, right), strict=True)
    )
    return math.sqrt(total), 1 / below
