# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Completion in shells."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from zephyr_counters.cli import main


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("argcomplete")
    assert main.main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert "zephyr-counters" in text and "tvmc" in text


def test_a_shell_completes_commands_and_options(tmp_path: Path) -> None:
    """As the script of bash asks: by environment variables, answered in a file."""
    pytest.importorskip("argcomplete")
    for line, wanted in (
        ("zephyr-counters prof", "profile"),
        ("zephyr-counters show x --cs", "--csv"),
    ):
        answer = tmp_path / "answer"
        environment = {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
        subprocess.run(
            [sys.executable, "-m", "zephyr_counters"],
            env={**os.environ, **environment},
            check=False,
        )
        assert answer.read_text().strip() == wanted
