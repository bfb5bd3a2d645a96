# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a project is built for and brought onto a Zephyr board."""

from __future__ import annotations

import os
from pathlib import Path

from zephyr_counters.errors import ProjectError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.options import Value
from zephyr_counters.project_api import zephyr_toolchain, zephyr_workspace
from zephyr_counters.project_api.build import Commands

PLATFORM = "zephyr"
APPLICATION = Path("platforms") / "zephyr"


def commands(
    board: Board, home: Path, build: Path, values: dict[str, Value], cmake: str, ninja: str
) -> Commands:
    """Return what builds the project: `west build`, or CMake itself where there is no west.

    Raises:
        ProjectError: there is no workspace, or no compiler.
    """
    workspace = _workspace(home, values)
    environment = {
        "ZEPHYR_BASE": str(workspace.base),
        # West calls the first cmake in PATH.
        "PATH": os.pathsep.join([str(Path(cmake).parent), os.environ.get("PATH", os.defpath)]),
        **zephyr_toolchain.environment(str(board.data["arch"])),
    }
    target, source = str(board.data["zephyr_board"]), str(home / APPLICATION)
    west = workspace.west()
    if west is None:
        configure = [cmake, "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}", f"-DBOARD={target}"]
        configure += [f"-DZEPHYR_MODULES={';'.join(map(str, workspace.modules()))}"]
        configure += ["-S", source, "-B", str(build)]
        return Commands(configure, [ninja, "-C", str(build)], ["-v"], environment)
    configure = [*west, "build", "--cmake-only", "-b", target, "-d", str(build), source]
    configure += ["--", f"-DCMAKE_MAKE_PROGRAM={ninja}"]
    return Commands(configure, [*west, "build", "-d", str(build)], ["-o=-v"], environment)


def west(home: Path, values: dict[str, Value]) -> tuple[list[str], dict[str, str]]:
    """How to call west, and the environment that it wants; for flashing.

    Raises:
        ProjectError: there is no workspace or no west.
    """
    workspace = _workspace(home, values)
    words = workspace.west()
    if words is None:
        raise ProjectError("west is not installed, and flashing needs it", zephyr_workspace.NO_WEST)
    return words, {"ZEPHYR_BASE": str(workspace.base)}


def _workspace(home: Path, values: dict[str, Value]) -> zephyr_workspace.Workspace:
    base, west_cmd = (values.get(name) for name in ("zephyr_base", "west_cmd"))
    return zephyr_workspace.find(
        home, None if base is None else str(base), None if west_cmd is None else str(west_cmd)
    )
