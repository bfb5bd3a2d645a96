# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The commands that build a project, whatever it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from . import tools, zephyr
from .boards import Board


@dataclass(frozen=True)
class Commands:
    """Two commands: one that configures a build folder once, and one that builds what changed."""

    configure: list[str]
    compile: list[str]
    verbose: list[str]
    """Words that make `compile` show the compiler's commands."""
    environment: dict[str, str] = field(default_factory=dict)


def commands(board: Board, home: Path, build: Path) -> Commands:
    """What builds the project in `home` for `board`, in the folder `build`.

    Raises:
        ServerError: a tool is missing.
    """
    cmake, ninja = tools.find("cmake"), tools.find("ninja")
    if board.platform == zephyr.PLATFORM:
        return Commands(*zephyr.commands(board, home, build, cmake, ninja))
    configure = [cmake, "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}"]
    configure += ["-S", str(home), "-B", str(build)]
    return Commands(configure, [ninja, "-C", str(build)], ["-v"])
