# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A line that delivers earlier frames again, whole and undamaged: `FD TERMINAL SHARE SEED`.

It carries bytes between the inherited socket FD and the firmware's pseudo-terminal. With the given
share of frames, an earlier frame of the same direction comes once more: before the frame itself,
or after it.
"""

from __future__ import annotations

import os
import random
import select
import socket
import sys
import tty

_FRAME = b"\xff\xfd"
_KEPT = 32


class Direction:
    """One way of the line."""

    def __init__(self, rng: random.Random, share: float) -> None:
        self.rng = rng
        self.share = share
        self.earlier: list[bytes] = []
        self.repeated = 0

    def carry(self, data: bytes) -> bytes:
        """Return what arrives at the other end for what was sent."""
        if not data.startswith(_FRAME):
            return data
        extra = b""
        if self.earlier and self.rng.random() < self.share:
            extra = self.rng.choice(self.earlier[-4:] if self.rng.random() < 0.5 else self.earlier)
            self.repeated += 1
        self.earlier = [*self.earlier, data][-_KEPT:]
        return extra + data if self.rng.random() < 0.5 else data + extra


def main() -> None:
    """Carry until either end is gone."""
    line = socket.socket(fileno=int(sys.argv[1]))
    firmware = os.open(sys.argv[2], os.O_RDWR | os.O_NOCTTY)
    tty.setraw(firmware)
    rng = random.Random(int(sys.argv[4]))
    down, up = (Direction(rng, float(sys.argv[3])) for _ in range(2))
    while True:
        ends: list[socket.socket | int] = [line, firmware]
        ready, _, _ = select.select(ends, [], [])
        try:
            if line in ready:
                data = line.recv(1 << 16)
                if not data:
                    break
                os.write(firmware, down.carry(data))
            if firmware in ready:
                line.sendall(up.carry(os.read(firmware, 1 << 16)))
        except OSError:
            break
    print(down.repeated, up.repeated, flush=True)


if __name__ == "__main__":
    main()
