# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Statistics against scipy, and how often they are wrong on made-up data."""

from __future__ import annotations

import random

import numpy as np
import pytest
from zephyr_counters.report import student
from zephyr_counters.report.significance import (
    detectable,
    granularity,
    holm,
    location,
    trimmed_test,
)
from zephyr_counters.report.statistics import rank_test

stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")


def noise(seed: int, count: int, mean: float = 0.0, scale: float = 1.0) -> list[float]:
    source = random.Random(seed)
    return [source.gauss(mean, scale) for _ in range(count)]


@pytest.mark.parametrize("df", [1.0, 2.0, 3.7, 10.0, 100.0, 5000.0])
@pytest.mark.parametrize("t", [0.0, 0.001, 0.5, 1.0, 2.5, 10.0, 300.0])
def test_students_t(t: float, df: float) -> None:
    assert student.two_sided(t, df) == pytest.approx(2 * stats.t.sf(t, df), rel=1e-9, abs=1e-300)
    assert student.two_sided(-t, df) == student.two_sided(t, df)


@pytest.mark.parametrize("df", [1.0, 4.0, 30.0])
@pytest.mark.parametrize("p", [0.5, 0.05, 1e-3, 1e-6])
def test_students_quantile(p: float, df: float) -> None:
    assert student.quantile(p, df) == pytest.approx(stats.t.isf(p / 2, df), rel=1e-6)


def by_scipy(left: list[float], right: list[float]) -> float:
    """The trimmed test, of what scipy has: a mean and a variance that leave out the highest."""
    parts, means = [], []
    for values in (left, right):
        count, kept = len(values), len(values) - int(0.4 * len(values))
        means.append(stats.trim1(values, 0.4, "right").mean())
        winsorized = stats.mstats.winsorize(np.array(values), limits=(0, 0.4))
        squares = float(np.var(winsorized, ddof=1)) * (count - 1)
        parts.append((squares / (kept * (kept - 1)), kept - 1))
    error = sum(part for part, _ in parts)
    df = error**2 / sum(part**2 / free for part, free in parts)
    return float(2 * stats.t.sf(abs(means[0] - means[1]) / error**0.5, df))


@pytest.mark.parametrize("sizes", [(2, 2), (3, 4), (5, 5), (5, 12), (30, 30)])
def test_the_trimmed_test(sizes: tuple[int, int]) -> None:
    left, right = noise(1, sizes[0]), noise(2, sizes[1], 0.8, 2.0)
    assert trimmed_test(left, right) == pytest.approx(by_scipy(left, right), rel=1e-9)
    if sizes == (2, 2):
        welch = stats.ttest_ind(left, right, equal_var=False).pvalue
        assert trimmed_test(left, right) == pytest.approx(welch, rel=1e-9)


@pytest.mark.parametrize("count", [3, 5, 10])
@pytest.mark.parametrize("disturbed", [0.0, 0.1, 0.3])
def test_the_trimmed_test_keeps_its_level(count: int, disturbed: float) -> None:
    """Whatever share of the runs something else makes slower, at most 5% of equal pairs differ."""
    source = random.Random(count)

    def runs() -> list[float]:
        return [
            source.gauss(100, 1) + source.expovariate(0.05) * (source.random() < disturbed)
            for _ in range(count)
        ]

    wrong = sum(trimmed_test(runs(), runs()) <= 0.05 for _ in range(1000))
    assert wrong <= 65


@pytest.mark.parametrize("sizes", [(4, 5), (8, 8), (20, 30)])
def test_the_rank_test(sizes: tuple[int, int]) -> None:
    left, right = noise(3, sizes[0]), noise(4, sizes[1], 0.8)
    method = "exact" if sum(sizes) <= 24 else "asymptotic"
    expected = stats.mannwhitneyu(left, right, method=method).pvalue
    assert rank_test(left, right) == pytest.approx(expected, rel=1e-9)


def test_values_that_do_not_vary() -> None:
    assert trimmed_test([1.0] * 5, [1.0] * 5) == 1.0
    assert trimmed_test([1.0] * 5, [2.0] * 5) == 0.0
    assert trimmed_test([1.0], [2.0] * 5) == 1.0
    # One tick of the clock is no difference, however often it is seen.
    assert trimmed_test([20.0] * 5, [21.0] * 5, resolution=1.0) > 0.2
    assert granularity([10, 30, 20, 20]) == 10 and granularity([5, 5]) == 0.0


def test_two_disturbed_runs_of_five_do_not_hide_a_change() -> None:
    before = [100.0, 117.0, 99.9, 100.1, 130.0]
    after = [103.0, 103.2, 102.9, 103.1, 103.0]
    assert trimmed_test(before, after) < 1e-3
    assert location(before) == pytest.approx(100.0)
    assert stats.ttest_ind(before, after, equal_var=False).pvalue > 0.3


def test_holm() -> None:
    """The example: p of 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == [] and holm([0.2]) == [0.2] and holm([0.9, 0.8]) == [1.0, 1.0]


def test_holm_with_weights() -> None:
    """Half of the level is the first's, whatever the others are."""
    assert holm([0.02, 0.5, 0.5, 0.5], [3, 1, 1, 1])[0] == pytest.approx(0.04)
    assert holm([0.02, 0.04], [1, 1]) == pytest.approx(holm([0.02, 0.04]))


def test_a_difference_of_the_detectable_size_is_found_4_times_in_5() -> None:
    found = 0
    for seed in range(400):
        left, right = noise(2 * seed, 10), noise(2 * seed + 1, 10)
        shift = detectable(left, right, 0.05)
        assert shift is not None
        moved = noise(10_000 + 2 * seed, 10, shift)
        found += trimmed_test(noise(20_000 + seed, 10), moved) <= 0.05
    assert 0.70 < found / 400 < 0.90
    assert detectable([1.0], [1.0, 2.0], 0.05) is None


@pytest.mark.slow
def test_many_questions_keep_one_level() -> None:
    """Of 300 families of 20 tests without a difference, at most about 5% find any."""
    wrong = 0
    for family in range(300):
        ps = [
            trimmed_test(noise(family * 1000 + 2 * one, 5), noise(family * 1000 + 2 * one + 1, 5))
            for one in range(20)
        ]
        wrong += min(holm(ps)) <= 0.05
    assert wrong / 300 < 0.10
