# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Boards are data: boards/NAME/board.json, and whatever files of the board lie beside it.

    format          1
    name            as in the option `board`; may hold slashes, the folder then has underscores
    description     one line
    platform        names the CMake file that builds for it: platforms/NAME.cmake
    zephyr_board    Zephyr's board target, or null
    arch            with Zephyr, its name of the architecture: posix, arm, arm64, riscv
    core            optional: the core as in formats/core.py, such as cortex-m4; any if missing
    memory          with Zephyr, for people: {"flash_kib": n, "ram_kib": n}, null where unlimited
    clock_hz        with Zephyr, for people: frequency of the core, or null
    run             null if it runs by itself, else {"command": [...], "start_timeout_sec": s}
    flash           null if there is nothing to do, else {"command": [...]}
                    both: "options": {option: [words that follow if it is given and true]}
    console         {"kind": "pty", "pattern": regex}: `run` prints the path, group 1
                    {"kind": "serial", "usb": ["VID:PID", ...]}: a port of this machine, by
                    beginnings of its USB ids; "vcom": which one, from 0, if its debugger may
                    have several (the last if it has fewer)
                    both: "baudrate": bits per second
    timeouts        seconds, as in TVM's TransportTimeouts
    providers       what it counts, for people
    options         defaults for the project options, by name

Commands may hold {build}, {project} and the name of an option; the program `west` is looked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zephyr_counters.project_api.errors import ServerError, UsageError
from zephyr_counters.project_api.suggest import close_to

FORMAT = 1
FILE = "board.json"


@dataclass(frozen=True)
class Board:
    """A board's data and the folder they are in."""

    folder: Path
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """As in the option `board`."""
        return str(self.data["name"])

    @property
    def platform(self) -> str:
        """What builds for it."""
        return str(self.data["platform"])

    @property
    def console(self) -> dict[str, Any]:
        """How its stream is reached."""
        console: dict[str, Any] = self.data["console"]
        return console


def find(folder: Path) -> dict[str, Board]:
    """All boards under `folder`, by name, sorted.

    Raises:
        ServerError: there is none, or one's data are damaged.
    """
    boards = [_load(path) for path in sorted(folder.glob(f"*/{FILE}"))]
    if not boards:
        raise ServerError(f"{folder}: no boards", "reinstall zephyr-counters")
    return {board.name: board for board in sorted(boards, key=lambda board: board.name)}


def choose(boards: dict[str, Board], name: str) -> Board:
    """The board called `name`.

    Raises:
        UsageError: there is none; with those that are.
    """
    if name not in boards:
        known = f"boards: {', '.join(boards)}"
        raise UsageError(f"unknown board {name!r}", close_to(name, boards) or known)
    return boards[name]


def _load(path: Path) -> Board:
    try:
        data = json.loads(path.read_text())
        if data["format"] != FORMAT:
            raise ServerError(f"{path}: format {data['format']!r}, this version reads {FORMAT}")
        for key in ("name", "description", "platform"):
            if not isinstance(data[key], str):
                raise ValueError(f"{key!r} is not a text")
        if data["console"]["kind"] not in ("pty", "serial"):
            raise ValueError(f"console {data['console']['kind']!r} is not known")
        for key in ("run", "flash", "timeouts", "providers", "options", "zephyr_board"):
            data[key]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ServerError(f"{path}: not a board's data: {error!r}") from error
    return Board(path.parent, data)
