# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of tests that run commands on a board that is not there."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

import pytest
from fake_board import FakeBoard
from zephyr_counters.board import board as boards
from zephyr_counters.cli import profile, tvmc_upstream


class CommandBoard(FakeBoard):
    """A board that a command opens and closes."""

    def __init__(self, project: object) -> None:
        super().__init__()

    def __enter__(self) -> CommandBoard:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close."""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands open this board, whatever project they are given."""
    monkeypatch.setattr(boards, "Board", CommandBoard)
    monkeypatch.setattr(profile, "open_project", lambda folder: None)
    monkeypatch.setattr(tvmc_upstream, "find", lambda: None)


def help_of(capsys: pytest.CaptureFixture[str], command: Callable[..., int], *argv: str) -> str:
    """The help text of a command."""
    with pytest.raises(SystemExit):
        command([*argv, "--help"])
    return capsys.readouterr().out
