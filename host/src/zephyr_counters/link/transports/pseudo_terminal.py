# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kind "pty": a pseudo-terminal, whose path the firmware or its emulator prints.

"console": {"kind": "pty", "pattern": regular expression, "baudrate": bits per second}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zephyr_counters.formats.board import Board
from zephyr_counters.formats.options import Option, Value
from zephyr_counters.link.transports.descriptor import FdTransport
from zephyr_counters.link.transports.serial_port import SerialPort

KIND = "pty"
OPTIONS: tuple[Option, ...] = ()


def locate(
    board: Board, values: Mapping[str, Value], announced: Callable[[], str]
) -> dict[str, Any]:
    """Take the path that is printed; a terminal has a baud rate without effect."""
    return {"path": announced(), "baudrate": int(board.console["baudrate"])}


def connect(stream: Mapping[str, Any]) -> FdTransport:
    """Open it as a serial port."""
    return SerialPort(str(stream["path"]), int(stream["baudrate"]))
