# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How many repetitions are measured, in which chunks, and how often a board is started."""

from __future__ import annotations

import types
from pathlib import Path

import made_up
import pytest
from fake_board import FakeBoard
from zephyr_counters.cli import profile as command
from zephyr_counters.cli.main import main
from zephyr_counters.measure import profile, runs
from zephyr_counters.measure.pace import BUDGET_SECONDS, Pace
from zephyr_counters.report import Report, exports


def chunks(pace: Pace, each: float) -> list[int]:
    """The chunks of repetitions that take `each` seconds."""
    made = []
    while (chunk := pace.chunk()) > 0:
        made.append(chunk)
        pace.made(chunk, chunk * each)
    return made


def test_repetitions_are_spread_over_chunks() -> None:
    assert chunks(Pace(100, 100, 1000), 1e-4) == [1, *[10] * 9, 9]
    assert chunks(Pace(1000, 1000, 10**6), 1e-4) == [1, *[100] * 9, 99]
    assert chunks(Pace(10, 10, 1000, first=2), 1e-4) == [2, 8]


def test_chunks_fit_the_buffer_and_a_second() -> None:
    assert chunks(Pace(20, 20, 6), 1e-4) == [1, 6, 6, 6, 1]
    assert chunks(Pace(5, 5, 1000), 0.4) == [1, 2, 2]
    pace = Pace(20, 20, 100)
    pace.overflowed(20)
    assert pace.chunk() == 1 and pace.capacity == 10


def test_more_repetitions_only_if_there_is_time() -> None:
    assert sum(chunks(Pace(10, 100, 1000), 1e-4)) == 100
    slow = sum(chunks(Pace(10, 100, 1000), 0.05))
    assert 10 < slow <= 10 + BUDGET_SECONDS / 0.05
    assert sum(chunks(Pace(10, 100, 1000), 1.0)) == 10


def test_each_pass_has_as_many_as_the_first() -> None:
    report = profile(FakeBoard(), repeat=3, most=50, warmup=2)
    assert len(report.passes) == 2
    assert {len(series.raw) for row in report.rows for series in row.ticks} == {50}


def test_runs_that_take_long_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(0, 10_000, 40))
    clock = types.SimpleNamespace(monotonic=lambda: float(next(now)))
    monkeypatch.setattr(runs, "time", clock)

    def run(index: int) -> Report:
        return made_up.report([made_up.row(100)])

    assert len(runs.profile_runs(run, 5, least=3).runs) == 3
    assert len(runs.profile_runs(run, 5).runs) == 5


@pytest.mark.parametrize(("needs_flash", "count"), [(False, command.RUNS), (True, 1)])
def test_a_board_that_can_be_is_started_several_times(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, needs_flash: bool, count: int
) -> None:
    project = types.SimpleNamespace(needs_flash=needs_flash)
    monkeypatch.setattr(command, "open_project", lambda folder: project)
    monkeypatch.setattr(command, "MOST", 15)
    path = tmp_path / "r.json"
    assert main(["profile", "p", "--counters", "cycles", "--json", str(path)]) == 0
    report = exports.load(path)
    assert max(1, len(report.runs)) == count
    assert len(report.rows[0].ticks[0].raw) == count * command.MOST
    assert len(report.rows[0].ticks[0].warmup) == count
    again = ["profile", "p", "--counters", "cycles", "--runs", "2", "--json", str(path)]
    assert main([*again, "--force"]) == 0
    said = [note for note in exports.load(path).notes if "not restarted" in note]
    assert bool(said) is needs_flash
