# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A transport as slow as a serial line."""

from __future__ import annotations

import select
import time

from zephyr_counters.link.transports.transport import Transport
from zephyr_counters.link.transports.wrapper import Wrapper

_BITS_PER_BYTE = 10  # start bit, eight data bits, stop bit


class Throttle(Wrapper):
    """Lets bytes through as fast as a serial line does, each direction on its own.

    Args:
        inner: the transport that is faster.
        baud: bits per second, ten bits per byte.
        chunk: bytes let through at once.
    """

    def __init__(self, inner: Transport, baud: int, chunk: int = 64) -> None:
        super().__init__(inner)
        self.byte_s = _BITS_PER_BYTE / baud
        self.chunk = chunk
        self._free = {"in": 0.0, "out": 0.0}
        self._waiting = False

    def read(self, n: int, timeout: float) -> bytes:
        """Read from the wrapped transport, after the time that the line takes."""
        data = self.inner.read(min(n, self.chunk), timeout)
        self._pass("in", len(data), self._waiting)
        readable = select.poll()
        readable.register(self.fileno(), select.POLLIN)
        self._waiting = bool(readable.poll(0))
        return data

    def write(self, data: bytes, timeout: float) -> None:
        """Write to the wrapped transport, in the time that the line takes."""
        end = time.monotonic() + timeout
        for at in range(0, len(data), self.chunk):
            part = data[at : at + self.chunk]
            self.inner.write(part, max(0.0, end - time.monotonic()))
            self._pass("out", len(part), at > 0)

    def _pass(self, way: str, count: int, busy: bool) -> None:
        """Wait until the line is free again.

        Args:
            way: "in" or "out".
            count: bytes that pass.
            busy: these bytes arrived before the line was free, so it continued at once, however
                late this process wakes up.
        """
        now = time.monotonic()
        begin = self._free[way] if busy else max(now, self._free[way])
        self._free[way] = begin + count * self.byte_s
        time.sleep(max(0.0, self._free[way] - now))
