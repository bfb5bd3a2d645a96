# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The site's pictures, from a real run: the demo, profiled while the site is built."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text
from zephyr_counters.demo import run_demo
from zephyr_counters.report import exports, table
from zephyr_counters.report.page import render

TITLE = "zephyr-counters demo"
WIDTH = 132


def picture(text: str) -> str:
    """Return a terminal's text as SVG that loads no font from elsewhere."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text(text), end="")
    # rich names a font on a public server; the reader's own monospace font does as well.
    return re.sub(r"@font-face \{[^}]*\}", "", console.export_svg(title=TITLE))


def files() -> Iterator[tuple[str, str]]:
    """Yield names and texts: the demo's table, page and report."""
    with tempfile.TemporaryDirectory() as folder:
        result = run_demo(
            Path(folder),
            repeat=50,
            progress=lambda step: print(f"pictures: {step}", file=sys.stderr, flush=True),
        )
    yield "table.svg", picture(table.render(result.report, WIDTH))
    yield "page.html", render(result.report)
    yield "report.json", exports.to_json(result.report)
