# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Render a report as a table of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from zephyr_counters.blob.records import Origin
from zephyr_counters.errors import UsageError
from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.table.columns import Lines
from zephyr_counters.report.table.footer import footer
from zephyr_counters.report.table.layout import Column, paragraph, table, width_of
from zephyr_counters.report.table.names import shorten
from zephyr_counters.report.totals import smaller_than_cost, sum_of, sum_of_layers

ORDERS = ("index", "name", "time")
"""Orders of a table's layers, besides by counter."""


def render(
    report: Report, width: int | None = None, top: int | None = None, sort: str = "index"
) -> str:
    """Return the table as plain text, without control characters.

    Args:
        report: the report.
        width: characters per line; a wider table continues below, with the names repeated, and
            long names are wrapped. None for no limit. A table is never cut: it is wider than
            `width` if its widest column and the names are.
        top: show this many layers, and all others in one row; None for all.
        sort: `index`, `name`, `time`, or a counter, the largest first.

    Raises:
        UsageError: `sort` is something else, or `top` is not above 0.
    """
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
        too_small=smaller_than_cost(report) is not None,
    )
    names = shorten([row.name for row in lines.rows], len(layers), width)
    parts = [paragraph(_title(report), width)]
    if names.prefix:
        parts.append(paragraph(f"Names of layers begin with {names.prefix}", width))
    for columns in _split(lines.leading(names), lines.following(), width):
        parts.append(table(columns, [len(layers)] if closing else ()))
    parts.extend(paragraph(line, width) for line in footer(report))
    return "".join(parts)


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
    part = [first[0]]
    for one in (*first[1:], *others):
        if width is not None and len(part) > 1 and width_of([*part, one]) > width:
            yield part
            part = [first[0]]
        part.append(one)
    yield part
