# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Counters by name, and the passes that measure them."""

from __future__ import annotations

from random import Random

import pytest
from fake_board import catalog_item, cbor
from hypothesis import given, settings
from hypothesis import strategies as st
from zephyr_counters.blob import Catalog, Counter, Kind, Provider, decode_catalog
from zephyr_counters.errors import UsageError
from zephyr_counters.measure.passes import schedule
from zephyr_counters.measure.patterns import choose

CATALOG = decode_catalog(cbor(catalog_item()))


def names(patterns: list[str], wanted: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{CATALOG.providers[provider].name}:{CATALOG.counter(provider, counter).name}"
        for provider, counter in choose(CATALOG, patterns, wanted).counters
    ]


def test_patterns() -> None:
    assert names(["core:cycles"]) == ["core:cycles"]
    assert names(["cycles"]) == ["core:cycles"]
    assert names(["*:b*"]) == ["core:branches", "core:branch-misses", "npu:busy"]
    assert names(["npu:busy", "npu:*", "core:cycles"]) == [
        "npu:busy",
        "npu:macs",
        "npu:queue",
        "npu:log",
        "core:cycles",
    ]
    assert len(names(["*"])) == 9
    assert names([]) == []


def test_what_collectors_want_is_added_if_it_is_there() -> None:
    assert names(["macs"], ("*:cycles", "*:nothing")) == ["npu:macs", "core:cycles"]


def test_an_unavailable_provider_is_skipped_with_a_note_unless_it_was_named() -> None:
    choice = choose(CATALOG, ["*:cycles"])
    assert choice.notes == ("broken is unavailable: no permission",)
    for pattern in ("broken:cycles", "broken:*"):
        with pytest.raises(UsageError, match="broken is unavailable: no permission"):
            choose(CATALOG, [pattern])


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("cycle", "did you mean core:cycles"),
        ("core:instrutions", "did you mean core:instructions"),
        ("core:xyzzy", "did you mean core:*?"),
        ("nothing", "providers of this board: core, npu, broken"),
        ("", "providers of this board"),
    ],
)
def test_an_unknown_counter_is_an_error_with_what_comes_close(pattern: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        choose(CATALOG, [pattern])
    assert hint in str(raised.value)


def test_a_text_is_not_a_list_of_patterns() -> None:
    with pytest.raises(UsageError, match="list of patterns"):
        choose(CATALOG, "cycles")


def test_fixed_counters_are_in_the_first_pass() -> None:
    first, second = schedule(CATALOG, choose(CATALOG, ["*"]).counters, 32)
    assert first.groups == ((0, (0, 1, 2)), (1, (0, 1, 2, 3)))
    assert second.groups == ((0, (3, 4)),)


def test_a_counter_without_a_slot_for_it() -> None:
    provider = Provider("p", "", 0, 0, None, (Counter("c", "1", 8, Kind.COUNT),))
    with pytest.raises(UsageError, match="p:c needs a slot"):
        schedule(Catalog("b", "r", 1, 0, (provider,)), [(0, 0)], 4)


def test_no_counter_is_one_pass_of_times() -> None:
    (only,) = schedule(CATALOG, (), 32)
    assert only.groups == ()


PROVIDERS = st.lists(
    st.tuples(st.integers(1, 5), st.lists(st.booleans(), min_size=1, max_size=12)),
    min_size=1,
    max_size=5,
)


@pytest.mark.slow
@settings(max_examples=300)
@given(PROVIDERS, st.integers(1, 20), st.randoms())
def test_the_passes_are_the_fewest_and_each_counter_is_in_exactly_one(
    described: list[tuple[int, list[bool]]], most: int, random: Random
) -> None:
    catalog = Catalog(
        "b",
        "r",
        1,
        0,
        tuple(
            Provider(
                f"p{index}",
                "",
                slots,
                0,
                None,
                tuple(Counter(f"c{i}", "1", 32, Kind.COUNT, one) for i, one in enumerate(fixed)),
            )
            for index, (slots, fixed) in enumerate(described)
        ),
    )
    chosen = [(p, c) for p, (_, fixed) in enumerate(described) for c in range(len(fixed))]
    random.shuffle(chosen)
    passes = schedule(catalog, chosen, most)
    measured = [(p, c) for one in passes for p, ids in one.groups for c in ids]
    assert sorted(measured) == sorted(chosen)
    for one in passes:
        assert sum(len(ids) for _, ids in one.groups) <= most
        for p, ids in one.groups:
            assert sum(not catalog.counter(p, c).fixed for c in ids) <= described[p][0]
    # No schedule can do with fewer than either of these.
    by_slots = max(-(-fixed.count(False) // slots) for slots, fixed in described)
    assert len(passes) == max(by_slots, -(-len(chosen) // most))


def test_a_glob_leaves_out_what_is_expensive_to_read() -> None:
    counters = (
        Counter("cheap", "1", 32, Kind.COUNT, True),
        Counter("peak", "bytes", 32, Kind.LEVEL, True, expensive=True),
    )
    catalog = Catalog("b", "r", 1, 0, (Provider("p", "", 0, 0, None, counters),))
    for pattern in ("*", "p:*", "*:*"):
        choice = choose(catalog, [pattern])
        assert choice.counters == ((0, 0),)
        assert choice.notes == ("p:peak is expensive to read: ask for it by its name",)
    assert choose(catalog, ["*", "p:peak"]).counters == ((0, 0), (0, 1))
    assert choose(catalog, ["peak"]).counters == ((0, 1),)
    assert choose(catalog, ["cheap"], wanted=["*"]).counters == ((0, 0),)
