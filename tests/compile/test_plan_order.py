# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The order of layers with the smallest peak."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zephyr_counters.compile.plan import order
from zephyr_counters.compile.plan.order import Graph, Node


def graph_of(sources: list[list[int]], sizes: list[int], scratch: list[int] | None = None) -> Graph:
    """Layer i writes block i, and reads the blocks of `sources[i]`; the last block is kept."""
    nodes = tuple(
        Node(frozenset(reads), (i,), scratch=(scratch or [0] * len(sources))[i],
             after=frozenset(reads))
        for i, reads in enumerate(sources)
    )  # fmt: skip
    return Graph(nodes, dict(enumerate(sizes)), frozenset({len(sources) - 1}))


def peak(graph: Graph, found: list[int]) -> int:
    """Bytes that live at once, counted from scratch; checks that the order can run."""
    live: dict[int, int] = {}
    most = 0
    for position, index in enumerate(found):
        node = graph.nodes[index]
        assert node.after <= set(found[:position])
        later = {block for other in found[position + 1 :] for block in graph.nodes[other].reads}
        dead = node.reads - later - graph.kept
        more = [extra for block, extra in node.overwrites.items() if block in dead]
        made = {block: graph.sizes[block] for block in node.writes}
        taken = made[node.writes[0]] - min(more) if more else 0
        most = max(most, sum(live.values()) + sum(made.values()) - taken + node.scratch)
        live |= made
        live = {b: n for b, n in live.items() if b in later or b in graph.kept}
    return most


@st.composite
def graphs(draw: Any, most: int = 6) -> Graph:
    """Small graphs with scratch memory and outputs that overwrite inputs."""
    count = draw(st.integers(1, most))
    sizes = [16 * draw(st.integers(1, 9)) for _ in range(count)]
    nodes = []
    for index in range(count):
        reads = frozenset(draw(st.sets(st.integers(0, index - 1), max_size=3))) if index else set()
        equal = {block for block in reads if sizes[block] == sizes[index]}
        over = draw(st.sets(st.sampled_from(sorted(equal)))) if equal else set()
        scratch = draw(st.sampled_from([0, 0, 16, 160]))
        extra = {block: draw(st.sampled_from([0, 0, 16])) for block in over}
        nodes.append(Node(frozenset(reads), (index,), extra, scratch, frozenset(reads)))
    kept = frozenset(draw(st.sets(st.integers(0, count - 1), max_size=2)))
    return Graph(tuple(nodes), dict(enumerate(sizes)), kept)


@pytest.mark.slow
@given(graphs())
@settings(max_examples=150, deadline=None)
def test_no_order_is_better(graph: Graph) -> None:
    found = order.best(graph)
    every = range(len(graph.nodes))
    assert sorted(found) == list(every)
    possible = [
        candidate
        for candidate in itertools.permutations(every)
        if all(
            graph.nodes[index].after <= set(candidate[:position])
            for position, index in enumerate(candidate)
        )
    ]
    assert peak(graph, found) == min(peak(graph, list(candidate)) for candidate in possible)


def test_a_chain_keeps_its_order() -> None:
    chain = graph_of([[], [0], [1], [2]], [100, 400, 50, 10])
    assert order.best(chain) == [0, 1, 2, 3]


def test_a_branch_that_shrinks_runs_first() -> None:
    # Both branches of layer 0: one ends small, the other large; in the given order the large waits.
    sources = [[], [0], [0], [2], [1, 3]]
    sizes = [160, 1600, 3200, 16, 160]
    graph = graph_of(sources, sizes)
    found = order.best(graph)
    assert found == [0, 2, 3, 1, 4]
    assert peak(graph, found) < peak(graph, [0, 1, 2, 3, 4])


@pytest.mark.slow
def test_many_branches_fall_back_to_a_good_order(monkeypatch: pytest.MonkeyPatch) -> None:
    sources: list[list[int]] = [[]]
    sizes = [16]
    ends = []
    for _ in range(12):
        sources += [[0], [len(sources)]]
        sizes += [1600, 16]
        ends.append(len(sources) - 1)
    sources.append(ends)
    sizes.append(16)
    # All first layers, then all second ones: the worst order.
    firsts = [i for i, reads in enumerate(sources) if reads == [0]]
    worst = [0, *firsts, *ends, len(sources) - 1]
    place = {old: new for new, old in enumerate(worst)}
    graph = graph_of(
        [[place[block] for block in sources[old]] for old in worst], [sizes[old] for old in worst]
    )
    for sets in (order.MAX_SETS, 1):
        monkeypatch.setattr(order, "MAX_SETS", sets)
        found = order.best(graph)
        assert peak(graph, found) <= 1600 + 16 * 14 < 12 * 1600


@pytest.mark.parametrize("branches", [1, 2, 4])
def test_thousands_of_layers_take_seconds(branches: int) -> None:
    sources: list[list[int]] = [[]]
    while len(sources) < 1500:
        start = len(sources) - 1
        ends = []
        for _ in range(branches):
            sources += [[start], [len(sources)]]
            ends.append(len(sources) - 1)
        sources.append(ends)
    sizes = [16 + index % 5 * 160 for index in range(len(sources))]
    begin = time.perf_counter()
    found = order.best(graph_of(sources, sizes))
    assert time.perf_counter() - begin < 5
    assert sorted(found) == list(range(len(sources)))


def test_a_large_graph_without_cuts_takes_seconds() -> None:
    sources: list[list[int]] = [[] for _ in range(700)]
    sources += [[index] for index in range(700)]
    sources.append(list(range(700, 1400)))
    begin = time.perf_counter()
    graph = graph_of(sources, [160] * 700 + [16] * 701)
    found = order.best(graph)
    assert time.perf_counter() - begin < 10
    assert peak(graph, found) == 160 + 16 * 700
