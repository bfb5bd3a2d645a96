# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Bad links on purpose, for tests: faults at stated rates, and a slow line."""

from __future__ import annotations

import random
import select
import time
from dataclasses import dataclass

from zephyr_counters.errors import LinkTimeout
from zephyr_counters.link.transports.transport import Transport, Wrapper

_BITS_PER_BYTE = 10  # start bit, eight data bits, stop bit


@dataclass(frozen=True)
class Faults:
    """Probability of each fault for each byte, 0..1, and how long a delay is in seconds."""

    drop: float = 0.0
    repeat: float = 0.0
    corrupt: float = 0.0
    delay: float = 0.0
    delay_s: float = 0.02


class Faulty(Wrapper):
    """Spoils bytes in both directions.

    Args:
        inner: the transport that works.
        faults: what goes wrong.
        seed: the same seed spoils the same bytes of the same traffic.
    """

    def __init__(self, inner: Transport, faults: Faults, seed: int = 0) -> None:
        super().__init__(inner)
        self.faults = faults
        self._in = random.Random(seed * 2)
        self._out = random.Random(seed * 2 + 1)

    def read(self, n: int, timeout: float) -> bytes:
        """What the one inside has, spoiled."""
        end = time.monotonic() + timeout
        while True:
            # Half, as every byte may come twice.
            data = self.inner.read(max(1, n // 2), max(0.0, end - time.monotonic()))
            spoiled = self._spoil(data, self._in)
            if spoiled:
                return spoiled[:n]
            if time.monotonic() >= end:
                raise LinkTimeout(f"{self.name}: nothing came in {timeout:g} s")

    def write(self, data: bytes, timeout: float) -> None:
        """Send what the faults leave of `data`."""
        spoiled = self._spoil(data, self._out)
        if spoiled:
            self.inner.write(spoiled, timeout)

    def _spoil(self, data: bytes, rng: random.Random) -> bytes:
        faults, out, wait = self.faults, bytearray(), 0.0
        for byte in data:
            if rng.random() < faults.delay:
                wait += faults.delay_s
            if rng.random() < faults.drop:
                continue
            if rng.random() < faults.corrupt:
                byte ^= 1 << rng.randrange(8)
            out.append(byte)
            if rng.random() < faults.repeat:
                out.append(byte)
        if wait:
            time.sleep(wait)
        return bytes(out)


class Throttle(Wrapper):
    """Lets bytes through as fast as a serial line does, each direction on its own.

    Args:
        inner: the transport that is faster.
        baud: bits per second, ten bits a byte.
        chunk: bytes let through at once.
    """

    def __init__(self, inner: Transport, baud: int, chunk: int = 64) -> None:
        super().__init__(inner)
        self.byte_s = _BITS_PER_BYTE / baud
        self.chunk = chunk
        self._free = {"in": 0.0, "out": 0.0}
        self._waiting = False

    def read(self, n: int, timeout: float) -> bytes:
        """As the one inside, after the time that the line takes."""
        data = self.inner.read(min(n, self.chunk), timeout)
        self._pass("in", len(data), self._waiting)
        readable = select.poll()
        readable.register(self.fileno(), select.POLLIN)
        self._waiting = bool(readable.poll(0))
        return data

    def write(self, data: bytes, timeout: float) -> None:
        """As the one inside, in the time that the line takes."""
        end = time.monotonic() + timeout
        for at in range(0, len(data), self.chunk):
            part = data[at : at + self.chunk]
            self.inner.write(part, max(0.0, end - time.monotonic()))
            self._pass("out", len(part), at > 0)

    def _pass(self, way: str, count: int, busy: bool) -> None:
        """Wait until the line is free again.

        Args:
            busy: these bytes were there before the line was free, so it went on at once, however
                late this process wakes up.
        """
        now = time.monotonic()
        begin = self._free[way] if busy else max(now, self._free[way])
        self._free[way] = begin + count * self.byte_s
        time.sleep(max(0.0, self._free[way] - now))
