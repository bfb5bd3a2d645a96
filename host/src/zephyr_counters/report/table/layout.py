# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables as plain text: the same characters on a terminal, in a file and in a notebook."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len

from zephyr_counters.report.text import printable

_GAP = "  "
_INDENT = " "
_RULE = "─"
_PART = re.compile(r"[^ +/;:]*[ +/;:]?")
"""A part of a name, and what separates it from the next."""


@dataclass(frozen=True)
class Column:
    """A column of texts; its cells are printable once they are in it.

    Attributes:
        header: lines of the header.
        cells: one text per row.
        left: align to the left.
        limit: wrap longer cells; None to keep each on one line.
    """

    header: Sequence[str]
    cells: Sequence[str]
    left: bool = False
    limit: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "header", tuple(printable(one) for one in self.header))
        object.__setattr__(self, "cells", tuple(printable(one) for one in self.cells))

    @property
    def width(self) -> int:
        """Width in characters of a terminal."""
        header = max((cell_len(one) for one in self.header), default=0)
        cells = max((cell_len(one) for one in self.cells), default=0)
        return max(header, cells if self.limit is None else min(cells, self.limit), 1)


def width_of(columns: Sequence[Column]) -> int:
    """Return the width of a table in characters."""
    return len(_INDENT) + sum(one.width for one in columns) + len(_GAP) * (len(columns) - 1)


def table(columns: Sequence[Column], sections: Sequence[int] = ()) -> str:
    """Return a table as lines of text without trailing spaces, none of them empty.

    Cells are never cut: those over their column's limit are wrapped.

    Args:
        columns: at least one; all with equally many cells.
        sections: numbers of rows after which a rule is drawn.
    """
    rule = f"{_INDENT}{_RULE * (width_of(columns) - len(_INDENT))}\n"
    lines = [_row(columns, line) for line in zip(*(one.header for one in columns), strict=True)]
    lines.append(rule)
    count = len(columns[0].cells)
    for row in range(count):
        wrapped = (_wrapped(one.cells[row], one.width) for one in columns)
        lines += [_row(columns, line) for line in zip_longest(*wrapped, fillvalue="")]
        if row + 1 in sections and row + 1 < count:
            lines.append(rule)
    return "".join(line for line in lines if line.strip())


def _row(columns: Sequence[Column], texts: Sequence[str]) -> str:
    cells = []
    for column, text in zip(columns, texts, strict=True):
        blank = " " * (column.width - cell_len(text))
        cells.append(text + blank if column.left else blank + text)
    return f"{_INDENT}{_GAP.join(cells)}".rstrip() + "\n"


def _wrapped(text: str, width: int) -> list[str]:
    """Return lines of at most `width` characters, broken where names have parts if possible."""
    lines = [""]
    for part in _PART.findall(text):
        if lines[-1] and cell_len(lines[-1] + part.rstrip()) > width:
            lines.append("")
        for character in part:
            if lines[-1] and cell_len(lines[-1]) + cell_len(character) > width:
                lines.append("")
            lines[-1] += character
    return [line.strip(" ") for line in lines]


def paragraph(text: str, width: int | None = None) -> str:
    """Return one line of text, wrapped if it is longer than `width`."""
    shown = printable(text)
    if width is None or cell_len(shown) <= width:
        return f"{shown}\n"
    wrapped = textwrap.wrap(shown, width, break_long_words=False, break_on_hyphens=False)
    return "".join(f"{line}\n" for line in wrapped)
