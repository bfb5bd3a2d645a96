# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The documentation's pages: what they quote exists, and the site builds without a warning."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from compile_fixtures import compiler
from zephyr_counters import resources
from zephyr_counters.formats import board as boards

from docs.site.links import MissingFile, outward

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def source_texts() -> str:
    """All texts of the host package, literal parts of f-strings joined by a mark."""
    found = []
    for path in (ROOT / "host/src/zephyr_counters").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [v.value if isinstance(v, ast.Constant) else "\0" for v in node.values]
                found.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


@pytest.mark.slow
def test_each_message_of_troubleshooting_exists() -> None:
    texts = source_texts()
    headings = re.findall(r"^### (.+)$", (DOCS / "troubleshooting.md").read_text(), re.M)
    assert len(headings) > 15
    for heading in headings:
        for piece in heading.split("..."):
            assert piece.strip(" :") in texts, f"no message has {piece.strip()!r}"


def test_each_board_of_hardware_says_how_it_is_connected() -> None:
    for board in boards.find([resources.path("boards")]).values():
        wiring = board.folder / "first_flash.md"
        assert wiring.is_file() == (board.data["flash"] is not None), board.name
        if board.data["flash"] is not None:
            assert "USB" in wiring.read_text()


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Warnings fail the build: of links, of docstrings, of pages that no other leads to."""
    for module in ("sphinx", "tvm"):
        pytest.importorskip(module, reason=f"{module} is not installed: make setup-dev")
    compiler()
    built = subprocess.run(
        [sys.executable, "-m", "docs.site", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert built.returncode == 0, built.stderr[-4000:]
    site = tmp_path / "site"
    for name in ("commands", "metrics", "boards", "api", "tutorial", "pictures/page"):
        assert (site / f"{name}.html").is_file()
    assert "depthwise" in (site / "pictures/table.svg").read_text()
    for page in site.glob("*.html"):
        loaded = r"<(?:script|img|link|iframe)\b[^>]+(?:src|href)=\"(?:https?:)?//"
        assert not re.search(loaded, page.read_text()), f"{page} loads something from elsewhere"


def test_a_link_to_a_file_that_is_not_there_fails(tmp_path: Path) -> None:
    page = tmp_path / "docs/page.md"
    page.parent.mkdir()
    (tmp_path / "README.md").touch()
    shown = outward("[a](../README.md#part) [b](other.md) [c](https://x.y)", page, tmp_path, "R")
    assert shown == "[a](R/blob/main/README.md#part) [b](other.md) [c](https://x.y)"
    with pytest.raises(MissingFile, match=r"\.\./gone\.md does not exist"):
        outward("[a](../gone.md)", page, tmp_path, "R")
