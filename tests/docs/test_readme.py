# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""README's blocks run as they stand, one after the other, as a reader would enter them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from page_blocks import ROOT, blocks, check_words, run

README = ROOT / "README.md"
DRIVER = "build/extensions/uptime"


def test_every_block_says_what_it_is() -> None:
    check_words(blocks(README))


@pytest.mark.slow
def test_every_block_runs_as_it_stands(tmp_path: Path) -> None:
    found = blocks(README)
    (driver,) = (block.text for block in found if block.words[0] == "c")
    device = tmp_path / DRIVER / "device"
    device.mkdir(parents=True)
    (device / "posix.c").write_text(driver)
    (described,) = re.findall(r"extension\.json +({[^}]*})", README.read_text())
    (device.parent / "extension.json").write_text(described)
    output = run(found, tmp_path)
    assert "whole model" in output and "uptime:centiseconds" in output
    last = [block for block in found if block.text.startswith(" uptime:")][-1]
    assert " ".join(last.text.split()) in " ".join(output.split())


def test_setup_shows_progress_and_installs_what_the_demo_needs() -> None:
    """pip says what it does, and the development tools are a step of their own."""
    for target, extras in (("setup", "host[tvm]"), ("setup-dev", "host[tvm,dev]")):
        done = subprocess.run(
            ["make", "--always-make", "--dry-run", target],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        (install,) = [line for line in done.stdout.splitlines() if "pip install" in line]
        assert install.endswith(f"--editable '{extras}'")
        assert "-q" not in install.split() and "--quiet" not in install
