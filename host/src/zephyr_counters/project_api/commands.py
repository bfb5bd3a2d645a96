# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The commands that build a project, whatever it is for."""

from __future__ import annotations

from pathlib import Path

from zephyr_counters.formats.board import Board
from zephyr_counters.formats.options import Value
from zephyr_counters.project_api import tools, zephyr
from zephyr_counters.project_api.build import Commands


def commands(board: Board, home: Path, build: Path, values: dict[str, Value]) -> Commands:
    """Return what builds the project in `home` for `board`, in the folder `build`.

    Raises:
        ProjectError: a tool is missing.
    """
    cmake, ninja = tools.find("cmake"), tools.find("ninja")
    if board.platform == zephyr.PLATFORM:
        return zephyr.commands(board, home, build, values, cmake, ninja)
    configure = [cmake, "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}"]
    configure += ["-S", str(home), "-B", str(build)]
    return Commands(configure, [ninja, "-C", str(build)], ["-v"])
