# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The application compiles for every real board, and keeps to its limits."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from zephyr_counters.errors import ProjectError
from zephyr_counters.project import create
from zephyr_fixtures import board_data, memory_used, need, zephyr_boards

from bench import cost, zephyr_size

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

# A header that a workspace without all of its vendor's files lacks.
INCOMPLETE = "No such file or directory"


@pytest.mark.parametrize("name", zephyr_boards(emulated=False))
def test_builds(
    name: str, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    need(name)
    project = create("zephyr-counters", archive, tmp_path / "project", {"board": name})
    try:
        project.build()
    except ProjectError as error:
        if INCOMPLETE in str(error) and "modules/hal" in str(error):
            pytest.skip(f"the workspace is incomplete: {str(error).splitlines()[1].strip()}")
        raise
    used = memory_used((project.path / "build" / "build.log").read_text())
    with capsys.disabled():
        print(f"\n{name}: flash {used['FLASH']:,} bytes, RAM {used['RAM']:,} bytes")
    memory = board_data(name)["memory"]
    assert used["FLASH"] <= memory["flash_kib"] * 1024
    assert used["RAM"] <= memory["ram_kib"] * 1024


@pytest.mark.parametrize("figures", [zephyr_size, cost], ids=["bytes", "instructions"])
def test_limits(figures: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `make zephyr-bench` records and no machine's speed changes."""
    for figure in figures.measure(tmp_path):
        if figure.skipped:
            pytest.skip(figure.skipped)
        with capsys.disabled():
            print(f"\n{figure.name.strip()}: {figure.value:,.0f} {figure.unit}", end="")
        assert figure.verdict in ("met", ""), f"{figure.name}: {figure.value} > {figure.limit}"
