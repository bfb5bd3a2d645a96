# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The boards that a project can be created for, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zephyr_counters import resources
from zephyr_counters.errors import ProjectError

FORMAT = 1


@dataclass(frozen=True)
class BoardInfo:
    """What boards/*/board.json says of a board."""

    name: str
    description: str
    platform: str
    zephyr_board: str | None
    console: str
    """`pty` or `serial`."""
    runs_here: bool
    """Whether the firmware runs on this machine, natively or emulated."""
    providers: tuple[str, ...]
    options: dict[str, Any]
    core: str | None = None
    """As in formats/core.py; None for any."""


def list_boards(folder: Path | None = None) -> list[BoardInfo]:
    """All boards, sorted by name.

    Args:
        folder: where they are; those that come with this package if None.

    Raises:
        ProjectError: a board's data are damaged.
    """
    folder = folder or resources.path("boards")
    boards = [_board(path) for path in folder.glob("*/board.json")]
    return sorted(boards, key=lambda board: board.name)


def _board(path: Path) -> BoardInfo:
    try:
        data = json.loads(path.read_text())
        if data["format"] != FORMAT:
            raise ProjectError(f"{path}: format {data['format']!r}, this version reads {FORMAT}")
        return BoardInfo(
            name=data["name"],
            description=data["description"],
            platform=data["platform"],
            zephyr_board=data["zephyr_board"],
            console=data["console"]["kind"],
            runs_here=data["run"] is not None,
            providers=tuple(data["providers"]),
            options=dict(data["options"]),
            core=data.get("core"),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ProjectError(f"{path}: not a board's data: {error!r}") from error
