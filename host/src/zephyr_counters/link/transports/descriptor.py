# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A transport on a file descriptor: serial port, pseudo-terminal or socket."""

from __future__ import annotations

import errno
import os
import select
import time
from collections.abc import Callable

from zephyr_counters.errors import LinkError, LinkTimeout
from zephyr_counters.link.transports.transport import BoardGone, Closing

GONE_ERRNOS = frozenset(
    (errno.EIO, errno.ENXIO, errno.ENODEV, errno.EPIPE, errno.ECONNRESET, errno.EBADF)
)
"""What reading or writing fails with when the board is gone."""

_SLICE_S = 0.1


class FdTransport(Closing):
    """Reads and writes a descriptor.

    Args:
        fd: open for reading and writing; closed by close().
        name: where it leads, for messages.

    Attributes:
        on_wait: called about ten times a second while it waits; what it raises ends the wait.
    """

    on_wait: Callable[[], None] | None = None

    def __init__(self, fd: int, name: str) -> None:
        self.name = name
        self._fd = fd
        os.set_blocking(fd, False)
        self._polls = {event: select.poll() for event in (select.POLLIN, select.POLLOUT)}
        for event, poll in self._polls.items():
            poll.register(fd, event)

    def __reduce__(self) -> tuple[type[FdTransport], tuple[int, str]]:
        return FdTransport, (self._fd, self.name)

    def shareable(self) -> FdTransport:
        """Return a transport on the same descriptor and nothing else."""
        return FdTransport(self.fileno(), self.name)

    def fileno(self) -> int:
        """Return the descriptor; LinkError after close()."""
        if self._fd < 0:
            raise LinkError(f"{self.name}: closed")
        return self._fd

    def read(self, n: int, timeout: float) -> bytes:
        """See Transport.read()."""
        fd = self.fileno()
        if not self._wait(select.POLLIN, time.monotonic() + timeout):
            raise LinkTimeout(f"{self.name}: nothing came in {timeout:g} s")
        try:
            data = os.read(fd, n)
        except BlockingIOError:
            raise LinkTimeout(f"{self.name}: nothing came") from None
        except OSError as error:
            raise self._failed("read", error) from error
        if not data:
            raise BoardGone(self.name)
        return data

    def write(self, data: bytes, timeout: float) -> None:
        """See Transport.write()."""
        fd = self.fileno()
        end = time.monotonic() + timeout
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(fd, rest) :]
            except BlockingIOError:
                if time.monotonic() >= end or not self._wait(select.POLLOUT, end):
                    raise LinkTimeout(
                        f"{self.name}: {len(rest)} of {len(data)} bytes not taken in {timeout:g} s",
                        "the board may hang; reset it",
                    ) from None
            except OSError as error:
                raise self._failed("write", error) from error

    def close(self) -> None:
        """Close the descriptor."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def _wait(self, event: int, end: float) -> bool:
        """Whether the descriptor is ready before the time `end` (time.monotonic())."""
        poll = self._polls[event]
        while True:
            left = max(0.0, end - time.monotonic())
            if self.on_wait is None:
                return bool(poll.poll(left * 1000))
            if poll.poll(min(left, _SLICE_S) * 1000):
                return True
            self.on_wait()
            if left <= 0:
                return False

    def _failed(self, what: str, error: OSError) -> LinkError:
        if error.errno in GONE_ERRNOS:
            return BoardGone(self.name)
        return LinkError(f"{self.name}: {what}: {error.strerror or error}")
