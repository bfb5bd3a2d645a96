# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What commands print: tables, reports and progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from zephyr_counters.report.report import Report

_UNLIMITED = 10_000


def width() -> int | None:
    """Return the terminal's width, or None if the output is no terminal and lines may be long."""
    return Console().width if sys.stdout.isatty() else None


def show(*renderables: RenderableType) -> None:
    """Print tables and texts; on no terminal without colours and without trailing spaces."""
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
    """Return a table of texts; `right` holds the indices of right-aligned columns."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for index, header in enumerate(headers):
        made.add_column(header, justify="right" if index in right else "left")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


def show_report(report: Report, top: int | None = None, sort: str = "index") -> None:
    """Print a report's table; see `report.table.render`."""
    from zephyr_counters.report.table import renderable

    show(renderable(report, width(), top, sort))


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes (done, total), and draw a progress bar on a terminal."""
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
def steps(what: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done; yields a function that shows the current step."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: None
        return
    with console.status(Text(what)) as status:
        yield lambda step: status.update(Text(f"{what}: {step}"[: console.width - 4]))
