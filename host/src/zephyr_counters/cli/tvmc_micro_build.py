# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc micro build`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import add_command, add_project, open_project
from zephyr_counters.cli.console import steps
from zephyr_counters.cli.project_options import add_project_options, parse

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands


def register(actions: Commands) -> None:
    """Add the command."""
    build = add_command(
        actions,
        "build",
        run,
        "build a project's firmware",
        (
            "tvmc micro build PROJECT",
            "tvmc micro build PROJECT --force --project-option verbose=true",
        ),
    )
    add_project(build)
    build.add_argument("-f", "--force", action="store_true", help="build everything again")
    add_project_options(build, "build")


def run(options: argparse.Namespace) -> int:
    """Build the firmware."""
    project = open_project(options.project)
    given = parse(options.project_option)
    start = time.monotonic()
    with steps(f"Building {project.archive.name} for {project.board}") as progress:
        verbose = given.get("verbose", project.options.get("verbose"))
        shown = progress if verbose in (None, False, "false") else _echo
        project.build(shown, given, clean=options.force)
    print(f"{options.project}: built in {time.monotonic() - start:.1f} s")
    return 0


def _echo(line: str) -> None:
    print(line, file=sys.stderr)
