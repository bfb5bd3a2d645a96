# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Arguments that several commands share, each declared once with its range and its help text."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from zephyr_counters.cli.logs import add_logging
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.project import Project

    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
    examples: Sequence[str],
) -> argparse.ArgumentParser:
    """Add a subcommand.

    Args:
        commands: gets the command.
        name: the command's name.
        run: does its work; returns the exit code.
        text: its help and, as a sentence, its description.
        examples: command lines shown at the end of its help.
    """
    command = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog="\n".join(["examples:", *(f"  {line}" for line in examples)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_logging(command)
    command.set_defaults(run=run)
    return command


def add_project(command: argparse.ArgumentParser, dest: str = "project") -> None:
    """Add the argument PROJECT, and the option that opens one of another user."""
    command.add_argument(
        dest,
        metavar="PROJECT",
        type=Path,
        help="the project's folder, from tvmc micro create and tvmc micro build",
    )
    command.add_argument(
        "--allow-foreign-owner",
        action=_AllowForeign,
        nargs=0,
        help="open a project that belongs to another user, which runs that user's programs",
    )


class _AllowForeign(argparse.Action):
    """Sets the environment variable, which processes that this one starts have as well."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Set it."""
        from zephyr_counters.project.trust import ALLOW_FOREIGN

        os.environ[ALLOW_FOREIGN] = "1"


def add_force(command: argparse.ArgumentParser) -> None:
    """Add --force."""
    command.add_argument("--force", action="store_true", help="overwrite existing files")


class Count(argparse.Action):
    """An option whose value is an integer with a lower limit.

    Args:
        option_strings: the option's names.
        dest: the attribute that receives the value.
        least: the lowest value allowed.
        **settings: see `argparse.Action`.
    """

    def __init__(
        self, option_strings: Sequence[str], dest: str, least: int = 1, **settings: Any
    ) -> None:
        super().__init__(option_strings, dest, type=int, **settings)
        self._least = least

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Store the value.

        Raises:
            UsageError: the value is below the limit.
        """
        if values < self._least:
            raise UsageError(f"{self.option_strings[-1]} {values} is not above {self._least - 1}")
        setattr(namespace, self.dest, values)


class Patterns(argparse.Action):
    """An option whose value is a list of glob patterns, separated by commas."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Store the patterns as a list.

        Raises:
            UsageError: there are none.
        """
        found = [one.strip() for one in values.split(",") if one.strip()]
        if not found:
            raise UsageError(f"{self.option_strings[-1]} is empty")
        setattr(namespace, self.dest, found)


def open_project(folder: Path) -> Project:
    """Open the project in a folder.

    Raises:
        ArchiveError, ProjectError: it is not a project, or has another version.
    """
    from zephyr_counters.project import Project

    return Project.open(folder)


def check_output(force: bool, *paths: Path | None) -> None:
    """Check that files can be written; None is skipped. A device is not overwritten, so it may be.

    Raises:
        UsageError: one exists and must not be overwritten, is a folder, or has no parent folder.
    """
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise UsageError(f"{path} is a folder, not a file to write")
        if path.is_file() and not force:
            raise UsageError(f"{path} exists", "--force overwrites it")
        if not path.absolute().parent.is_dir():
            raise UsageError(f"{path}: there is no folder {path.absolute().parent}")


def check_folder(force: bool, folder: Path | None) -> None:
    """Check that files can be written to a folder; None is skipped.

    Raises:
        UsageError: it is a file, or holds files that must not be overwritten.
    """
    if folder is None:
        return
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise UsageError(f"{folder} is not empty", "--force writes into it")
