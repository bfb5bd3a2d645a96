# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How a project is built for and brought onto a Zephyr board."""

from __future__ import annotations

import os
from pathlib import Path

from . import zephyr_toolchain, zephyr_workspace
from .boards import Board
from .errors import ServerError

PLATFORM = "zephyr"
APPLICATION = Path("platforms") / "zephyr"


def commands(
    board: Board, home: Path, build: Path, cmake: str, ninja: str
) -> tuple[list[str], list[str], list[str], dict[str, str]]:
    """What builds the project: `west build`, or CMake itself where there is no west.

    The command that configures, the one that builds, its words for more output, and environment.

    Raises:
        ServerError: there is no workspace, or no compiler.
    """
    workspace = zephyr_workspace.find(home)
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
        configure += ["-S", source, "-B", str(build)]
        return configure, [ninja, "-C", str(build)], ["-v"], environment
    configure = [*west, "build", "--cmake-only", "-b", target, "-d", str(build), source]
    configure += ["--", f"-DCMAKE_MAKE_PROGRAM={ninja}"]
    return configure, [*west, "build", "-d", str(build)], ["-o=-v"], environment


def west(home: Path) -> tuple[list[str], dict[str, str]]:
    """How to call west, and the environment that it wants; for flashing.

    Raises:
        ServerError: there is no workspace or no west.
    """
    workspace = zephyr_workspace.find(home)
    words = workspace.west()
    if words is None:
        raise ServerError("west is not installed, and flashing needs it", "pip install west")
    return words, {"ZEPHYR_BASE": str(workspace.base)}
