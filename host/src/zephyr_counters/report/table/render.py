# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Render a report as a table of text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from zephyr_counters.blob.records import Origin
from zephyr_counters.errors import UsageError
from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.table.columns import Column, Lines
from zephyr_counters.report.table.footer import footer
from zephyr_counters.report.totals import sum_of, sum_of_layers

ORDERS = ("index", "name", "time")
"""Orders of a table's layers, besides by counter."""

_GAP = 2
_PLAIN_WIDTH = 10_000


def render(
    report: Report, width: int | None = None, top: int | None = None, sort: str = "index"
) -> str:
    """Return the table as plain text.

    Args:
        report: the report.
        width: characters per line; a wider table continues below, with the names repeated.
            None for no limit.
        top: show this many layers, and all others in one row; None for all.
        sort: `index`, `name`, `time`, or a counter, the largest first.

    Raises:
        UsageError: `sort` is something else, or `top` is not above 0.
    """
    console = Console(
        file=io.StringIO(), width=width or _PLAIN_WIDTH, no_color=True, legacy_windows=False
    )
    with console.capture() as capture:
        console.print(renderable(report, width, top, sort))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def renderable(
    report: Report, width: int | None = None, top: int | None = None, sort: str = "index"
) -> RenderableType:
    """Return the table for a rich console; arguments as for `render`."""
    layers = list(_shown(report, top, sort))
    total, whole = sum_of_layers(report), report.whole
    closing = [one for one in (total, whole) if one is not None]
    if whole is not None:
        closing[-1] = replace(whole, name="whole model")
    lines = Lines(
        report,
        (*layers, *closing),
        difference="not in a layer" if len(closing) == 2 else None,
        rest=len(layers) - 1 if top is not None and len(layers) > top else None,
    )
    parts: list[RenderableType] = [Text(_title(report), style="bold")]
    for columns in _split(lines.leading(), lines.following(), width):
        parts.append(_table(columns, len(layers)))
    parts.extend(Text(line) for line in footer(report))
    return Group(*parts)


def _title(report: Report) -> str:
    what = f"{report.model.name} on " if report.model else ""
    passes = f", {len(report.passes)} passes" if len(report.passes) > 1 else ""
    board = f"{report.board} ({report.catalog.runtime})"
    return f"{what}{board}{passes}; medians, ± median absolute deviations"


def _shown(report: Report, top: int | None, sort: str) -> Iterator[Row]:
    rows = [row for row in report.rows if row.origin is not Origin.WHOLE]
    if top is not None and top < 1:
        raise UsageError(f"top is {top}, not above 0")
    if sort == "name":
        rows.sort(key=lambda row: row.name)
    elif sort == "time" or (sort == "index" and top is not None and top < len(rows)):
        rows.sort(key=lambda row: -_median(report, row, "time"))
    elif sort != "index":
        known = [one.name for one in report.counters]
        if sort not in known:
            raise UsageError(
                f"cannot sort by {sort!r}", f"use one of {', '.join((*ORDERS, *known))}"
            )
        rows.sort(key=lambda row: -_median(report, row, sort))
    yield from rows[:top]
    rest = rows[top:] if top is not None else []
    if rest:
        yield replace(sum_of(report, rest), name=f"{len(rest)} more")


def _median(report: Report, row: Row, name: str) -> float:
    statistics = report.seconds(row) if name == "time" else row.statistics(name)
    return 0.0 if statistics is None else statistics.median


def _split(
    first: Sequence[Column], others: Sequence[Column], width: int | None
) -> Iterator[list[Column]]:
    """Yield the columns of each part of the table; no part is wider than `width` if possible."""
    part = list(first)
    for one in others:
        needed = sum(column.width + _GAP for column in (*part, one))
        if width is not None and needed > width and len(part) > 1:
            yield part
            part = [first[0]]
        part.append(one)
    yield part


def _table(columns: Sequence[Column], layers: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, _GAP, 0, 0))
    for one in columns:
        header = Text("\n".join(one.header))
        table.add_column(header, justify="left" if one.left else "right", no_wrap=not one.left)
    for index in range(len(columns[0].cells)):
        table.add_row(*(Text(one.cells[index]) for one in columns), end_section=index == layers - 1)
    return table
