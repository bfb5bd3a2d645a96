# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How many damaged frames the link takes for good ones, per kind of damage.

`python -m bench.link_integrity [FRAMES]`. A frame of 50 bytes of payload is damaged and read by the
host's unframer between two good frames. A frame counts as taken if a payload that was never sent
comes out. The frame's CRC-16 lets 1 of 65,536 random damages pass; escapes and the length catch
some more. Packets with a CRC-32 of their own (records, and tensors of set_input and get_output) are
protected beyond this.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable

from zephyr_counters.link.wire.framing import Framer, Packet, Unframer

PAYLOAD = 50
FRAMES = 1_000_000

Damage = Callable[[random.Random, bytearray], None]


def flip(rng: random.Random, frame: bytearray) -> None:
    """Flip one to four bits."""
    for _ in range(rng.randint(1, 4)):
        frame[rng.randrange(len(frame))] ^= 1 << rng.randrange(8)


def burst(rng: random.Random, frame: bytearray) -> None:
    """Replace 2 to 31 bytes in a row by random ones."""
    start = rng.randrange(len(frame))
    end = min(len(frame), start + rng.randint(2, 31))
    frame[start:end] = rng.randbytes(end - start)


def mixed(rng: random.Random, frame: bytearray) -> None:
    """Flip, drop, repeat, insert, cut or replace, one to three times."""
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(max(1, len(frame)))
        kind = rng.randrange(6)
        if kind == 0:
            flip(rng, frame)
        elif kind == 1:
            del frame[at : at + 1]
        elif kind == 2:
            frame[at:at] = frame[at : at + 1]
        elif kind == 3:
            frame[at:at] = rng.randbytes(1)
        elif kind == 4:
            del frame[at:]
        elif frame:
            burst(rng, frame)
        if not frame:
            return


KINDS: dict[str, Damage] = {"flips": flip, "bursts": burst, "mixed": mixed}


def taken(damage: Damage, frames: int, seed: int = 1) -> tuple[int, int]:
    """Return how many frames were damaged, and how many of these were taken for good ones."""
    rng = random.Random(seed)
    framer = Framer()
    framer.frame(b"")
    damaged = wrong = 0
    for _ in range(frames):
        payload = rng.randbytes(PAYLOAD)
        good = framer.frame(payload)
        frame = bytearray(good)
        damage(rng, frame)
        if frame == good:
            continue
        damaged += 1
        unframer = Unframer(1 << 16)
        for event in unframer.feed(bytes(frame) + framer.frame(b"next")):
            if isinstance(event, Packet) and event.payload not in (payload, b"next"):
                wrong += 1
    return damaged, wrong


def main() -> None:
    """Measure each kind of damage and print the rates."""
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES
    for name, damage in KINDS.items():
        damaged, wrong = taken(damage, frames)
        rate = f"1 in {damaged // wrong:,}" if wrong else f"none in {damaged:,}"
        print(f"{name}: {damaged:,} damaged frames of {PAYLOAD} bytes, taken for good: {rate}")


if __name__ == "__main__":
    main()
