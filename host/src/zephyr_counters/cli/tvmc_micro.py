# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc micro create`, `build` and `flash`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.common import add_command, open_project
from zephyr_counters.cli.tvmc_options import add_project_options, parse
from zephyr_counters.cli.tvmc_steps import steps
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.cli.common import Commands

_TEMPLATE = "zephyr-counters"


def register(commands: Commands) -> None:
    """Add the commands."""
    micro = commands.add_parser("micro", help="projects for microcontrollers")
    actions = micro.add_subparsers(title="commands", metavar="COMMAND", required=True)

    for name in ("create", "create-project"):
        text = "create a project from an archive" if name == "create" else "the same as create"
        create = add_command(actions, name, run_create, text)
        create.add_argument("project_dir", metavar="PROJECT", type=Path, help="folder to make")
        create.add_argument("archive", metavar="MLF", type=Path, help="what tvmc compile wrote")
        create.add_argument(
            "platform",
            metavar="template",
            nargs="?",
            choices=[_TEMPLATE, "template"],
            default=_TEMPLATE,
            help="the word template goes before --template-dir, as in TVM's own tvmc",
        )
        create.add_argument(
            "--template",
            "--template-dir",
            metavar="T",
            default=None,
            help=f"{_TEMPLATE}, or a template's folder (default: {_TEMPLATE})",
        )
        create.add_argument(
            "-f", "--force", action="store_true", help="replace a project that is there"
        )
        add_project_options(create, "generate_project")

    build = add_command(actions, "build", run_build, "build a project's firmware")
    _add_project(build)
    build.add_argument("-f", "--force", action="store_true", help="build all of it again")
    add_project_options(build, "build")

    flash = add_command(
        actions, "flash", run_flash, "program the board; nothing to do where it is a process"
    )
    _add_project(flash)
    add_project_options(flash, "flash")


def run_create(options: argparse.Namespace) -> int:
    """Create a project."""
    from zephyr_counters.project import create

    if options.platform == "template" and options.template is None:
        raise UsageError("template goes with --template-dir DIR")
    project = create(
        options.template or _TEMPLATE,
        options.archive,
        options.project_dir,
        parse(options.project_option),
        force=options.force,
        progress=_warn,
    )
    print(f"{options.project_dir}: {project.archive.name} for board {project.board}")
    return 0


def run_build(options: argparse.Namespace) -> int:
    """Build it."""
    project = open_project(options.project_dir)
    given = parse(options.project_option)
    start = time.monotonic()
    with steps(f"Building {project.archive.name} for {project.board}") as progress:
        verbose = given.get("verbose", project.options.get("verbose"))
        shown = progress if verbose in (None, False, "false") else _echo
        project.build(shown, given, clean=options.force)
    print(f"{options.project_dir}: built in {time.monotonic() - start:.1f} s")
    return 0


def run_flash(options: argparse.Namespace) -> int:
    """Flash it."""
    project = open_project(options.project_dir)
    with steps(f"Flashing {project.board}"):
        project.flash(parse(options.project_option))
    return 0


def _add_project(command: argparse.ArgumentParser) -> None:
    command.add_argument("project_dir", metavar="PROJECT", type=Path, help="the project's folder")


def _warn(text: str) -> None:
    print(f"tvmc: warning: {text}", file=sys.stderr)


def _echo(line: str) -> None:
    print(line, file=sys.stderr)
