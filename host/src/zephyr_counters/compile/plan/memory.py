# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Offsets for blocks of memory whose lifetimes are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ALIGNMENT = 16
_ATTEMPTS = 60
_WORK = 2_000_000
"""Comparisons, about, that attempts after the first ones may take: a second or two."""


@dataclass(frozen=True)
class Lifetime:
    """A block of `nbytes`, written at step `first` and last read at step `last`, inclusive."""

    nbytes: int
    first: int
    last: int


def aligned(nbytes: int) -> int:
    """Return rounded up to what every buffer starts at."""
    return -(-nbytes // ALIGNMENT) * ALIGNMENT


def least(lifetimes: Sequence[Lifetime]) -> int:
    """Return the most bytes that live at one step: no placement takes fewer."""
    change: dict[int, int] = {}
    for block in lifetimes:
        change[block.first] = change.get(block.first, 0) + aligned(block.nbytes)
        change[block.last + 1] = change.get(block.last + 1, 0) - aligned(block.nbytes)
    live = most = 0
    for step in sorted(change):
        live += change[step]
        most = max(most, live)
    return most


def assign_offsets(lifetimes: Sequence[Lifetime]) -> tuple[list[int], int]:
    """Give each block an offset at which it meets no other that lives at the same time.

    Blocks go to their lowest free offsets in several orders. If none reaches `least`, the blocks
    that end highest are moved to the front of the order, for a bounded number of attempts.

    Returns:
        one offset per block, in order, and the total size, in bytes.
    """
    sizes = [aligned(block.nbytes) for block in lifetimes]
    neighbours = _neighbours(lifetimes)
    goal = least(lifetimes)
    span = [block.last - block.first + 1 for block in lifetimes]
    every = range(len(lifetimes))
    orders = [
        sorted(every, key=lambda i: (-sizes[i], lifetimes[i].first, i)),
        sorted(every, key=lambda i: (-sizes[i] * span[i], i)),
        sorted(every, key=lambda i: (-span[i], -sizes[i], i)),
        sorted(every, key=lambda i: (lifetimes[i].first, -sizes[i], i)),
    ]
    best: tuple[list[int], int] | None = None
    for order in orders:
        found = _first_fit(order, sizes, neighbours)
        if best is None or found[1] < best[1]:
            best, best_order = found, order
        if best[1] <= goal:
            return best
    assert best is not None
    work = len(lifetimes) + sum(map(len, neighbours))
    order = list(best_order)
    offsets, total = best
    for _ in range(min(_ATTEMPTS, _WORK // max(1, work))):
        highest = [i for i in order if offsets[i] + sizes[i] == total]
        if order[: len(highest)] == highest:
            break
        order = highest + [i for i in order if offsets[i] + sizes[i] != total]
        offsets, total = _first_fit(order, sizes, neighbours)
        if total < best[1]:
            best = offsets, total
        if total <= goal:
            break
    return best


def _neighbours(lifetimes: Sequence[Lifetime]) -> list[list[int]]:
    """Return, by block, the others that live at some step of its life."""
    found: list[list[int]] = [[] for _ in lifetimes]
    live: list[int] = []
    for index in sorted(range(len(lifetimes)), key=lambda i: lifetimes[i].first):
        live = [other for other in live if lifetimes[other].last >= lifetimes[index].first]
        for other in live:
            found[index].append(other)
            found[other].append(index)
        live.append(index)
    return found


def _first_fit(
    order: Sequence[int], sizes: Sequence[int], neighbours: Sequence[Sequence[int]]
) -> tuple[list[int], int]:
    """Place blocks in an order, each at the lowest offset where it meets no neighbour."""
    offsets = [-1] * len(sizes)
    total = 0
    for index in order:
        offset = 0
        placed = sorted((offsets[n], sizes[n]) for n in neighbours[index] if offsets[n] >= 0)
        for start, size in placed:
            if offset + sizes[index] <= start:
                break
            offset = max(offset, start + size)
        offsets[index] = offset
        total = max(total, offset + sizes[index])
    return offsets, total
