# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fenced blocks of a page, run as they stand, one after the other, as a reader would enter them.

The language after the fence says what a block is: `sh` and `python` are run, `c` is the driver that
a later block builds, `text` is output or a drawing. A second word says why a block is not run here.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
VENV = Path(sys.prefix)

LANGUAGES = ("sh", "python", "c", "text")
NOT_HERE = {
    "ci": "continuous integration runs these commands themselves",
    "west": "downloads a Zephyr workspace",
    "board": "needs hardware",
    "tvm-0.18": "needs TVM 0.18; tests/microtvm",
}
_WAIT = "until (exec 3<>/dev/tcp/127.0.0.1/9190) 2>/dev/null; do sleep 0.2; done"


class Block(NamedTuple):
    """A fenced block: the words after the fence, and its lines."""

    words: tuple[str, ...]
    text: str


def blocks(page: Path) -> list[Block]:
    """Return a page's fenced blocks in order."""
    found = re.findall(r"^```([^\n]*)\n(.*?)^```$", page.read_text(), re.M | re.S)
    return [Block(tuple(info.split()), text) for info, text in found]


def check_words(found: Sequence[Block]) -> None:
    """Fail unless each block says what it is."""
    for block in found:
        assert block.words and block.words[0] in LANGUAGES, block
        assert set(block.words[1:]) <= set(NOT_HERE), block


def script(found: Sequence[Block]) -> str:
    """Return all blocks that can run here as one script of bash."""
    lines = ["set -euo pipefail"]
    for block in found:
        if block.words[0] not in ("sh", "python") or len(block.words) > 1:
            continue
        if block.words[0] == "python":
            lines.append(f"python - <<'END OF BLOCK'\n{block.text}END OF BLOCK")
        else:
            lines.append(block.text)
            if block.text.rstrip().endswith("&"):
                lines.append(_WAIT)
    return "\n".join([*lines, "kill $(jobs -p) 2>/dev/null || true", ""])


def run(found: Sequence[Block], folder: Path) -> str:
    """Run a page's blocks in a folder that looks like the repository; return what they print.

    Everything that they make must be in build/, which git ignores.
    """
    pytest.importorskip("tvm", reason="apache-tvm is not installed")
    for program in ("cc", "make", "bash"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program}")
    stamp = VENV / ".installed"
    if VENV.name != ".venv" or not stamp.exists():
        pytest.skip("not in the environment of make setup")
    if stamp.stat().st_mtime < (ROOT / "host" / "pyproject.toml").stat().st_mtime:
        pytest.skip("make setup is due")
    for name in ("Makefile", "examples", "host", "extensions", "boards", "project_template"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(VENV)
    process = subprocess.Popen(
        ["bash", "-c", script(found)],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=250)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, output[-4000:]
    made = {one.name for one in folder.iterdir() if not one.is_symlink()}
    assert made == {"build"}
    return output
