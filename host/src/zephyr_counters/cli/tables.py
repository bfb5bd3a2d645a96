# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Options of the commands that print a report's table."""

from __future__ import annotations

import argparse

from zephyr_counters.cli.arguments import Count


def add_table(command: argparse.ArgumentParser) -> None:
    """Add --top, --sort and --explain."""
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
    add_explain(command)


def add_explain(command: argparse.ArgumentParser) -> None:
    """Add --explain."""
    command.add_argument(
        "--explain",
        metavar="LAYER",
        nargs="?",
        const="*",
        help="say why layers are slow, those that can save the most first; LAYER is a name or glob",
    )
