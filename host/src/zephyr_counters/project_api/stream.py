# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Read and write a serial port or pseudo-terminal, for clients that do not open it themselves."""

from __future__ import annotations

import errno
import os
import select
import termios
import time
import tty
from collections.abc import Callable

from zephyr_counters.project_api.errors import IoTimeoutError, ServerError, TransportClosedError

_GONE = (errno.EIO, errno.ENXIO, errno.ENODEV, errno.EPIPE, errno.EBADF)
_SLICE_SEC = 0.1


class Stream:
    """An open port.

    Args:
        path: of the port.
        baudrate: bits per second.
        check: called now and then while waiting; what it raises ends the wait.

    Raises:
        ServerError: it cannot be opened, or cannot do that speed.
    """

    def __init__(self, path: str, baudrate: int, check: Callable[[], None]) -> None:
        self._path = path
        self._check = check
        speed = getattr(termios, f"B{baudrate}", None)
        if speed is None:
            raise ServerError(f"{path}: {baudrate} baud is not a speed of this system")
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
            # Now: what the board has sent already is not to be thrown away.
            tty.setraw(self._fd, termios.TCSANOW)
            attributes = termios.tcgetattr(self._fd)
            attributes[4] = attributes[5] = speed
            termios.tcsetattr(self._fd, termios.TCSANOW, attributes)
        except (OSError, termios.error) as error:
            raise ServerError(f"{path}: cannot be opened: {error}") from error

    def read(self, n: int, timeout: float | None) -> bytes:
        """1..n bytes as soon as there are any; `timeout` in seconds, None waits for ever."""
        self._wait(select.POLLIN, timeout)
        try:
            data = os.read(self._fd, n)
        except OSError as error:
            raise self._failed(error) from error
        if not data:
            raise TransportClosedError(f"{self._path}: the board is gone")
        return data

    def write(self, data: bytes, timeout: float | None) -> None:
        """Write all of `data`; `timeout` in seconds, None waits for ever."""
        end = None if timeout is None else time.monotonic() + timeout
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                left = None if end is None else max(0.0, end - time.monotonic())
                self._wait(select.POLLOUT, left)
            except OSError as error:
                raise self._failed(error) from error

    def close(self) -> None:
        """Close the port."""
        os.close(self._fd)

    def _wait(self, event: int, timeout: float | None) -> None:
        poll = select.poll()
        poll.register(self._fd, event)
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _SLICE_SEC if end is None else min(_SLICE_SEC, end - time.monotonic())
            if poll.poll(max(0.0, left) * 1000):
                return
            self._check()
            if end is not None and time.monotonic() >= end:
                raise IoTimeoutError(f"{self._path}: no answer in {timeout:g} s")

    def _failed(self, error: OSError) -> TransportClosedError:
        what = "the board is gone" if error.errno in _GONE else error.strerror
        return TransportClosedError(f"{self._path}: {what}")
