# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What is said about the warm-up, and about a drift within runs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import made_up
import pytest
from zephyr_counters.blob.records import Origin
from zephyr_counters.report import Report, Series, table
from zephyr_counters.report.runs import join
from zephyr_counters.report.stability import drift, lines


def report(runs: Sequence[Sequence[int]], warmup: tuple[int, ...] = ()) -> Report:
    found = []
    for values in runs:
        row = made_up.row(values, name="model", origin=Origin.WHOLE)
        row = replace(row, ticks=(Series("ticks", tuple(values), warmup=warmup),))
        layer = replace(row, name="quantize", origin=Origin.LAYER)
        late = tuple(20 * value for value in warmup)
        layer = replace(layer, ticks=(Series("ticks", tuple(values), warmup=late),))
        found.append(made_up.report([layer, row]))
    return join(found)


def noisy(seed: int, count: int, slope: float = 0.0) -> list[int]:
    source = random.Random(seed)
    return [round(10_000 * (1 + slope * i / count) + source.gauss(0, 100)) for i in range(count)]


def test_a_drift_is_found_and_said() -> None:
    for slope, word in ((0.1, "slower"), (-0.1, "faster")):
        found = report([noisy(seed, 40, slope) for seed in range(3)])
        changed = drift(found)
        assert changed is not None and changed.runs == 3
        assert changed.change == pytest.approx(slope / 2, rel=0.25)
        assert f"became {word} within 3 of 3 runs" in table.render(found)


def test_noise_and_one_run_of_three_are_no_drift() -> None:
    assert drift(report([noisy(seed, 40) for seed in range(3)])) is None
    mixed = [noisy(1, 40, 0.1), noisy(2, 40), noisy(3, 40)]
    assert drift(report(mixed)) is None
    assert drift(report([noisy(1, 40, 0.1), noisy(2, 40, -0.1)])) is None


def test_a_drift_is_rarely_found_where_there_is_none() -> None:
    wrong = sum(drift(report([noisy(1000 + seed, 20)])) is not None for seed in range(300))
    assert wrong <= 6


def test_too_small_a_drift_does_not_matter() -> None:
    assert drift(report([[10_000] * 20 + [10_020] * 20])) is None


def test_the_warm_up_is_shown() -> None:
    found = report([[100] * 5] * 2, warmup=(300,))
    (runs, line) = lines(found)
    assert runs == "2 runs of 5 repetitions."
    assert line == (
        "Warm-up, not counted: 1 repetition per run and pass; the whole model took 3.00 times its "
        "median in it, quantize 60 times."
    )
    assert not list(lines(report([[100] * 5])))


def test_calls_per_record_are_shown() -> None:
    found = report([[100] * 5])
    found = replace(found, rows=tuple(replace(row, calls=8) for row in found.rows))
    assert "spans 8 calls" in next(lines(found))
