# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Long names of layers in a table: never cut, but wrapped, without what all have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from zephyr_counters.report.text import printable

_LEAST = 16
_OPERATOR_LEAST = 12


@dataclass(frozen=True)
class Shortened:
    """The names of a table's rows.

    Attributes:
        cells: one name per row, those of layers without `prefix`.
        prefix: what all layers' names begin with; "" if nothing was taken out.
        limit: width at which names are wrapped; None for no limit.
        operator_limit: the same for operators.
    """

    cells: tuple[str, ...]
    prefix: str
    limit: int | None
    operator_limit: int | None


def shorten(names: Sequence[str], layers: int, width: int | None) -> Shortened:
    """Return names that leave room for numbers in a table of `width` characters.

    Args:
        names: of all rows.
        layers: number of leading names that are of layers.
        width: of the table; None for no limit, and whole names.
    """
    if width is None:
        return Shortened(tuple(names), "", None, None)
    limit = max(_LEAST, width // 4)
    prefix = ""
    if any(cell_len(printable(name)) > limit for name in names[:layers]) and layers > 1:
        # What the first and the last in order have in common, all in between have.
        first, last = min(names[:layers]), max(names[:layers])
        pairs = enumerate(zip(first, last, strict=False))
        same = next((index for index, (one, other) in pairs if one != other), len(first))
        prefix = first[: first.rfind("/", 0, same) + 1]
    cells = (
        name.removeprefix(prefix) if index < layers else name for index, name in enumerate(names)
    )
    return Shortened(tuple(cells), prefix, limit, max(_OPERATOR_LEAST, width // 6))
