# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters demo`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import Count, add_command
from zephyr_counters.cli.console import show_report
from zephyr_counters.cli.logs import QUIET

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "demo",
        run,
        "compile, build, run and profile the bundled model",
        ("zephyr-counters demo", "zephyr-counters demo --repeat 100 --directory demo"),
    )
    command.add_argument(
        "--board", default="posix", help="a board that runs on this machine (default: posix)"
    )
    command.add_argument(
        "--repeat",
        metavar="N",
        action=Count,
        default=20,
        help="repetitions per pass (default: 20)",
    )
    command.add_argument(
        "--directory",
        metavar="DIR",
        type=Path,
        default=Path("build/demo"),
        help="folder for the archive and the project (default: build/demo)",
    )


def run(options: argparse.Namespace) -> int:
    """Run the demo and print each step."""
    from zephyr_counters.demo import run_demo
    from zephyr_counters.measure import ProfileInterrupted, ProfileStopped
    from zephyr_counters.report import exports

    def tell(step: str) -> None:
        if not QUIET.get():
            print(step, file=sys.stderr, flush=True)

    try:
        result = run_demo(
            options.directory, board=options.board, repeat=options.repeat, progress=tell
        )
    except (ProfileStopped, ProfileInterrupted) as stopped:
        show_report(stopped.report)
        raise
    show_report(result.report)
    page = options.directory / "report.html"
    exports.save(result.report, page)
    print(f"{result.right} of {result.images} predictions were right.")
    print(f"Open {page} in a browser to see which layer to work on first, and why.")
    return 0
