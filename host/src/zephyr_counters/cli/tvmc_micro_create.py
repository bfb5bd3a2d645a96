# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`tvmc micro create`, also called `create-project` as in TVM's own tvmc."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import add_command
from zephyr_counters.cli.console import say
from zephyr_counters.cli.project_options import add_project_options, parse
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands

_LOG = logging.getLogger(__name__)
_TEMPLATE = "zephyr-counters"
_EXAMPLES = (
    "tvmc micro create PROJECT model.tar --project-option board=posix",
    "tvmc micro create --list-options",
)


def register(actions: Commands) -> None:
    """Add the command."""
    for name in ("create", "create-project"):
        text = "create a project from an archive" if name == "create" else "the same as create"
        create = add_command(actions, name, run, text, _EXAMPLES)
        create.add_argument("project_dir", metavar="PROJECT", type=Path, help="folder to create")
        create.add_argument(
            "archive", metavar="MLF", type=Path, help="archive written by tvmc compile"
        )
        create.add_argument(
            "platform",
            metavar="template",
            nargs="?",
            choices=[_TEMPLATE, "template"],
            default=_TEMPLATE,
            help="the word template comes before --template-dir, as in TVM's own tvmc",
        )
        create.add_argument(
            "--template",
            "--template-dir",
            metavar="T",
            default=None,
            help=f"{_TEMPLATE}, or the folder of another template (default: {_TEMPLATE})",
        )
        create.add_argument(
            "-f", "--force", action="store_true", help="replace an existing project"
        )
        add_project_options(create, "generate_project")


def run(options: argparse.Namespace) -> int:
    """Create a project."""
    from zephyr_counters.project import create

    if options.platform == "template" and options.template is None:
        raise UsageError("template needs --template-dir DIR")
    project = create(
        options.template or _TEMPLATE,
        options.archive,
        options.project_dir,
        parse(options.project_option),
        force=options.force,
        progress=_warn,
    )
    say(f"{options.project_dir}: {project.archive.name} for board {project.board}")
    return 0


def _warn(text: str) -> None:
    _LOG.warning("tvmc: warning: %s", text)
