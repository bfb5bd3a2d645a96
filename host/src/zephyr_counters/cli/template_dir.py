# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters template-dir`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from zephyr_counters import resources
from zephyr_counters.cli.arguments import add_command
from zephyr_counters.errors import ProjectError

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands


def register(commands: Commands) -> None:
    """Add the command."""
    add_command(
        commands,
        "template-dir",
        run,
        "print the folder of the Project API template, for TVM 0.18",
        (
            "tvmc micro create-project PROJECT MLF template "
            '--template-dir "$(zephyr-counters template-dir)"',
        ),
    )


def run(options: argparse.Namespace) -> int:
    """Print the folder."""
    try:
        print(resources.path("project_template"))
    except FileNotFoundError as error:
        raise ProjectError(str(error)) from error
    return 0
