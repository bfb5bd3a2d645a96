# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""From a board's data to the path of its serial stream."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zephyr_counters.project_api import ports
from zephyr_counters.project_api.boards import Board
from zephyr_counters.project_api.errors import ServerError
from zephyr_counters.project_api.options import Value
from zephyr_counters.project_api.process import Child, LineWaiter

_PLACE = re.compile(r"\{([a-z_]+)\}")


def words(entry: dict[str, Any], home: Path, values: dict[str, Value]) -> list[str]:
    """The command of `run` or `flash`, with what the options in `values` add, filled in."""
    places = {"build": str(home / "build"), "project": str(home)}
    places |= {name: str(value) for name, value in values.items()}
    command = list(entry["command"])
    for name, more in entry.get("options", {}).items():
        if values.get(name):
            command += more
    return [_PLACE.sub(lambda match: places.get(match[1], ""), word) for word in command]


def start(
    board: Board, home: Path, values: dict[str, Value], check: Callable[[], None]
) -> tuple[Child | None, str]:
    """Start what the board needs; it (or None) and the path of the stream.

    Raises:
        ServerError: it does not start, or there is no such port.
    """
    run = board.data["run"]
    waiter = LineWaiter(board.console["pattern"]) if board.console["kind"] == "pty" else None
    child = None
    if run:
        command = words(run, home, values)
        for word, path in zip(run["command"], command, strict=False):
            if word.startswith("{build}") and not Path(path).exists():
                raise ServerError(f"{path} is not there", "build the project first")
        child = Child(command, home, waiter)
    try:
        if waiter is None:
            return child, ports.find(board, values)
        if child is None:
            raise ServerError(f"board {board.name!r}: a pty console needs 'run'")
        return child, _announced(child, waiter, float(run["start_timeout_sec"]), check)
    except BaseException:
        if child:
            child.stop()
        raise


def _announced(child: Child, waiter: LineWaiter, timeout: float, check: Callable[[], None]) -> str:
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        check()
        path = waiter.wait(0.05)
        if path is not None:
            return path
        if child.exit_code is not None:
            child.stop()
            detail = "\n".join(child.output)
            raise ServerError(f"{child.ending()} before it named its port", None, detail)
    raise ServerError(f"{child.name} named no port in {timeout:g} s", None, "\n".join(child.output))
