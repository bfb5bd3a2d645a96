# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters validate`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import add_command, add_project, open_project
from zephyr_counters.cli.console import steps
from zephyr_counters.cli.inputs import add_inputs, load_inputs
from zephyr_counters.cli.project_options import Opener, add_project_options, parse
from zephyr_counters.cli.validating import add_tolerance, deliver, tolerance
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.project import Project


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "validate",
        run,
        "compare a board's results with those of the source model",
        (
            "zephyr-counters validate PROJECT",
            "zephyr-counters validate PROJECT --layers",
            "zephyr-counters validate PROJECT --inputs samples.npz --model model.tflite",
        ),
    )
    add_project(command)
    command.add_argument(
        "--model",
        metavar="F",
        type=Path,
        help="the source model (default: a file of its name here or in the project)",
    )
    command.add_argument(
        "--layers",
        action="store_true",
        help="also run the board layer by layer, and name the first layer that differs",
    )
    add_tolerance(command)
    add_inputs(command)
    add_project_options(command, "open_transport")


def run(options: argparse.Namespace) -> int:
    """Compare, and print the differences."""
    from zephyr_counters.board.board import Board
    from zephyr_counters.validate import on_board

    project = open_project(options.project)
    model = options.model or _found(project)
    given = None if options.inputs is None else load_inputs(options.inputs)
    target = Opener(project, parse(options.project_option))
    with steps(f"Validating on {project.board}") as progress, Board(target) as board:
        validation = on_board(
            board, project.archive, model, given, progress, options.layers, tolerance(options)
        )
    deliver(validation)
    return 0


def _found(project: Project) -> Path:
    name = str(project.archive.metadata["source"]["file"])
    for folder in (Path(), project.path, project.path.parent):
        if (folder / name).is_file():
            return folder / name
    raise UsageError(f"the source model {name} is not here", "give its path: --model F")
