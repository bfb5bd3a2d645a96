# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables as plain text: the same characters on a terminal, in a file and in a notebook."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from zephyr_counters.report.text import printable

_BOX = Box("    \n    \n ── \n    \n ── \n ── \n    \n    \n")
_GAP = 2
_INDENT = 1


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
    return _INDENT + sum(one.width for one in columns) + _GAP * (len(columns) - 1)


def table(columns: Sequence[Column], sections: Sequence[int] = ()) -> str:
    """Return a table as lines of text without trailing spaces, none of them empty.

    Cells are never cut: those over their column's limit are wrapped.

    Args:
        columns: at least one; all with equally many cells.
        sections: numbers of rows after which a rule is drawn.
    """
    made = Table(box=_BOX, show_edge=False, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
    for one in columns:
        made.add_column(
            Text("\n".join(one.header)),
            justify="left" if one.left else "right",
            width=one.width,
            no_wrap=one.limit is None,
            overflow="fold",
        )
    count = len(columns[0].cells)
    for row in range(count):
        cells = (Text(one.cells[row]) for one in columns)
        made.add_row(*cells, end_section=row + 1 in sections and row + 1 < count)
    console = Console(
        file=io.StringIO(),
        width=width_of(columns),
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(made)
    lines = (line.rstrip() for line in capture.get().splitlines())
    return "".join(f"{' ' * _INDENT}{line}\n" for line in lines if line)


def paragraph(text: str, width: int | None = None) -> str:
    """Return one line of text, wrapped if it is longer than `width`."""
    shown = printable(text)
    if width is None or cell_len(shown) <= width:
        return f"{shown}\n"
    wrapped = textwrap.wrap(shown, width, break_long_words=False, break_on_hyphens=False)
    return "".join(f"{line}\n" for line in wrapped)
