# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What several commands share: projects, files that are not overwritten, progress, tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from rich import box
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_UNLIMITED = 10_000


def add_command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    """Add a subcommand; `text` is its help and, with a full stop, its description."""
    command = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    command.set_defaults(run=run)
    return command


def add_project(command: argparse.ArgumentParser) -> None:
    """Add the argument PROJECT."""
    command.add_argument(
        "project", metavar="PROJECT", type=Path, help="folder made by tvmc micro create, and built"
    )


def add_force(command: argparse.ArgumentParser) -> None:
    """Add --force."""
    command.add_argument("--force", action="store_true", help="overwrite files that exist")


def open_project(folder: Path) -> Any:
    """Return a project.

    Raises:
        ArchiveError, ProjectError: not one, or of another version.
    """
    from zephyr_counters.project import Project

    return Project.open(folder)


def check_output(force: bool, *paths: Path | None) -> None:
    """Raise UsageError if a file exists and must not be overwritten, or has no folder."""
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise UsageError(f"{path} is a folder, not a file to write")
        if path.exists() and not force:
            raise UsageError(f"{path} exists", "--force overwrites it")
        if not path.absolute().parent.is_dir():
            raise UsageError(f"{path}: there is no folder {path.absolute().parent}")


def check_folder(force: bool, folder: Path | None) -> None:
    """Raise UsageError if a folder holds something that must not be overwritten."""
    if folder is None:
        return
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise UsageError(f"{folder} is not empty", "--force writes into it")


def width() -> int | None:
    """Return the terminal's width, or None if the output is not one: then lines may be long."""
    return Console().width if sys.stdout.isatty() else None


def show(*renderables: RenderableType) -> None:
    """Print tables and texts; without colours and line ends of spaces where it is no terminal."""
    if sys.stdout.isatty():
        Console().print(*renderables, sep="\n")
        return
    console = Console(width=_UNLIMITED, no_color=True, file=sys.stdout)
    with console.capture() as capture:
        console.print(*renderables, sep="\n")
    print("\n".join(line.rstrip() for line in capture.get().splitlines()))


def table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()
) -> Table:
    """Return a table of texts; `right` are the columns aligned to the right."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for index, header in enumerate(headers):
        made.add_column(header, justify="right" if index in right else "left")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function to be told what is done and how much there is; draws on a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say what goes on, while it does, on a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
