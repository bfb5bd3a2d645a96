# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How much a command says: verbosity, log files, progress."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest
from command_fixtures import CommandBoard
from zephyr_counters import __version__
from zephyr_counters.board import board as boards
from zephyr_counters.cli import console, main
from zephyr_counters.errors import UsageError


@pytest.fixture
def talkative(fake: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Talkative(CommandBoard):
        def _model_profile(self, repeat: int) -> None:
            logging.getLogger("board").info("hello \x1b[2J")
            logging.getLogger("zephyr_counters.link").debug("a frame")
            logging.getLogger("board").warning("careful")
            super()._model_profile(repeat)

    monkeypatch.setattr(boards, "Board", Talkative)


def test_how_much_a_command_says(
    talkative: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "log"
    argv = ["profile", "p", "--repeat", "1", "--counters", "core:cycles"]
    for words, said, unsaid in (
        ([], {"careful"}, {"hello", "frame"}),
        (["-v"], {"careful", "hello \\x1b[2J"}, {"frame"}),
        (["-vv"], {"careful", "hello", "a frame"}, {"\x1b"}),
        (["-q"], set(), {"careful", "hello"}),
        (["-q", "--log-file", str(path)], set(), {"careful"}),
    ):
        assert main.main([*argv, *words]) == 0
        captured = capsys.readouterr()
        assert all(one in captured.err for one in said)
        assert not any(one in captured.err for one in unsaid)
        assert "whole model" in captured.out
    assert main.main(["-v", *argv]) == 0 and "hello" in capsys.readouterr().err
    logged = path.read_text()
    assert (
        "INFO board: hello \\x1b[2J" in logged and "DEBUG zephyr_counters.link: a frame" in logged
    )
    assert __version__ in logged and not logging.getLogger().handlers[:-4]


def test_a_log_file_has_the_traceback_of_a_failure(
    fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing(CommandBoard):
        def _model_profile(self, repeat: int) -> None:
            raise UsageError("no")

    monkeypatch.setattr(boards, "Board", Failing)
    path = tmp_path / "log"
    assert main.main(["profile", "p", "--log-file", str(path)]) == 2
    assert capsys.readouterr().err == "zephyr-counters: no\n"
    assert "Traceback" in path.read_text() and "UsageError: no" in path.read_text()
    assert main.main(["boards", "--log-file", str(tmp_path)]) == 1
    assert "Is a directory" in capsys.readouterr().err


def test_progress_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line each 10 s, also while nothing is reported."""
    assert console.PERIOD_S == 10
    monkeypatch.setattr(console, "PERIOD_S", 0.05)
    with console.progress("Profiling") as tell:
        time.sleep(0.12)
        tell(3, 50)
        time.sleep(0.12)
    with console.steps("Building") as tell_step:
        tell_step("kernel.c\x1b")
        time.sleep(0.12)
    lines = capsys.readouterr().err.splitlines()
    assert "Profiling: working, after 0 s" in lines
    assert "Profiling: 3 of 50 repetitions, after 0 s" in lines
    assert "Building: kernel.c\\x1b, after 0 s" in lines
    assert 4 <= len(lines) <= 8
