# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Static memory planning: offsets for tensors whose lifetimes are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ALIGNMENT = 16


@dataclass(frozen=True)
class Lifetime:
    """A tensor of `nbytes`, written at step `first` and last read at step `last`, inclusive."""

    nbytes: int
    first: int
    last: int


def aligned(nbytes: int) -> int:
    """Return rounded up to what every buffer starts at."""
    return -(-nbytes // ALIGNMENT) * ALIGNMENT


def plan(lifetimes: Sequence[Lifetime]) -> tuple[list[int], int]:
    """Place the tensors, largest first, each at the lowest offset where it meets no other.

    Returns:
        one offset per tensor, in order, and the total size, in bytes.
    """
    order = sorted(
        range(len(lifetimes)),
        key=lambda i: (-aligned(lifetimes[i].nbytes), lifetimes[i].first, i),
    )
    offsets = [0] * len(lifetimes)
    placed: list[int] = []
    total = 0
    for index in order:
        tensor = lifetimes[index]
        offset = 0
        neighbours = sorted(
            (offsets[other], aligned(lifetimes[other].nbytes))
            for other in placed
            if lifetimes[other].first <= tensor.last and tensor.first <= lifetimes[other].last
        )
        for start, size in neighbours:
            if offset + aligned(tensor.nbytes) <= start:
                break
            offset = max(offset, start + size)
        offsets[index] = offset
        placed.append(index)
        total = max(total, offset + aligned(tensor.nbytes))
    return offsets, total
