# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Static memory planning."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from zephyr_counters.compile.plan.memory import ALIGNMENT, Lifetime, aligned, plan

lifetimes = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(0, 20), st.integers(0, 6)).map(
        lambda t: Lifetime(t[0], t[1], t[1] + t[2])
    ),
    max_size=25,
)


@given(lifetimes)
def test_what_lives_at_the_same_time_never_overlaps(tensors: Any) -> None:
    offsets, total = plan(tensors)
    for index, (a, start) in enumerate(zip(tensors, offsets, strict=True)):
        assert start % ALIGNMENT == 0
        assert start + aligned(a.nbytes) <= total
        for b, other in list(zip(tensors, offsets, strict=True))[:index]:
            together = a.first <= b.last and b.first <= a.last
            apart = start + a.nbytes <= other or other + b.nbytes <= start
            assert apart or not together


@given(lifetimes)
def test_never_worse_than_not_sharing_nor_better_than_possible(tensors: Any) -> None:
    _, total = plan(tensors)
    assert total <= sum(aligned(tensor.nbytes) for tensor in tensors)
    for step in range(27):
        live = [t for t in tensors if t.first <= step <= t.last]
        assert total >= sum(aligned(tensor.nbytes) for tensor in live)


def test_a_chain_needs_its_two_largest_neighbours() -> None:
    sizes = [1000, 4000, 4000, 200]
    chain = [Lifetime(size, index, index + 1) for index, size in enumerate(sizes)]
    assert plan(chain)[1] == 8000


def test_nothing() -> None:
    assert plan([]) == ([], 0)
