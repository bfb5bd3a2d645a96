# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Files that the page on extending shows, so that what it shows is what the tests use."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
_BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.M | re.S)


def files(under: str) -> dict[str, str]:
    """The blocks of docs/extending*.md whose name begins with `under`: text by name."""
    pages = "".join(path.read_text() for path in sorted(DOCS.glob("extending*.md")))
    found = {name: text for name, text in _BLOCK.findall(pages) if name.startswith(under)}
    assert found, f"docs/extending.md shows no file under {under}"
    return found


def write(under: str, folder: Path) -> None:
    """Write these files into `folder`."""
    for name, text in files(under).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
