# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters roofs`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import Count, add_command, add_project, open_project
from zephyr_counters.cli.console import say, show_table, steps
from zephyr_counters.cli.project_options import Opener, add_project_options, parse

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "roofs",
        run,
        "measure what a project's board can do at most, for later profiles",
        (
            "zephyr-counters roofs PROJECT && zephyr-counters profile PROJECT --explain",
            "zephyr-counters roofs PROJECT --project-option port=/dev/ttyACM0",
        ),
    )
    add_project(command)
    command.add_argument(
        "--repeat",
        metavar="N",
        action=Count,
        default=20,
        help="repetitions; the shortest counts (default: 20)",
    )
    add_project_options(command, "open_transport")


def run(options: argparse.Namespace) -> int:
    """Measure the roofs, save them in the project, and print them."""
    from zephyr_counters.roofs import measure_roofs

    project, given = open_project(options.project), parse(options.project_option)
    project.check_runtime()
    with steps("Measuring roofs") as progress:
        found = measure_roofs(project, options.repeat, progress, lambda one: Opener(one, given))
    show_table(
        ("roof", "million per second", "unit"),
        [(one.name, f"{one.per_second / 1e6:,.1f}", one.unit.value) for one in found],
        right=(1,),
    )
    say(f"Saved in {project.path}; profiles of it hold their layers against these roofs.")
    return 0
