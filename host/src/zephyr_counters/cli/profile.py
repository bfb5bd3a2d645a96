# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters profile`."""

from __future__ import annotations

import argparse
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
from zephyr_counters.cli.exporting import add_exports, check_exports, deliver
from zephyr_counters.cli.inputs import add_inputs, load_inputs
from zephyr_counters.cli.measuring import add_measuring, measuring
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zephyr_counters.blob.catalog import Catalog
    from zephyr_counters.cli.arguments import Commands


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands, "profile", run, "run a model on a board and count, layer by layer"
    )
    add_project(command)
    add_measuring(command)
    add_inputs(command)
    command.add_argument(
        "--blobs", metavar="DIR", type=Path, help="save the board's records, for decode"
    )
    command.add_argument(
        "--top",
        metavar="N",
        action=Count,
        help="show the N largest layers, and all others in one row",
    )
    command.add_argument(
        "--sort",
        metavar="BY",
        default="index",
        help="order of the layers: index, name, time, or a counter (default: index)",
    )
    add_force(command)
    add_exports(command)


def run(options: argparse.Namespace) -> int:
    """Profile the model, print the table and save the exports."""
    from zephyr_counters.board.board import Board
    from zephyr_counters.measure import ProfileStopped, profile

    check_exports(options)
    check_folder(options.force, options.blobs)
    inputs = None if options.inputs is None else load_inputs(options.inputs)
    project = open_project(options.project)
    with steps("Starting the board"):
        board = Board(project)
    with board, progress("Profiling") as show_progress:
        check_sort(options.sort, board.catalog(), options.counters)
        try:
            report = profile(
                board, inputs, progress=show_progress, blobs=options.blobs, **measuring(options)
            )
        except ProfileStopped as stopped:
            deliver(stopped.report, options, options.top, options.sort)
            raise
    deliver(report, options, options.top, options.sort)
    return 0


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
