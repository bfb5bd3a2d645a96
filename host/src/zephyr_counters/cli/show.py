# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters show`, which needs no board and no TVM."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import add_command, add_force
from zephyr_counters.cli.exporting import add_exports, check_exports, deliver
from zephyr_counters.cli.tables import add_table

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "show",
        run,
        "show a saved report, or convert it",
        (
            "zephyr-counters show report.json",
            "zephyr-counters show report.json --top 5 --sort time",
            "zephyr-counters show report.json --csv report.csv --trace report.trace.json",
        ),
    )
    command.add_argument(
        "report", metavar="REPORT.json", type=Path, help="report saved by profile --json"
    )
    add_table(command)
    add_force(command)
    add_exports(command)


def run(options: argparse.Namespace) -> int:
    """Print the table and save the exports."""
    from zephyr_counters.report import exports

    check_exports(options)
    deliver(exports.load(options.report), options, options.top, options.sort)
    return 0
