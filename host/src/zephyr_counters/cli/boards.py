# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters boards`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import add_command
from zephyr_counters.cli.console import show_table

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands


def register(commands: Commands) -> None:
    """Add the command."""
    add_command(
        commands,
        "boards",
        run,
        "list the boards that projects can be made for",
        ("zephyr-counters boards", "tvmc micro create PROJECT MLF --project-option board=NAME"),
    )


def run(options: argparse.Namespace) -> int:
    """List them."""
    from zephyr_counters import resources
    from zephyr_counters.formats import board
    from zephyr_counters.formats.search_path import BOARDS

    rows = [
        (one.name, one.platform, one.description, ", ".join(one.providers))
        for one in board.find(resources.search(BOARDS)).values()
    ]
    show_table(("board", "platform", "description", "counters"), rows, wrapped=3)
    return 0
