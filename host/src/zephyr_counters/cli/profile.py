# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters profile`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import (
    Count,
    add_command,
    add_force,
    add_project,
    check_folder,
    open_project,
)
from zephyr_counters.cli.console import progress, steps
from zephyr_counters.cli.exporting import add_exports, check_exports, measured
from zephyr_counters.cli.inputs import add_inputs, load_inputs
from zephyr_counters.cli.measuring import REPEAT, add_measuring, measuring
from zephyr_counters.cli.project_options import Opener, add_project_options, parse
from zephyr_counters.cli.tables import add_table
from zephyr_counters.errors import UsageError

MOST = 100
"""Repetitions per pass, if there is time for more than REPEAT."""
RUNS = 5
"""Runs of a board that can be started again, unless asked for otherwise."""
LEAST_RUNS = 2
"""Likewise, if runs take more than a minute."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zephyr_counters.blob.catalog import Catalog
    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.report.report import Report


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "profile",
        run,
        "run a model on a board and count, layer by layer",
        (
            "zephyr-counters profile PROJECT",
            "zephyr-counters profile PROJECT --counters 'mac-array:*,cycles' --json report.json",
            "zephyr-counters profile PROJECT --project-option port=/dev/ttyACM0 baudrate=115200",
            "zephyr-counters profile PROJECT --top 5 --sort time",
            "zephyr-counters profile PROJECT --runs 5 --json before.json    # for compare",
        ),
    )
    add_project(command)
    add_measuring(
        command,
        repeat={
            "default": None,
            "help": f"repetitions per pass (default: {REPEAT}; up to {MOST} if they take less than "
            "a second)",
        },
    )
    command.add_argument(
        "--runs",
        metavar="K",
        action=Count,
        help="start the board K times and profile each time, for compare (default: "
        f"{RUNS} if the firmware runs on this machine, fewer if that takes over a minute; else 1)",
    )
    add_inputs(command)
    command.add_argument(
        "--blobs", metavar="DIR", type=Path, help="save the board's records, for decode"
    )
    add_table(command)
    add_project_options(command, "open_transport")
    add_force(command)
    add_exports(command)


def run(options: argparse.Namespace) -> int:
    """Profile the model, print the table and save the exports."""
    check_exports(options)
    check_folder(options.force, options.blobs)
    parse(options.project_option)
    measured(lambda: _report(options), options, options.top, options.sort)
    return 0


def _report(options: argparse.Namespace) -> Report:
    from zephyr_counters.board.board import Board
    from zephyr_counters.measure import profile
    from zephyr_counters.measure.runs import profile_runs

    inputs = None if options.inputs is None else load_inputs(options.inputs)
    project = open_project(options.project)
    target = Opener(project, parse(options.project_option))
    asked = measuring(options)
    if options.repeat is None:
        asked |= {"repeat": REPEAT, "most": MOST}
    runs = options.runs or (1 if project.needs_flash else RUNS)

    def run_once(index: int) -> Report:
        which = "" if runs == 1 else f", run {index + 1} of {runs}"
        blobs = options.blobs
        if blobs is not None and runs > 1:
            blobs = blobs / f"run-{index}"
            blobs.mkdir(parents=True, exist_ok=True)
        with steps(f"Starting the board{which}"):
            board = Board(target)
        with board, progress(f"Profiling{which}") as show_progress:
            check_sort(options.sort, board.catalog(), options.counters)
            return profile(board, inputs, progress=show_progress, blobs=blobs, **asked)

    report = profile_runs(run_once, runs, options.runs or min(runs, LEAST_RUNS))
    if runs > 1 and project.needs_flash:
        note = "the board was not restarted between the runs, so they are not independent"
        report = replace(report, notes=(*report.notes, note))
    return report


def check_sort(sort: str, catalog: Catalog, counters: Sequence[str]) -> None:
    """Check, before anything is measured, that the table can be sorted.

    Raises:
        UsageError: it cannot be sorted by that.
    """
    from zephyr_counters.measure.patterns import choose
    from zephyr_counters.report.table import ORDERS

    known = [*ORDERS]
    for provider, counter in choose(catalog, counters).counters:
        known.append(
            f"{catalog.providers[provider].name}:{catalog.counter(provider, counter).name}"
        )
    if sort not in known:
        raise UsageError(f"cannot sort by {sort!r}", f"use one of {', '.join(known)}")
