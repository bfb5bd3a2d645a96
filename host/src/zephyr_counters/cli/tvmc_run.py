# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc run --device micro`."""

from __future__ import annotations

import argparse
import contextlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zephyr_counters.cli.arguments import Count, add_command, add_force, add_project, open_project
from zephyr_counters.cli.console import progress, show_table, steps
from zephyr_counters.cli.exporting import add_exports, asked_for, check_exports, measured
from zephyr_counters.cli.inputs import add_fill_mode, add_inputs, load_inputs, make_inputs
from zephyr_counters.cli.measuring import REPEAT, add_measuring, measuring
from zephyr_counters.cli.project_options import Opener, add_project_options, parse
from zephyr_counters.cli.tables import add_explain
from zephyr_counters.errors import UsageError
from zephyr_counters.report.exports import files

if TYPE_CHECKING:
    from zephyr_counters.board.board import Board
    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.project import Project
    from zephyr_counters.report.report import Report


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "run",
        run,
        "run a model on a board",
        (
            "tvmc run --device micro PROJECT --fill-mode random --print-top 3",
            "tvmc run --device micro PROJECT --inputs in.npz --outputs out.npz",
            "tvmc run --device micro PROJECT --profile --project-option port=/dev/ttyACM0",
        ),
    )
    add_project(command)
    command.add_argument(
        "--device", choices=["micro"], required=True, help="micro: the board of a project"
    )
    add_inputs(command, "-i")
    command.add_argument(
        "-o", "--outputs", metavar="F", type=Path, help="file for output_0, output_1, ..., .npz"
    )
    add_fill_mode(command)
    command.add_argument(
        "--number",
        metavar="N",
        action=Count,
        default=1,
        help="runs in each repetition of --print-time (default: 1)",
    )
    command.add_argument("--print-time", action="store_true", help="print times on the board")
    command.add_argument(
        "--print-top", metavar="N", action=Count, help="print the N largest values of each output"
    )
    command.add_argument("--profile", action="store_true", help="print counters, layer by layer")
    add_measuring(
        command,
        repeat={
            "default": None,
            "help": f"repetitions of --print-time (default: 1) and --profile (default: {REPEAT})",
        },
    )
    add_explain(command)
    add_project_options(command, "open_transport")
    add_force(command)
    add_exports(command)


def run(options: argparse.Namespace) -> int:
    """Run the model; then time and profile it, if asked to."""
    from zephyr_counters.board.board import Board

    _check_files(options)
    project = open_project(options.project)
    given = {} if options.inputs is None else load_inputs(options.inputs)
    inputs = make_inputs(project.archive.inputs, given, options.fill_mode)
    with contextlib.ExitStack() as stack:
        with steps(f"Starting {project.board}"):
            target = Opener(project, parse(options.project_option))
            board = stack.enter_context(Board(target))
        outputs = _run_once(board, project, inputs)
        if options.outputs is not None:
            _save(options.outputs, outputs)
        if options.print_top is not None:
            _print_top(outputs, options.print_top)
        if options.print_time:
            _print_time(board, options.repeat or 1, options.number)
        if options.profile:
            _profile(board, options)
    return 0


def _check_files(options: argparse.Namespace) -> None:
    if options.outputs is not None and not options.outputs.absolute().parent.is_dir():
        raise UsageError(f"{options.outputs}: there is no such folder")
    if not options.profile:
        for export in asked_for(options):
            raise UsageError(f"{export.option} needs --profile")
        if options.explain is not None:
            raise UsageError("--explain needs --profile")
    check_exports(options)


def _run_once(board: Board, project: Project, inputs: Mapping[str, Any]) -> list[Any]:
    with steps("Running"):
        for index, array in enumerate(inputs.values()):
            board.set_input(index, array)
        board.run()
        return [board.get_output(index) for index in range(len(project.archive.outputs))]


def _save(path: Path, outputs: Sequence[Any]) -> None:
    import numpy as np

    buffer = io.BytesIO()
    np.savez(buffer, **{f"output_{index}": array for index, array in enumerate(outputs)})
    files.write(path, buffer.getvalue())


def _print_top(outputs: Sequence[Any], count: int) -> None:
    for number, output in enumerate(outputs):
        values = output.reshape(-1)
        order = values.argsort(kind="stable")[::-1][:count]
        name = f"output_{number}"
        show_table((name, "value"), [(str(i), f"{values[i]}") for i in order], right=(0, 1))


def _print_time(board: Board, repeat: int, number: int) -> None:
    from zephyr_counters.measure import profile
    from zephyr_counters.report.statistics import summarize

    with progress("Timing") as show_progress:
        report = profile(board, counters=[], repeat=repeat * number, progress=show_progress)
    assert report.whole is not None
    scale = report.catalog.clock_hz / 1e3
    runs = [value / scale for value in report.whole.ticks[0].values]
    means = [sum(runs[i : i + number]) / number for i in range(0, len(runs), number)]
    found = summarize(means)
    row = [f"{x:.4f}" for x in (found.mean, found.median, found.max, found.min, found.stdev)]
    print("Execution time summary:")
    headers = ("mean (ms)", "median (ms)", "max (ms)", "min (ms)", "std (ms)")
    show_table(headers, [row], right=range(len(headers)))


def _profile(board: Board, options: argparse.Namespace) -> None:
    from zephyr_counters.measure import profile

    asked = {**measuring(options), "repeat": options.repeat or REPEAT}

    def measure() -> Report:
        with progress("Profiling") as show_progress:
            return profile(board, progress=show_progress, **asked)

    measured(measure, options)
