# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kind "serial": a serial port of this machine, found by the USB ids of the board.

    "console": {"kind": "serial", "usb": ["VID:PID", ...], "baudrate": bits per second}

`usb` holds beginnings of the USB ids. With "vcom", the debugger shows several ports, and that one
(counted from 0; the last if there are fewer) is wired to the UART.
"""

from __future__ import annotations

import errno
import fcntl
import os
import termios
import tty
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from zephyr_counters.errors import LinkError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.options import Option, Value
from zephyr_counters.link.transports import usb_ports
from zephyr_counters.link.transports.descriptor import FdTransport
from zephyr_counters.link.transports.port_holder import port_holder

KIND = "serial"
OPTIONS = (
    Option(
        name="serial_number",
        type="str",
        optional=("generate_project", "flash", "open_transport"),
        help="Serial number of the board's USB port, where several boards are plugged in.",
    ),
    Option(
        name="port",
        type="str",
        optional=("generate_project", "open_transport"),
        help="Serial port of the board, such as /dev/ttyACM0, instead of the one with its USB ids.",
    ),
    Option(
        name="baudrate",
        type="int",
        min=300,
        max=20_000_000,
        optional=("generate_project", "open_transport"),
        help="Bits per second of the serial port, instead of what the board's data say.",
    ),
)


def locate(
    board: Board, values: Mapping[str, Value], announced: Callable[[], str]
) -> dict[str, Any]:
    """Take the option `port`, else the port with the board's USB ids."""
    path = str(values["port"]) if "port" in values else usb_ports.find(board, values)
    return {"path": path, "baudrate": int(values.get("baudrate", board.console["baudrate"]))}


def connect(stream: Mapping[str, Any]) -> FdTransport:
    """Open it."""
    return SerialPort(str(stream["path"]), int(stream["baudrate"]))


class SerialPort(FdTransport):
    """A serial port or pseudo-terminal, locked against other programs.

    Args:
        path: /dev/ttyACM0, /dev/pts/3, /dev/serial/by-id/...
        baud: bits per second; a pseudo-terminal ignores it.

    Raises:
        LinkError: it does not exist, may not be opened, or is in use.
    """

    def __init__(self, path: str, baud: int = 115200) -> None:
        try:
            fd, self._release = _open(path, baud)
        except (OSError, ValueError, termios.error) as error:
            raise _translated(path, baud, error) from error
        super().__init__(fd, path)

    def close(self) -> None:
        """Close the port."""
        if self._fd >= 0:
            self._fd = -1
            # A board that is gone cannot be asked to flush.
            with suppress(OSError):
                self._release()


def _open(path: str, baud: int) -> tuple[int, Callable[[], None]]:
    """Return the port's descriptor, and what closes it."""
    try:
        import serial
    except ImportError:
        fd = _open_without_pyserial(path, baud)
        return fd, lambda: os.close(fd)
    port = serial.Serial(path, baud, timeout=0, exclusive=True)
    return port.fileno(), port.close


def _open_without_pyserial(path: str, baud: int) -> int:
    """For a project's server that runs where nothing is installed; knows the usual speeds only."""
    speed = getattr(termios, f"B{baud}", None)
    if speed is None:
        raise ValueError(
            "not a speed of this system; pyserial may know more (pip install pyserial)"
        )
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        tty.setraw(fd, termios.TCSANOW)
        attributes = termios.tcgetattr(fd)
        attributes[2] |= termios.CLOCAL | termios.CREAD
        attributes[4] = attributes[5] = speed
        termios.tcsetattr(fd, termios.TCSANOW, attributes)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _translated(path: str, baud: int, error: Exception) -> LinkError:
    number = getattr(error, "errno", None)
    failed = f"{path}: cannot be opened"
    if number == errno.ENOENT:
        return LinkError(f"{failed}: no such port", "plug the board in, or start its firmware")
    if number == errno.EACCES:
        return LinkError(
            f"{failed}: permission denied", "add yourself to the port's group (dialout)"
        )
    if number in (errno.EAGAIN, errno.EBUSY):
        holder = port_holder(path) or "another program"
        return LinkError(f"{failed}: in use by {holder}", "close it there")
    return LinkError(f"{failed} at {baud} baud: {os.strerror(number) if number else error}")
