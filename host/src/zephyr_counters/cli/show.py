# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters show`, which needs no board and no TVM."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import Count, add_command, add_force
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
        "show saved reports, or convert them",
        (
            "zephyr-counters show report.json",
            "zephyr-counters show report.json --top 5 --sort time",
            "zephyr-counters show report.json --html report.html --trace report.trace.json",
            "zephyr-counters show monday.json tuesday.json --csv both.csv",
            "zephyr-counters show tflm.log --tick-hz 64000000 --json tflm.json",
        ),
    )
    command.add_argument(
        "reports",
        metavar="REPORT",
        nargs="+",
        type=Path,
        help="report saved by profile --json; or a log of TFLM's profiler, an ETDump, ST's report",
    )
    command.add_argument(
        "--tick-hz",
        metavar="N",
        action=Count,
        help="frequency of the clock in a file of another profiler that does not say it",
    )
    add_table(command)
    add_force(command)
    add_exports(command)


def run(options: argparse.Namespace) -> int:
    """Print the table and save the exports."""
    from zephyr_counters.report import importers

    check_exports(options, len(options.reports))
    report, *more = [importers.load(one, options.tick_hz) for one in options.reports]
    deliver(report, options, options.top, options.sort, more)
    return 0
