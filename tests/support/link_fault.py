# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A link with faults at stated rates."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from zephyr_counters.errors import LinkTimeout
from zephyr_counters.link.transports.transport import Transport
from zephyr_counters.link.transports.wrapper import Wrapper


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
        """Bytes of the wrapped transport, spoiled."""
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
