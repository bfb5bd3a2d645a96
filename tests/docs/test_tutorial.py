# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The tutorial's blocks run as they stand, one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_blocks import ROOT, blocks, check_words, run

TUTORIAL = ROOT / "docs/tutorial.md"


def test_every_block_says_what_it_is() -> None:
    check_words(blocks(TUTORIAL))


@pytest.mark.slow
def test_every_block_runs_as_it_stands(tmp_path: Path) -> None:
    output = run(blocks(TUTORIAL), tmp_path)
    assert "top-1 agreement" in output
    assert "Whole model:" in output
