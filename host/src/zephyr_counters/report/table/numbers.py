# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Numbers as text; the numbers of a column share one unit and one number of decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))


def time_unit(seconds: Iterable[float]) -> tuple[float, str]:
    """Return (seconds in the unit, its name) in which the largest is from 1 to 1000."""
    largest = max(seconds, default=0.0)
    return next((one for one in _TIMES if largest >= one[0]), _TIMES[-1])


def prefix(values: Iterable[float]) -> tuple[float, str]:
    """Return (factor, SI prefix) with which the largest is from 1 to 1000."""
    largest = max(values, default=0.0)
    return next((one for one in _PREFIXES if largest >= one[0]), _PREFIXES[-1])


def decimals(values: Iterable[float], digits: int = 3) -> int:
    """Return how many decimals show the largest value with `digits` digits."""
    largest = max((abs(value) for value in values), default=0.0)
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
    return ["" if value is None else f"{value:,.{places}f}" for value in values]


def duration(seconds: float) -> str:
    """Return a duration with its unit: `12.3 µs`."""
    scale, unit = time_unit([seconds])
    value = seconds / scale
    return f"{value:,.{decimals([value])}f} {unit}"


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
