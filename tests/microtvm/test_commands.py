# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters` on a project that TVM 0.18 made."""

from __future__ import annotations

from typing import Any

import pytest
from microtvm_fixtures import built
from zephyr_counters.cli import main

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
