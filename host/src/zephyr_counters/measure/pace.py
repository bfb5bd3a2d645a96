# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How many repetitions to measure, and in which chunks."""

from __future__ import annotations

from dataclasses import dataclass, field

BUDGET_SECONDS = 1.0
"""For the repetitions of a pass that are made only if there is time."""
_CHUNK_SECONDS = 1.0
"""Shows progress, and stays well below a link's time-out."""
_CHUNKS = 10
_SMALLEST_CHUNK = 10


@dataclass
class Pace:
    """The chunks of one pass.

    What disturbs a measurement, such as another process on the core, lasts for milliseconds. The
    repetitions are therefore spread over several chunks, between which their records are taken.

    Attributes:
        least: repetitions that are always made.
        most: repetitions, if there is time for them.
        capacity: repetitions that fit the device's buffer.
        first: size of the first chunk.
    """

    least: int
    most: int
    capacity: int
    first: int = 1
    done: int = 0
    _seconds: float = 0.0
    _chunk: int = field(init=False)

    def __post_init__(self) -> None:
        self._chunk = self.first

    @property
    def goal(self) -> int:
        """Repetitions in all, as far as is known now."""
        if self.done < self.least:
            return self.least
        return self.most if self._seconds < BUDGET_SECONDS else self.done

    def chunk(self) -> int:
        """Return the size of the next chunk; 0 at the end."""
        return min(self._chunk, self.capacity, self.goal - self.done)

    def made(self, chunk: int, seconds: float) -> None:
        """Count a chunk that took so long."""
        self.done += chunk
        self._seconds += seconds
        each = max(1e-6, seconds / chunk)
        spread = max(_SMALLEST_CHUNK, self.most // _CHUNKS)
        self._chunk = max(1, min(int(_CHUNK_SECONDS / each), spread))

    def overflowed(self, chunk: int) -> None:
        """Note that the device's buffer did not hold so many repetitions."""
        self.capacity = chunk // 2
