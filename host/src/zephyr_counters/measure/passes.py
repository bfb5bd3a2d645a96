# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Schedule counters into the fewest passes over the same input."""

from __future__ import annotations

from collections.abc import Sequence

from zephyr_counters.blob.catalog import Catalog
from zephyr_counters.blob.selection import Selection
from zephyr_counters.errors import UsageError


def schedule(
    catalog: Catalog,
    counters: Sequence[tuple[int, int]],
    most: int,
    lock_interrupts: bool = False,
) -> tuple[Selection, ...]:
    """Return selections, one per pass, that measure each counter in exactly one pass.

    The number of passes is minimal. Counters that need no slot are in the first passes with
    room; the others follow in the given order.

    Args:
        catalog: the board's.
        counters: (provider index, counter index), each once; if empty, there is one pass.
        most: how many counters the device can read at once, at least 1.
        lock_interrupts: for every selection.

    Raises:
        UsageError: a provider has no slot for a counter that needs one.
    """
    if not counters:
        return (Selection(lock_interrupts),)
    fixed = [place for place in counters if catalog.counter(*place).fixed]
    programmable = [place for place in counters if not catalog.counter(*place).fixed]
    slots: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for provider_index, counter_index in programmable:
        provider = catalog.providers[provider_index]
        if provider.slots == 0:
            name = provider.counters[counter_index].name
            raise UsageError(f"{provider.name}:{name} needs a slot, but its provider has none")
        slots[provider_index] = provider.slots
        waiting[provider_index] = waiting.get(provider_index, 0) + 1
    passes = max(
        [-(-len(counters) // most), *(-(-waiting[one] // slots[one]) for one in waiting)],
    )
    queue = fixed + programmable
    selections = []
    for after in reversed(range(passes)):
        taken = _one_pass(queue, len(fixed), slots, waiting, after, most)
        fixed = [place for place in fixed if place not in taken]
        queue = [place for place in queue if place not in taken]
        selections.append(_selection(taken, lock_interrupts))
    return tuple(selections)


def _one_pass(
    queue: list[tuple[int, int]],
    num_fixed: int,
    slots: dict[int, int],
    waiting: dict[int, int],
    after: int,
    most: int,
) -> set[tuple[int, int]]:
    """Fill one pass: first with what later passes cannot hold, then with what fits."""
    taken: set[tuple[int, int]] = set()
    free = dict(slots)
    owed = {one: max(0, count - after * slots[one]) for one, count in waiting.items()}

    def take(place: tuple[int, int]) -> None:
        taken.add(place)
        free[place[0]] -= 1
        waiting[place[0]] -= 1

    for place in queue[num_fixed:]:
        if owed[place[0]] > 0:
            owed[place[0]] -= 1
            take(place)
    for place in queue[:num_fixed]:
        if len(taken) < most:
            taken.add(place)
    for place in queue[num_fixed:]:
        if len(taken) < most and place not in taken and free[place[0]] > 0:
            take(place)
    return taken


def _selection(taken: set[tuple[int, int]], lock_interrupts: bool) -> Selection:
    groups: dict[int, list[int]] = {}
    for provider, counter in sorted(taken):
        groups.setdefault(provider, []).append(counter)
    return Selection(
        lock_interrupts, tuple((one, tuple(counters)) for one, counters in groups.items())
    )
