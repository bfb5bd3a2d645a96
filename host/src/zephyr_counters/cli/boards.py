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
    from zephyr_counters.formats.board import list_boards

    rows = [
        (board.name, board.platform, board.description, ", ".join(board.providers))
        for board in list_boards()
    ]
    show_table(("board", "platform", "description", "counters"), rows, wrapped=3)
    return 0
