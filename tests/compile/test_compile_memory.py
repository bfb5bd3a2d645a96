# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Static memory planning."""

from __future__ import annotations

import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from zephyr_counters.compile.plan.memory import ALIGNMENT, Lifetime, aligned, assign_offsets, least

lifetimes = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(0, 20), st.integers(0, 6)).map(
        lambda t: Lifetime(t[0], t[1], t[1] + t[2])
    ),
    max_size=25,
)


@given(lifetimes)
def test_what_lives_at_the_same_time_never_overlaps(tensors: Any) -> None:
    offsets, total = assign_offsets(tensors)
    for index, (a, start) in enumerate(zip(tensors, offsets, strict=True)):
        assert start % ALIGNMENT == 0
        assert start + aligned(a.nbytes) <= total
        for b, other in list(zip(tensors, offsets, strict=True))[:index]:
            together = a.first <= b.last and b.first <= a.last
            apart = start + a.nbytes <= other or other + b.nbytes <= start
            assert apart or not together


@given(lifetimes)
def test_never_worse_than_not_sharing_nor_better_than_possible(tensors: Any) -> None:
    _, total = assign_offsets(tensors)
    assert total <= sum(aligned(tensor.nbytes) for tensor in tensors)
    for step in range(27):
        live = [t for t in tensors if t.first <= step <= t.last]
        assert total >= sum(aligned(tensor.nbytes) for tensor in live)


def test_a_chain_needs_its_two_largest_neighbours() -> None:
    sizes = [1000, 4000, 4000, 200]
    chain = [Lifetime(size, index, index + 1) for index, size in enumerate(sizes)]
    assert assign_offsets(chain)[1] == 8000


def test_nothing() -> None:
    assert assign_offsets([]) == ([], 0)


def test_a_better_order_than_largest_first_is_found() -> None:
    # Largest first leaves a gap of 16 bytes that nothing fits into.
    blocks = [
        Lifetime(32, 0, 1),
        Lifetime(48, 1, 2),
        Lifetime(32, 2, 3),
        Lifetime(48, 3, 4),
        Lifetime(16, 0, 4),
        Lifetime(64, 4, 5),
    ]
    assert assign_offsets(blocks)[1] == least(blocks) == 128


@given(lifetimes)
def test_the_bound_is_what_lives_at_one_step(tensors: Any) -> None:
    steps = range(-1, 30)
    live = [sum(aligned(t.nbytes) for t in tensors if t.first <= s <= t.last) for s in steps]
    assert least(tensors) == max(live)


def test_a_thousand_blocks_take_no_time() -> None:
    blocks = [Lifetime(16 + index % 7 * 160, index, index + 2) for index in range(3000)]
    start = time.perf_counter()
    _, total = assign_offsets(blocks)
    assert time.perf_counter() - start < 5
    assert total <= 1.2 * least(blocks)
