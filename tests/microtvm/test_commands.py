# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters` on a project that TVM 0.18 made."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from fake_sources import REPOSITORY
from zephyr_counters.cli import main

pytest.importorskip("tvm.micro", reason="TVM 0.18 with tvm.micro is not importable")

from microtvm_fixtures import built

__all__ = ["built"]


def test_events(built: Any, capsys: pytest.CaptureFixture[str]) -> None:
    project = built("posix", "graph")
    assert main.main(["events", str(project.folder)]) == 0
    said = capsys.readouterr()
    assert "posix (crt)" in said.out and "host-cycles:cycles" in said.out


def test_profile_names_what_works(built: Any, capsys: pytest.CaptureFixture[str]) -> None:
    project = built("posix", "graph")
    assert main.main(["profile", str(project.folder)]) != 0
    said = capsys.readouterr()
    assert "tvmc run --device micro PROJECT --profile" in said.err and "[bt]" not in said.err


def test_the_example_tunes_with_the_counters_of_the_docs() -> None:
    """`mac-array:*` includes opaque data, which has no least value."""
    command = [sys.executable, str(REPOSITORY / "examples/autotvm/tune.py"), "--trials", "1"]
    done = subprocess.run(
        [*command, "--counters", "cycles,mac-array:*"], capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("least mac-array:busy-cycles") >= 2
    assert "least seconds" in done.stdout
