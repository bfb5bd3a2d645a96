# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The order of layers in which the least memory lives at once.

The graph is cut at layers that depend on all before them, or that all after them depend on: each
part can be ordered alone. Within a part the search is exact, a shortest path over the sets of
layers that have run, as long as there are few such sets; otherwise it is greedy. The given order
stays if no other is better.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MAX_SETS = 3000
"""Sets of layers that the search looks at in one part of the graph; ten branches of two layers have
more."""
MAX_LAYERS = 200
"""Layers of the largest part that is searched."""


@dataclass(frozen=True)
class Node:
    """A layer: which blocks of memory it reads and writes, and what must run before it.

    Attributes:
        reads: blocks that it reads.
        writes: blocks that it writes, none of which lived before.
        overwrites: those of `reads` whose memory the first of `writes` takes if no later layer
            reads them, and how many bytes more that needs.
        scratch: bytes that live during the layer.
        after: layers that must run before it, by index in the given order.
    """

    reads: frozenset[int]
    writes: tuple[int, ...]
    overwrites: Mapping[int, int] = field(default_factory=dict)
    scratch: int = 0
    after: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Graph:
    """Layers, in an order in which they can run, and the blocks that they read and write.

    Attributes:
        sizes: bytes by block.
        kept: blocks that live on after their last reader.
    """

    nodes: tuple[Node, ...]
    sizes: dict[int, int]
    kept: frozenset[int] = frozenset()

    def readers(self) -> dict[int, frozenset[int]]:
        """Return, by block, the layers that read it."""
        found: dict[int, set[int]] = {block: set() for block in self.sizes}
        for index, node in enumerate(self.nodes):
            for block in node.reads:
                found[block].add(index)
        return {block: frozenset(layers) for block, layers in found.items()}


class _Walk:
    """What each layer does to the number of bytes that live."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.readers = graph.readers()

    def step(self, index: int, done: frozenset[int]) -> tuple[int, int]:
        """Return by how much memory grows while a layer runs, and after it."""
        graph, node = self.graph, self.graph.nodes[index]
        dead = {
            block
            for block in node.reads
            if block not in graph.kept and self.readers[block] <= done | {index}
        }
        made = sum(graph.sizes[block] for block in node.writes)
        freed = sum(graph.sizes[block] for block in dead)
        unread = {w for w in node.writes if not self.readers[w] and w not in graph.kept}
        freed += sum(graph.sizes[block] for block in unread)
        grown = made + node.scratch
        extra = [more for block, more in node.overwrites.items() if block in dead]
        if extra:
            grown += min(extra) - graph.sizes[node.writes[0]]
        return grown, made - freed

    def peak(self, order: Sequence[int], live: int = 0, done: frozenset[int] = frozenset()) -> int:
        """Return the most bytes that live at once, beyond blocks that no layer writes."""
        most, run = live, set(done)
        for index in order:
            grown, change = self.step(index, frozenset(run & self.near(index)))
            most = max(most, live + grown)
            live += change
            run.add(index)
        return most

    def near(self, index: int) -> set[int]:
        """Return the layers whose having run matters to a step."""
        return {n for block in self.graph.nodes[index].reads for n in self.readers[block]}


def best(graph: Graph) -> list[int]:
    """Return the layers in the order with the smallest peak that was found."""
    walk = _Walk(graph)
    given = list(range(len(graph.nodes)))
    order: list[int] = []
    done: set[int] = set()
    live = 0
    for part in _parts(graph):
        found = _search(walk, part, done, live)
        for index in found:
            _, change = walk.step(index, frozenset(done))
            live += change
            done.add(index)
        order += found
    return order if walk.peak(order) < walk.peak(given) else given


def _parts(graph: Graph) -> list[list[int]]:
    """Cut the given order where one layer is before or after all others."""
    count = len(graph.nodes)
    first_reader = [count] * count
    last_needed = [-1] * count
    for index, node in enumerate(graph.nodes):
        for before in node.after:
            first_reader[before] = min(first_reader[before], index)
            last_needed[index] = max(last_needed[index], before)
    # Each layer before has a reader up to here; each one after needs something from here on.
    latest, reach = [], -1
    for index in range(count):
        latest.append(reach)
        reach = max(reach, first_reader[index])
    earliest, reach = [count] * count, count
    for index in reversed(range(count)):
        earliest[index] = reach
        reach = min(reach, last_needed[index])
    parts: list[list[int]] = [[]]
    for index in range(count):
        parts[-1].append(index)
        if latest[index] <= index <= earliest[index]:
            parts.append([])
    return [part for part in parts if part]


def _search(walk: _Walk, part: list[int], before: set[int], live: int) -> list[int]:
    """Return a part's layers in the order with the smallest peak; a good one if there are many."""
    if len(part) < 2:
        return part
    graph = _Part(walk, part, before)
    if len(part) > MAX_LAYERS:
        return graph.greedy()
    queue: list[tuple[int, int, tuple[int, ...], int, frozenset[int]]]
    queue = [(live, 0, (), live, frozenset())]
    seen: set[frozenset[int]] = set()
    while queue and len(seen) < MAX_SETS:
        peak, _, order, now, done = heapq.heappop(queue)
        if len(order) == len(part):
            return list(order)
        if done in seen:
            continue
        seen.add(done)
        steps = [(index, *graph.step(index, done)) for index in part if graph.is_ready(index, done)]
        # A layer that leaves no more memory than it found costs nothing to run now.
        free = [item for item in steps if item[2] <= 0 and now + item[1] <= peak]
        for index, grown, change in free[:1] or steps:
            after = (max(peak, now + grown), -len(order) - 1, (*order, index), now + change)
            heapq.heappush(queue, (*after, done | {index}))
    return graph.greedy()


