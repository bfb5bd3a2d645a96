# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Names from models and boards as text that is safe to print.

A model, a board and a file choose their names freely. Every output that people read passes names
through `printable`, so that a name can neither control a terminal nor forge a line.
"""

from __future__ import annotations

_FORMULA = "=+-@\t\r"
"""First characters by which a spreadsheet takes a cell for a formula (OWASP, CSV Injection)."""


def printable(text: str, keep: str = "") -> str:
    r"""Return text with control and format characters as escapes: ESC becomes `\x1b`.

    Args:
        text: any text.
        keep: control characters that stay, such as line ends in a message.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() or one in keep else one.encode("unicode_escape").decode()
        for one in text
    )


def cell(text: str) -> str:
    """Return text for a cell of a CSV file: printable, and no formula in a spreadsheet."""
    shown = printable(text)
    return f"'{shown}" if text.startswith(tuple(_FORMULA)) else shown
