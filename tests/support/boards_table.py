# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of boards in README.md, made from the boards' data: `make boards-table`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from zephyr_counters import resources
from zephyr_counters.formats import board as boards

README = Path(__file__).resolve().parents[2] / "README.md"
_BEGIN, _END = "<!-- boards:begin -->\n", "<!-- boards:end -->\n"


def table(found: Mapping[str, boards.Board]) -> str:
    """One row per board; those that run on this machine come first, of these posix."""
    order = sorted(found.values(), key=lambda b: (b.platform, not b.runs_here, b.name))
    rows = ["| board | what it is | counters | flashed with | seen |", "|---|---|---|---|---|"]
    for board in order:
        flashed = " or ".join(f"`{name}` ({program})" for name, program in board.runners.items())
        cells = (
            f"`{board.name}`",
            board.description,
            ", ".join(board.providers),
            flashed or "nothing: it runs here",
            board.seen,
        )
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(rows) + "\n"


def updated(text: str) -> str:
    """`text` with the table between the marks, if it has them."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        return text
    return before + begin + table(boards.find([resources.path("boards")])) + end + after


if __name__ == "__main__":
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
