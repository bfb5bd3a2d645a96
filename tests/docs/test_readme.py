# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""README's blocks run as they stand, one after the other, as a reader would enter them."""

from __future__ import annotations

import re
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
