# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of tests of commands: a board that is not there, and packages of third parties."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol

import pytest
from fake_board import FakeBoard
from zephyr_counters.board import board as boards
from zephyr_counters.cli import profile, tvmc_upstream


class Command(Protocol):
    """A command's `main`."""

    def __call__(self, argv: list[str], /) -> int: ...


class Install(Protocol):
    """Install a package with one module and one entry point."""

    def __call__(self, module: str, source: str, group: str, value: str = "EXPORT") -> None: ...


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install packages for this test, with the files that pip writes."""
    installed: list[str] = []

    def add(module: str, source: str, group: str, value: str = "EXPORT") -> None:
        site = tmp_path / "site"
        info = site / f"{module}-1.0.dist-info"
        info.mkdir(parents=True)
        (site / f"{module}.py").write_text(source)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{module} = {module}:{value}\n")
        monkeypatch.syspath_prepend(site)
        importlib.invalidate_caches()
        installed.append(module)

    yield add
    for module in installed:
        sys.modules.pop(module, None)


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
    hardware = types.SimpleNamespace(needs_flash=True)
    monkeypatch.setattr(profile, "open_project", lambda folder: hardware)
    monkeypatch.setattr(tvmc_upstream, "find", lambda: None)


def help_of(capsys: pytest.CaptureFixture[str], command: Command, *argv: str) -> str:
    """The help text of a command."""
    with pytest.raises(SystemExit):
        command([*argv, "--help"])
    return capsys.readouterr().out
