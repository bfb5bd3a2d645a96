# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters profile`."""

from __future__ import annotations

import argparse
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zephyr_counters.cli.common import (
    add_command,
    add_force,
    add_project,
    check_folder,
    check_output,
    open_project,
    progress,
    show,
    width,
    working,
)
from zephyr_counters.errors import UsageError
from zephyr_counters.measure.patterns import choose

if TYPE_CHECKING:
    from zephyr_counters.blob.catalog import Catalog
    from zephyr_counters.cli.common import Commands
    from zephyr_counters.report.report import Report


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands, "profile", run, "run a model on a board and count, layer by layer"
    )
    add_project(command)
    command.add_argument(
        "--counters",
        metavar="GLOB,...",
        default="*",
        help="which, as provider:counter or counter, with * and ? (default: all)",
    )
    command.add_argument(
        "--repeat", metavar="N", type=int, default=10, help="repetitions a pass (default: 10)"
    )
    command.add_argument("--inputs", metavar="F", type=Path, help="arrays by input name, .npz")
    command.add_argument(
        "--lock-interrupts",
        action="store_true",
        help="lock interrupts around each layer; they stay on otherwise",
    )
    command.add_argument("--json", metavar="F", type=Path, help="save the report, with all values")
    command.add_argument("--csv", metavar="F", type=Path, help="save all values as CSV")
    command.add_argument("--trace", metavar="F", type=Path, help="save a trace for Perfetto")
    command.add_argument(
        "--blobs", metavar="DIR", type=Path, help="save what the board sent, for decode"
    )
    add_table(command)
    add_force(command)


def add_table(command: argparse.ArgumentParser) -> None:
    """Add what changes the table."""
    command.add_argument(
        "--top", metavar="N", type=int, help="show the N largest layers, the others in one row"
    )
    command.add_argument(
        "--sort", metavar="BY", default="index", help="index, name, time, or a counter"
    )


def run(options: argparse.Namespace) -> int:
    """Profile, print the table, save what was asked for."""
    from zephyr_counters.board.board import Board
    from zephyr_counters.measure import ProfileStopped, profile

    check_output(options.force, options.json, options.csv, options.trace)
    check_folder(options.force, options.blobs)
    if options.top is not None and options.top < 1:
        raise UsageError(f"--top {options.top} is not above 0")
    counters = patterns(options.counters)
    inputs = None if options.inputs is None else load_inputs(options.inputs)
    project = open_project(options.project)
    with working("Starting the board"):
        board = Board(project)
    with board, progress("Profiling") as told:
        check_sort(options.sort, board.catalog(), counters)
        try:
            report = profile(
                board,
                inputs,
                counters=counters,
                repeat=options.repeat,
                lock_interrupts=options.lock_interrupts,
                progress=told,
                blobs=options.blobs,
            )
        except ProfileStopped as stopped:
            save(stopped.report, options)
            show_report(stopped.report, options)
            raise
    save(report, options)
    show_report(report, options)
    return 0


def patterns(text: str) -> list[str]:
    """Return the patterns of a list with commas.

    Raises:
        UsageError: there is none.
    """
    found = [one.strip() for one in text.split(",") if one.strip()]
    if not found:
        raise UsageError("--counters names none")
    return found


def check_sort(sort: str, catalog: Catalog, counters: list[str]) -> None:
    """Raise UsageError if the table cannot be sorted so; before anything is measured."""
    known = ["index", "name", "time"]
    for provider, counter in choose(catalog, counters).counters:
        known.append(
            f"{catalog.providers[provider].name}:{catalog.counter(provider, counter).name}"
        )
    if sort not in known:
        raise UsageError(f"cannot sort by {sort!r}", f"one of {', '.join(known)}")


def save(report: Report, options: argparse.Namespace) -> None:
    """Write the files that were asked for; first the one from which the others can be made."""
    if options.json is not None:
        options.json.write_text(report.to_json(), encoding="utf-8")
    if options.csv is not None:
        options.csv.write_text(report.to_csv(), encoding="utf-8", newline="")
    if options.trace is not None:
        options.trace.write_text(json.dumps(report.to_trace()), encoding="utf-8")


def show_report(report: Report, options: argparse.Namespace) -> None:
    """Print the table."""
    from zephyr_counters.report.table.render import renderable

    show(renderable(report, width(), options.top, options.sort))


def load_inputs(path: Path) -> Mapping[str, Any]:
    """Read arrays by name from a .npz file.

    Raises:
        UsageError: it cannot be read, or holds something else.
    """
    import numpy as np

    damaged = (ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile, zlib.error)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{path}: not a .npz file of arrays: {reason}") from error
    except damaged as error:
        hint = "numpy.savez(F, NAME=array) makes one"
        raise UsageError(f"{path}: not a .npz file of arrays, or damaged", hint) from error
