# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters demo`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.common import add_command, show, width

if TYPE_CHECKING:
    from zephyr_counters.cli.common import Commands


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands, "demo", run, "compile, build, run and profile the bundled model"
    )
    command.add_argument("--board", default="posix", help="one that runs here (default: posix)")
    command.add_argument(
        "--repeat", metavar="N", type=int, default=20, help="repetitions (default: 20)"
    )
    command.add_argument(
        "--directory",
        metavar="DIR",
        type=Path,
        default=Path("build/demo"),
        help="where the archive and the project go (default: build/demo)",
    )


def run(options: argparse.Namespace) -> int:
    """Run it, saying each step."""
    from zephyr_counters.demo import run_demo
    from zephyr_counters.report.table.render import renderable

    result = run_demo(
        options.directory,
        board=options.board,
        repeat=options.repeat,
        progress=lambda step: print(step, file=sys.stderr, flush=True),
    )
    show(renderable(result.report, width()))
    print(f"{result.right} of {result.images} predictions were right.")
    return 0
