# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Log:
    """A logarithmic axis from `low` to `high`, drawn from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value is drawn; values beyond the axis are drawn at its ends."""
        inside = min(self.high, max(self.low, value))
        part = math.log(inside / self.low) / math.log(self.high / self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return powers of 2, or of 10 on long axes, at most 9 of them."""
        first, last = math.log2(self.low), math.log2(self.high)
        step = max(1, math.ceil((last - first) / 8))
        return [2.0**power for power in range(math.ceil(first), math.floor(last) + 1, step)]


def around(values: Sequence[float], start: float, end: float) -> Log:
    """Return an axis with room around positive values."""
    low = 2.0 ** (math.floor(math.log2(min(values))) - 1)
    high = 2.0 ** (math.ceil(math.log2(max(values))) + 1)
    return Log(low, high, start, end)
