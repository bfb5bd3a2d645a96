# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Numbers as text; the numbers of a column share one unit and one number of decimals.

Units are fixed, whatever the values: times are in microseconds and rates in millions per second.
Two runs of a model, or two boards, can so be compared line by line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from zephyr_counters.blob.catalog import ClockKind

MICROSECOND = 1e-6
TIME_UNIT = "µs"
RATE = 1e6
RATE_PREFIX = "M"
CLOCKS = {
    ClockKind.NONE: "",
    ClockKind.CORE: ", of the core",
    ClockKind.TIMER: ", a timer",
    ClockKind.HOST: ", of the machine that runs the firmware",
}
"""What follows the name of a clock."""


def decimals(values: Iterable[float], digits: int = 3) -> int:
    """Return how many decimals show the largest value with `digits` digits."""
    largest = max((abs(value) for value in values), default=0.0)
    if 0 < largest < 0.1:
        return digits - 1 - math.floor(math.log10(largest))
    whole = len(str(int(largest)))
    return max(0, digits - whole)


def column(values: Sequence[float | None], digits: int = 3, places: int | None = None) -> list[str]:
    """Return texts with equally many decimals, "" for None; whole numbers keep all their digits.

    Args:
        values: the numbers.
        digits: minimum digits of the largest number, unless all are whole.
        places: number of decimals; None to choose it from the numbers.
    """
    known = [value for value in values if value is not None]
    if places is None:
        most = decimals(known, digits)
        exact = (n for n in range(most) if all(round(value, n) == value for value in known))
        places = 0 if all(float(value).is_integer() for value in known) else next(exact, most)
    return ["" if value is None else _text(value, places) for value in values]


def _text(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text if any(one in text for one in "123456789") else text.removeprefix("-")


def duration(seconds: float) -> str:
    """Return a duration in microseconds, with at least 3 digits: `0.970 µs`."""
    value = seconds / MICROSECOND
    places = max(decimals([value]), 3 if 0 < value < 1 else 0)
    return f"{value:,.{places}f} {TIME_UNIT}"


def size(count: float) -> str:
    """Return bytes with their unit: `12.3 KiB`."""
    for factor, unit in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= factor:
            value = count / factor
            return f"{value:,.{decimals([value])}f} {unit}"
    return f"{count:,.0f} bytes"


def frequency(hertz: int) -> str:
    """Return a frequency with its unit: `64 MHz`."""
    for factor, unit in ((10**9, "GHz"), (10**6, "MHz"), (10**3, "kHz")):
        if hertz >= factor:
            return f"{hertz / factor:g} {unit}"
    return f"{hertz} Hz"
