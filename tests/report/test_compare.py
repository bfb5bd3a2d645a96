# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Two reports side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fake_board import FakeBoard, archive
from zephyr_counters.measure import profile
from zephyr_counters.report import Report, compare
from zephyr_counters.report.comparison import Verdict


def measured(**board: object) -> Report:
    return profile(
        FakeBoard(**board), counters=["core:cycles", "npu:macs"], repeat=8, archive=archive()
    )


def noisy(report: Report, shift: int) -> Report:
    """The report with values of its own in each repetition."""
    rows = tuple(
        replace(
            row,
            ticks=tuple(
                replace(one, raw=tuple(v + shift + 3 * n for n, v in enumerate(one.raw)))
                for one in row.ticks
            ),
        )
        for row in report.rows
    )
    return replace(report, rows=rows)


def find(comparison: Any, row: str, quantity: str) -> Any:
    pair = next(pair for pair in comparison.pairs if pair.name == row)
    return next(one for one in pair.differences if one.quantity == quantity)


def test_exact_counters_compare_exactly() -> None:
    same = compare(measured(), measured())
    assert all(one.verdict is Verdict.SAME for pair in same.pairs for one in pair.differences)
    slower = find(compare(measured(), measured(slower=1)), "conv_1", "npu:macs")
    assert (slower.verdict, slower.p) == (Verdict.HIGHER, 0.0)
    assert (slower.before, slower.after, slower.ratio) == (2080, 2081, 2081 / 2080)


def test_noise_is_not_significant_and_a_shift_is() -> None:
    before = noisy(measured(), 0)
    assert find(compare(before, noisy(measured(), 1)), "conv_0", "time").verdict is (
        Verdict.NOT_SIGNIFICANT
    )
    shifted = compare(before, noisy(measured(), 100))
    assert find(shifted, "conv_0", "time").verdict is Verdict.HIGHER
    assert find(compare(noisy(measured(), 100), before), "conv_0", "time").verdict is Verdict.LOWER
    assert shifted.grown(5) == ("conv_0",)
    assert shifted.grown(2.4) == ("conv_0", "conv_1", "conv_2", "toy")
    assert shifted.grown(50) == ()


def test_too_few_repetitions() -> None:
    one = profile(FakeBoard(), counters=["cycles"], repeat=1)
    two = profile(FakeBoard(slower=500), counters=["cycles"], repeat=1)
    assert find(compare(one, two), "layer 0", "time").verdict is Verdict.UNTESTED


def test_stuck_and_wrapped_counters_are_not_compared() -> None:
    comparison = compare(measured(), measured(stuck=("npu:macs",), wrapped=(1, 0)))
    assert find(comparison, "conv_1", "npu:macs").verdict is Verdict.MEANINGLESS
    assert find(comparison, "conv_1", "core:cycles").verdict is Verdict.MEANINGLESS
    assert find(comparison, "conv_0", "core:cycles").verdict is Verdict.SAME


def test_rows_match_by_name_then_by_index() -> None:
    before, after = measured(), measured()
    first, second, *rest = after.rows
    after = replace(after, rows=(replace(second, tag=0), replace(first, name="new"), *rest))
    names = [pair.name for pair in compare(before, after).pairs]
    assert "conv_1" in names and "conv_0 → new" in names
    shorter = replace(after, rows=after.rows[2:])
    assert compare(before, shorter).removed == ("conv_0", "conv_1")
    assert compare(shorter, before).added == ("conv_0", "conv_1")


def test_what_makes_reports_hard_to_compare_is_said() -> None:
    other = profile(
        FakeBoard(), counters=["core:cycles"], repeat=2, archive=archive(), lock_interrupts=True
    )
    assert other.model is not None
    other = replace(
        other,
        catalog=replace(other.catalog, board="other"),
        model=replace(other.model, hash="00"),
    )
    notes = compare(measured(), other).notes
    assert any("boards differ" in note for note in notes)
    assert any("models differ" in note for note in notes)
    assert any("npu:macs is in only one" in note for note in notes)
    assert any("interrupts were locked in only one" in note for note in notes)
