# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How often `compare` is wrong: the same firmware against itself, and with a real 3% more work.

Reports of the two firmwares are made alternately, as `zephyr-counters profile` makes them without
options: two per pair, each of which takes about 4 s of processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from zephyr_counters.board.board import Board
from zephyr_counters.cli.measuring import REPEAT, WARMUP
from zephyr_counters.cli.profile import MOST, RUNS
from zephyr_counters.measure import profile
from zephyr_counters.measure.runs import profile_runs
from zephyr_counters.project import Project
from zephyr_counters.report import Comparison, Report, compare
from zephyr_counters.report.comparison import Verdict

from bench.limits import Measurement
from bench.more_work import with_more_work
from bench.project import demo_project

FALSE_LIMIT, FOUND_LIMIT = 5, 95
"""Percent of pairs."""


def measured(project: Project, runs: int, counters: Sequence[str]) -> Report:
    """Profile in several runs; the firmware is a new process in each."""

    def run(index: int) -> Report:
        with Board(project) as board:
            return profile(board, counters=counters, repeat=REPEAT, most=MOST, warmup=WARMUP)

    return profile_runs(run, runs)


def significant(comparison: Comparison) -> list[str]:
    """Return what is called different."""
    return [
        f"{pair.name} {one.quantity} {one.ratio or 0:.3f}"
        for pair in comparison.pairs
        for one in pair.differences
        if one.significant
    ]


def percent(name: str, count: int, pairs: int, limit: float, at_least: bool) -> Measurement:
    """Return a share of pairs, and the limit it is held to."""
    return Measurement(name, 100 * count / pairs, "%", limit, at_least)


def main() -> None:
    """Measure, print the two figures and save them where --output says."""
    parser = argparse.ArgumentParser(prog="bench.compare", description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=100, help="pairs of reports (default: 100)")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"per report (default: {RUNS})")
    parser.add_argument("--counters", default="*", help="counters, separated by commas")
    parser.add_argument("--output", type=Path, help="save the figures as JSON")
    options = parser.parse_args()
    counters = options.counters.split(",")
    false, found = 0, 0
    ratios: list[float] = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        project = demo_project(Path(folder))
        slower = with_more_work(project, Path(folder) / "slower")
        before = measured(project, options.runs, counters)
        for index in range(options.pairs):
            changed = compare(before, measured(slower, options.runs, counters)).whole
            again = measured(project, options.runs, counters)
            called = significant(compare(before, again))
            before = again
            seen = changed is not None and changed.verdict is Verdict.HIGHER
            false += bool(called)
            found += seen
            ratios.append(changed.ratio or 0.0 if changed is not None else 0.0)
            print(
                f"pair {index + 1}, load {os.getloadavg()[0]:.1f}: "
                f"equal: {'; '.join(called) or 'no difference'}; "
                f"more work: {100 * (ratios[-1] - 1):+.1f}%, {'found' if seen else 'not found'}",
                flush=True,
            )
    took = time.monotonic() - started
    print(
        f"{options.pairs} pairs in {took / 60:.0f} min, {options.runs} runs per report; the change "
        f"is {100 * (statistics.median(ratios) - 1):.1f}% (median of pairs)."
    )
    figures = (
        percent("pairs of equal firmware that differ", false, options.pairs, FALSE_LIMIT, False),
        percent("pairs in which the change is found", found, options.pairs, FOUND_LIMIT, True),
    )
    for one in figures:
        sign = "at least" if one.at_least else "at most"
        print(f"{one.name}: {one.value:.0f}%; {sign} {one.limit:.0f}%: {one.verdict}")
    if options.output is not None:
        saved = {
            "pairs": options.pairs,
            "false": false,
            "found": found,
            "met": all(one.verdict == "met" for one in figures),
        }
        options.output.write_text(json.dumps(saved) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
