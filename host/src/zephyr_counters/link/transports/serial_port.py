# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Serial ports and pseudo-terminals."""

from __future__ import annotations

import errno
import os
from contextlib import suppress

import serial

from zephyr_counters.errors import LinkError
from zephyr_counters.link.transports.descriptor import FdTransport


class SerialPort(FdTransport):
    """A serial port, taken for this process alone.

    Args:
        path: /dev/ttyACM0, /dev/pts/3, /dev/serial/by-id/...
        baud: bits per second; a pseudo-terminal ignores it.

    Raises:
        LinkError: it does not exist, may not be opened, or is in use.
    """

    def __init__(self, path: str, baud: int = 115200) -> None:
        try:
            self._port = serial.Serial(path, baud, timeout=0, exclusive=True)
        except (OSError, ValueError) as error:
            raise _translated(path, error) from error
        super().__init__(self._port.fileno(), path)

    def close(self) -> None:
        """Close the port."""
        self._fd = -1
        # A board that is gone cannot be asked to flush.
        with suppress(OSError):
            self._port.close()


def _translated(path: str, error: Exception) -> LinkError:
    number = getattr(error, "errno", None)
    if number == errno.ENOENT:
        return LinkError(f"{path}: no such port", "is the board plugged in, the firmware running?")
    if number == errno.EACCES:
        return LinkError(f"{path}: permission denied", "add yourself to the port's group (dialout)")
    if number in (errno.EAGAIN, errno.EBUSY):
        return LinkError(f"{path}: in use by another program", "close it there")
    text = os.strerror(number) if number else str(error)
    return LinkError(f"{path}: cannot be opened: {text}")
