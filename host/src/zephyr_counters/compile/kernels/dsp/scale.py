# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Requantization by the high word of a product, with rounding and zero point in one addend.

    y = clamp(((high word of acc * m) + c) >> k, -128, 127)

equals  y = clamp(((acc * multiplier + (1 << (shift - 1))) >> shift) + zero, -128, 127)
for m = multiplier, k = shift - 32 and c = (zero << k) + (1 << (k - 1)), as rounding down twice is
rounding down once. Where c does not fit, a coarser multiplier is tried against the exact result.
"""

from __future__ import annotations

from dataclasses import dataclass

_INT32_LIMIT = 2**31 - 1
_MAX_DROP = 30


@dataclass(frozen=True)
class Scale:
    """Constants of the formula; m is 0 if every sum gives c."""

    m: int
    c: int
    k: int

    def apply(self, acc: int) -> int:
        """Compute what the kernel does."""
        return _clamp(((acc * self.m >> 32) + self.c) >> self.k)


def scale(
    bounds: tuple[int, int], multiplier: int, shift: int, zero: int, extra: int = 0
) -> Scale | None:
    """Return constants that are exact for every sum within `bounds`; None if there are none.

    Args:
        bounds: lowest and highest sum.
        multiplier: as operators describe it.
        shift: as operators describe it.
        zero: y's zero point.
        extra: the kernel has sums times 2^extra.
    """
    first, last = (_exact(acc, multiplier, shift, zero) for acc in bounds)
    if first == last:
        return Scale(0, first, 0)
    most = max(abs(bounds[0]), abs(bounds[1])) << extra
    if shift < 33 or most > _INT32_LIMIT:
        return None
    for drop in range(_MAX_DROP + 1):
        k = shift - 32 + extra - drop
        if k < 1:
            return None
        c = (zero << k) + (1 << (k - 1))
        if k <= 31 and abs(c) + (most * multiplier >> (32 + drop)) < _INT32_LIMIT:
            found = Scale((multiplier + (1 << drop >> 1)) >> drop, c, k)
            same = drop == 0 or _is_same(found, bounds, multiplier, shift, zero, extra)
            return found if same else None
    return None


def _clamp(y: int) -> int:
    return max(-128, min(127, y))


def _exact(acc: int, multiplier: int, shift: int, zero: int) -> int:
    return _clamp(((acc * multiplier + (1 << (shift - 1))) >> shift) + zero)


def _is_same(
    found: Scale, bounds: tuple[int, int], multiplier: int, shift: int, zero: int, extra: int
) -> bool:
    """Tell whether results are equal where the exact one steps: as both rise, they always are."""
    low, high = bounds
    places = {low, high}
    for y in range(-128, 128):
        step = -((-(((y - zero) << shift) - (1 << (shift - 1)))) // multiplier)
        places |= {acc for acc in (step - 1, step) if low <= acc <= high}
    return all(found.apply(acc << extra) == _exact(acc, multiplier, shift, zero) for acc in places)
