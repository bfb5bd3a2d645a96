# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Several runs of one profile, with the board restarted in between.

Repetitions of one run share the board's start, caches and memory layout, so only runs are
independent samples.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from zephyr_counters.measure.stopped import ProfileInterrupted, ProfileStopped
from zephyr_counters.report import metrics
from zephyr_counters.report.report import Report
from zephyr_counters.report.runs import join

BUDGET_SECONDS = 60.0
"""For the runs that are made only if there is time."""


def profile_runs(run: Callable[[int], Report], count: int, least: int | None = None) -> Report:
    """Return the joined report of `count` runs.

    Args:
        run: starts the board, profiles, stops the board and returns the report; gets the run's
            index.
        count: how many runs, above 0.
        least: how many are made though they take more than a minute; None for all.

    Raises:
        ProfileStopped, ProfileInterrupted: a run stopped early; holds the report of the runs before
            it, or of the first run as far as it came.
    """
    reports: list[Report] = []
    started = time.monotonic()
    for index in range(count):
        is_late = time.monotonic() - started > BUDGET_SECONDS
        if least is not None and index >= least and is_late:
            break
        try:
            reports.append(run(index))
        except (ProfileStopped, ProfileInterrupted) as stopped:
            if reports:
                note = f"run {index + 1} of {count} stopped early and is left out"
                before = _joined(reports)
                stopped.report = replace(before, notes=(*before.notes, note))
            raise
    return _joined(reports)


def _joined(reports: list[Report]) -> Report:
    if len(reports) == 1:
        return reports[0]
    return metrics.with_metrics(join(reports), metrics.installed())
