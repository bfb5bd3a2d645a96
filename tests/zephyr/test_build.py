# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The application compiles for every real board, and keeps to its limits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from zephyr_counters.errors import ProjectError
from zephyr_counters.project import create
from zephyr_fixtures import ROOT, board_data, memory_size, memory_used, need, zephyr_boards

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
    check_memory(name, project.path, capsys)
    # Regions are timed by the core's cycle counter: 64 MHz or more on all of these.
    config = (project.path / "build" / "zephyr" / ".config").read_text()
    assert "\nCONFIG_ZC_CLOCK_DWT=y\n" in config


@pytest.mark.parametrize("name", zephyr_boards(emulated=False))
def test_builds_the_runtime_of_tvm_0_18(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the board's defaults, in an environment that MICROTVM_PYTHON names."""
    need(name)
    python = os.environ.get("MICROTVM_PYTHON", "")
    can = [python, "-c", "import tvm.micro, zephyr_counters"]
    if not python or subprocess.run(can, capture_output=True, check=False).returncode:
        pytest.skip("MICROTVM_PYTHON names no Python that has TVM 0.18")
    path = tmp_path / "project"
    built = subprocess.run(
        [python, str(ROOT / "tests" / "support" / "build_crt.py"), name, str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode and INCOMPLETE in built.stderr and "modules/hal" in built.stderr:
        pytest.skip("the workspace is incomplete")
    assert built.returncode == 0, built.stderr
    check_memory(name, path, capsys)


def check_memory(name: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Print what is used; board.json says of the memory what the devicetree does."""
    log = (project / "build" / "build.log").read_text()
    used, size = memory_used(log), memory_size(log)
    with capsys.disabled():
        print(f"\n{name}: flash {used['FLASH']:,} bytes, RAM {used['RAM']:,} bytes")
    assert size["RAM"] == board_data(name)["memory"]["ram_kib"] * 1024
    assert used["FLASH"] <= board_data(name)["memory"]["flash_kib"] * 1024
    # A quarter is left to a model that is larger than the test's.
    assert used["RAM"] <= size["RAM"] * 3 // 4


@pytest.mark.parametrize("figures", [zephyr_size, cost], ids=["bytes", "instructions"])
def test_limits(figures: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `make zephyr-bench` records and no machine's speed changes."""
    for figure in figures.measure(tmp_path):
        if figure.skipped:
            pytest.skip(figure.skipped)
        with capsys.disabled():
            print(f"\n{figure.name.strip()}: {figure.value:,.0f} {figure.unit}", end="")
        assert figure.verdict in ("met", ""), f"{figure.name}: {figure.value} > {figure.limit}"