class _Part:
    """Layers of a part, after those of the parts before it."""

    def __init__(self, walk: _Walk, part: list[int], before: set[int]) -> None:
        inside = set(part)
        self.walk, self.part = walk, part
        self.needs = {index: walk.graph.nodes[index].after & inside for index in part}
        self.left: dict[int, set[int]] = {}
        """Readers of a block that did not run."""
        self.before = {index: frozenset(walk.near(index) & before) for index in part}

    def is_ready(self, index: int, done: frozenset[int]) -> bool:
        """Tell whether a layer can run, and did not."""
        return index not in done and self.needs[index] <= done

    def step(self, index: int, done: frozenset[int]) -> tuple[int, int]:
        """Return what `_Walk.step` does."""
        return self.walk.step(index, done | self.before[index])

    def greedy(self) -> list[int]:
        """Run the ready layer that leaves the least memory; of equal ones, the first."""
        missing = {index: len(needs) for index, needs in self.needs.items()}
        unlocks: dict[int, list[int]] = {index: [] for index in self.part}
        for index, needs in self.needs.items():
            for other in needs:
                unlocks[other].append(index)
        ready = [(*self._cost(index, set()), index) for index, n in missing.items() if n == 0]
        heapq.heapify(ready)
        done: set[int] = set()
        order = []
        while ready:
            _, _, index = heapq.heappop(ready)
            if index in done:
                continue
            order.append(index)
            done.add(index)
            found = self._last_readers(index, done)
            for other in unlocks[index]:
                missing[other] -= 1
                if missing[other] == 0:
                    found.append(other)
            for other in found:
                if missing[other] == 0:
                    heapq.heappush(ready, (*self._cost(other, done), other))
        return order

    def _last_readers(self, index: int, done: set[int]) -> list[int]:
        """Return the layers that now are the only ones to read a block: they became cheaper."""
        found = []
        for block in self.walk.graph.nodes[index].reads:
            left = self.left.setdefault(block, set(self.walk.readers[block] - done))
            left.discard(index)
            found += [other for other in left if len(left) == 1 and other in self.needs]
        return found

    def _cost(self, index: int, done: set[int]) -> tuple[int, int]:
        grown, change = self.step(index, frozenset(self.walk.near(index) & done))
        return change, grown
