# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc micro flash`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import add_command, add_project, open_project
from zephyr_counters.cli.console import steps
from zephyr_counters.cli.project_options import add_project_options, parse

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands


def register(actions: Commands) -> None:
    """Add the command."""
    flash = add_command(
        actions,
        "flash",
        run,
        "program the board; does nothing where the board is a process",
        ("tvmc micro flash PROJECT", "tvmc micro flash PROJECT --list-options"),
    )
    add_project(flash)
    add_project_options(flash, "flash")


def run(options: argparse.Namespace) -> int:
    """Program the board."""
    project = open_project(options.project)
    if not project.needs_flash:
        print(f"{project.board} has nothing to flash: its firmware runs on this machine")
        return 0
    with steps(f"Flashing {project.board}"):
        project.flash(parse(options.project_option))
    return 0
