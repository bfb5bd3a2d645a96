# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Builds that differ from the usual one: without west, with warnings, of an unknown board."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from zephyr_counters.board.board import Board
from zephyr_counters.errors import ProjectError
from zephyr_counters.project import Project, create
from zephyr_counters.project_api import zephyr_toolchain, zephyr_workspace
from zephyr_counters.rpc.bridge import Timeouts
from zephyr_fixtures import ROOT, need

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

BOARD = "mps2_an385"
PATIENT = Timeouts(call=300, start=90)
WARNING = '#warning "look here"\n'


@pytest.fixture
def without_west(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workspace as it is without west: Zephyr's tree, and modules."""
    need(BOARD)
    workspace = zephyr_workspace.find(ROOT)
    west = workspace.west()
    assert west is not None
    top = tmp_path / "workspace"
    base = top / "zephyr"
    base.mkdir(parents=True)
    # Not the tree itself, beside which west's folder would be found.
    for entry in workspace.base.iterdir():
        (base / entry.name).symlink_to(entry)
    (top / "modules").symlink_to(workspace.top / "modules")
    # Zephyr's requirements, but for west.
    stub = tmp_path / "stub"
    stub.mkdir()
    (stub / "west.py").write_text("raise ImportError\n")
    python = Path(west[0]).with_name("python3")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("python", "python3"):
        script = f'#!/bin/sh\nPYTHONPATH={stub} exec {python} "$@"\n'
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    monkeypatch.setenv("ZEPHYR_BASE", str(base))
    path = [str(tools)]
    path += [f for f in os.environ["PATH"].split(os.pathsep) if not (Path(f) / "west").exists()]
    monkeypatch.setenv("PATH", os.pathsep.join(path))
    if zephyr_workspace.find(ROOT).west() is not None:
        pytest.skip(f"{sys.executable} has west itself")


@pytest.fixture(scope="module")
def project(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Not built; for the tests to change."""
    folder = tmp_path_factory.mktemp("options") / "project"
    return create("zephyr-counters", archive, folder, {"board": BOARD})


@pytest.mark.usefixtures("without_west")
def test_build_and_run_without_west(project: Project) -> None:
    project.build()
    log = (project.path / "build" / "build.log").read_text()
    assert "west" not in log.splitlines()[0] and "-- Found west" not in log
    with Board(project, timeouts=PATIENT) as board:
        board.run()
        assert board.catalog().board == "mps2/an385"


def test_warnings_are_errors(project: Project) -> None:
    """In each part of our own code, and only there."""
    need(BOARD)
    project.build()
    commands = json.loads((project.path / "build" / "compile_commands.json").read_text())
    build = project.path / "build"
    ours = {True: 0, False: 0}
    for one in commands:
        file = Path(one["file"])
        own = file.is_relative_to(project.path) and not file.is_relative_to(build)
        assert ("-Werror" in one["command"].split()) == own, file
        ours[own] += 1
    assert ours[True] > 20 and ours[False] > 50
    for name in ("src/main.c", "zephyr_module/lib/wire/framing.c"):
        path = project.path / name
        text = path.read_text()
        path.write_text(text + WARNING)
        with pytest.raises(ProjectError, match=rf"{name}:\d+:2: error: #warning"):
            project.build()
        path.write_text(text)
    path.write_text(text + WARNING)
    description = json.loads((project.path / "project.json").read_text())
    changed = {**description, "warning_as_error": False}
    (project.path / "project.json").write_text(json.dumps(changed))
    project.build()
    assert "warning: #warning" in (build / "build.log").read_text()


@pytest.mark.parametrize("board", ["mps9/an385", "mps2/an999"])
def test_board_that_zephyr_does_not_know(board: str, archive: Path, tmp_path: Path) -> None:
    need(BOARD)
    project = create("zephyr-counters", archive, tmp_path / "project", {"board": BOARD})
    path = project.path / "boards" / BOARD / "board.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "zephyr_board": board}))
    name = board if "an999" in board else board.split("/")[0]
    with pytest.raises(ProjectError, match=f"^no board '{name}' in ") as error:
        project.build()
    assert error.value.hint is not None and "use a Zephyr that has it" in error.value.hint


@pytest.mark.parametrize(
    ("variant", "text"),
    [("zephyr", "Zephyr-sdk"), ("gnuarmemb", "GNUARMEMB_TOOLCHAIN_PATH is not set")],
)
def test_toolchain_that_is_not_there(
    variant: str, text: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Zephyr says of it, and not only where."""
    need(BOARD)
    if zephyr_toolchain._has_sdk():
        pytest.skip("there is a Zephyr SDK")
    monkeypatch.setenv("ZEPHYR_TOOLCHAIN_VARIANT", variant)
    monkeypatch.delenv("GNUARMEMB_TOOLCHAIN_PATH", raising=False)
    with pytest.raises(ProjectError, match=text):
        project.build()
