# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How often `compare` is wrong: the same firmware against itself, and with a known change.

The known change is added to the second report's durations, so that the noise is that of the board.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from zephyr_counters.board.board import Board
from zephyr_counters.measure import profile
from zephyr_counters.measure.runs import profile_runs
from zephyr_counters.project import Project
from zephyr_counters.report import Comparison, Report, compare
from zephyr_counters.report.comparison import Verdict

from bench.project import demo_project

CHANGE = 0.03
FALSE_LIMIT, FOUND_LIMIT = 5, 95


def measured(project: Project, runs: int, repeat: int, counters: Sequence[str]) -> Report:
    """Profile in several runs; the firmware is a new process in each."""

    def run(index: int) -> Report:
        with Board(project) as board:
            return profile(board, counters=counters, repeat=repeat)

    return profile_runs(run, runs)


def slower(report: Report, change: float) -> Report:
    """Return the report with longer durations."""
    rows = tuple(
        replace(
            row,
            ticks=tuple(
                replace(one, raw=tuple(round(one.cost + v * (1 + change)) for v in one.values))
                for one in row.ticks
            ),
        )
        for row in report.rows
    )
    return replace(report, rows=rows)


def wrong(comparison: Comparison) -> list[str]:
    """Return what is called different."""
    return [
        f"{pair.name} {one.quantity} {one.ratio or 0:.3f}"
        for pair in comparison.pairs
        for one in pair.differences
        if one.significant
    ]


def main() -> None:
    """Measure, print the two figures and save them where --output says."""
    parser = argparse.ArgumentParser(prog="bench.compare", description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=100, help="pairs of reports (default: 100)")
    parser.add_argument("--runs", type=int, default=5, help="runs per report (default: 5)")
    parser.add_argument("--repeat", type=int, default=20, help="repetitions per run (default: 20)")
    parser.add_argument("--counters", default="*", help="counters, separated by commas")
    parser.add_argument("--output", type=Path, help="save the figures as JSON")
    options = parser.parse_args()
    counters = options.counters.split(",")
    false, found = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        project = demo_project(Path(folder))
        for index in range(options.pairs):
            before, after = (
                measured(project, options.runs, options.repeat, counters) for _ in range(2)
            )
            called = wrong(compare(before, after))
            whole = compare(before, slower(after, CHANGE)).whole
            seen = whole is not None and whole.verdict is Verdict.HIGHER
            false += bool(called)
            found += seen
            print(f"pair {index + 1}: {'; '.join(called) or '-'}; {CHANGE:.0%} found: {seen}")
    per = 100 / options.pairs
    print(f"{false} of {options.pairs} pairs of equal firmware differ; at most {FALSE_LIMIT}%")
    print(f"{CHANGE:.0%} is found in {found} of {options.pairs} pairs; at least {FOUND_LIMIT}%")
    if options.output is not None:
        figures = {
            "pairs": options.pairs,
            "false": false,
            "found": found,
            "met": false * per <= FALSE_LIMIT and found * per >= FOUND_LIMIT,
        }
        options.output.write_text(json.dumps(figures) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
