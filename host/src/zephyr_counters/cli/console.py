# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What commands print: tables, reports and progress."""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from zephyr_counters.cli.logs import QUIET

if TYPE_CHECKING:
    from zephyr_counters.report.report import Report

PERIOD_S = 10.0
"""Seconds between two lines of progress if standard error is not a terminal."""

_NARROWEST = 20
_HEAD_LINES = 2
"""Of a table: the headers and the rule."""


def width() -> int | None:
    """Return the terminal's width, or None if the output is no terminal and lines may be long."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def say(line: str, style: str | None = None) -> None:
    """Print one line of text, in which names cannot control the terminal.

    Args:
        line: the text.
        style: a colour of rich, for terminals that show colours.
    """
    from zephyr_counters.report.text import printable

    _print(printable(line), style)


def _print(line: str, style: str | None) -> None:
    """Print a printable line; in colour on a terminal, unless NO_COLOR is set."""
    if style is None or not sys.stdout.isatty():
        print(line)
        return
    from rich.console import Console
    from rich.text import Text

    Console(highlight=False).print(Text(line, style=style), soft_wrap=True)


def show_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Sequence[int] = (),
    wrapped: int | None = None,
    styles: Sequence[str | None] = (),
) -> None:
    """Print a table of texts.

    Args:
        headers: one per column.
        rows: one text per column.
        right: indices of right-aligned columns.
        wrapped: index of the column that is wrapped at the terminal's width; no other is.
        styles: colours of rich, one per row, for terminals that show colours.
    """
    from zephyr_counters.report.table.layout import Column, table, width_of

    columns = [
        Column([header], [row[index] for row in rows], left=index not in right)
        for index, header in enumerate(headers)
    ]
    room = width()
    if wrapped is not None and room is not None:
        one = columns[wrapped]
        limit = max(_NARROWEST, room - width_of(columns) + one.width)
        columns[wrapped] = Column(one.header, one.cells, one.left, limit)
    text = table(columns)
    if not any(styles) or not sys.stdout.isatty():
        print(text, end="")
        return
    lines = text.splitlines()
    heights = [
        len(table([replace(one, cells=one.cells[row : row + 1]) for one in columns]).splitlines())
        for row in range(len(rows))
    ]
    head = len(lines) - sum(height - _HEAD_LINES for height in heights)
    styled: list[str | None] = [None] * head
    for style, height in zip(styles, heights, strict=True):
        styled += [style] * (height - _HEAD_LINES)
    for line, style in zip(lines, styled, strict=True):
        _print(line, style)


def show_report(
    report: Report, top: int | None = None, sort: str = "index", file: TextIO | None = None
) -> None:
    """Print a report's table, see `report.table.render`; on standard output if `file` is None."""
    from zephyr_counters.report.table import render

    print(render(report, width(), top, sort), end="", file=file, flush=True)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes (done, total), and show how far it is.

    A terminal shows a bar; anything else gets a line each `PERIOD_S` seconds.
    """
    if QUIET.get() or not sys.stderr.isatty():
        with _lines(what) as say_step:
            yield lambda done, total: say_step(f"{done} of {total} repetitions")
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def steps(what: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done, like `progress`; yields a function that shows the current step."""
    if QUIET.get() or not sys.stderr.isatty():
        with _lines(what) as say_step:
            yield say_step
        return
    from rich.console import Console
    from rich.text import Text

    from zephyr_counters.report.text import printable

    console = Console(stderr=True)
    with console.status(Text(what)) as status:
        yield lambda step: status.update(
            Text(f"{what}: {printable(step)}"[: max(1, console.width - 4)])
        )


@contextmanager
def _lines(what: str) -> Iterator[Callable[[str], None]]:
    """Print a line each `PERIOD_S` seconds, also while no step is reported."""
    from zephyr_counters.report.text import printable

    latest = ["working"]
    ended = threading.Event()
    start = time.monotonic()

    def run() -> None:
        while not ended.wait(PERIOD_S):
            line = printable(f"{what}: {latest[0]}, after {time.monotonic() - start:.0f} s")
            # Progress must not cost a result, whatever became of standard error.
            with contextlib.suppress(OSError, ValueError):
                print(line, file=sys.stderr, flush=True)

    if QUIET.get():
        yield lambda step: None
        return
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield lambda step: latest.__setitem__(0, step)
    finally:
        ended.set()
        thread.join()
