# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Whatever bytes come, a decoder returns or raises BlobError, and nothing else."""

from __future__ import annotations

import contextlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from blob_items import SELECTION, records_item
from fake_board import catalog_item, cbor
from hypothesis import given, settings
from hypothesis import strategies as st
from zephyr_counters.blob import (
    Catalog,
    ClockKind,
    Counter,
    Kind,
    Limits,
    Provider,
    Selection,
    decode_catalog,
    decode_model_info,
    decode_records,
    decode_selection,
    encode_catalog,
    encode_selection,
)
from zephyr_counters.errors import BlobError

CLOCKS = st.sampled_from(ClockKind)
CATALOG = decode_catalog(cbor(catalog_item()))
MODEL = cbor([1, "toy", bytes(32), 3, 2, [["int8", [1, 8]]], [], 5, 8192])

ITEMS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 1 << 70)
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=10) | st.dictionaries(st.integers(0, 9), inner, max_size=3)
    ),
    max_leaves=40,
)


def survives(decode: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(BlobError):
        decode(data)


def with_crc(body: bytes) -> bytes:
    return body + struct.pack(">I", zlib.crc32(body))


def decode_all(data: bytes) -> None:
    survives(decode_catalog, data)
    survives(decode_selection, data)
    survives(decode_model_info, data)
    for body in (data, with_crc(data)):
        survives(decode_records, body)
        survives(lambda found: decode_records(found, CATALOG), body)
        survives(lambda found: decode_records(found, CATALOG, SELECTION), body)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    decode_all(data)


@pytest.mark.slow
@given(ITEMS)
def test_any_cbor(item: object) -> None:
    decode_all(cbor2.dumps(item))


@pytest.mark.slow
@settings(max_examples=300)
@given(
    st.sampled_from([cbor(catalog_item()), cbor(records_item()), MODEL]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6),
    st.integers(0, 10_000),
)
def test_damaged_bytes(data: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(data)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    decode_all(bytes(damaged[: cut % (len(damaged) + 1)] or damaged))


@pytest.mark.slow
@settings(max_examples=300)
@given(
    st.sampled_from([catalog_item(), records_item()]),
    st.lists(st.integers(0, 20), max_size=6),
    ITEMS,
)
def test_one_wrong_item_in_the_right_place(item: list[Any], path: list[int], wrong: object) -> None:
    root = cbor2.loads(cbor2.dumps(item))
    here = root
    for step in path:
        inside = here[step % len(here)] if isinstance(here, list) and here else None
        if not isinstance(inside, list) or not inside:
            break
        here = inside
    if path and here:
        here[path[-1] % len(here)] = wrong
    decode_all(cbor2.dumps(root))


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)


@st.composite
def counters(draw: st.DrawFn, name: str) -> Counter:
    kind = draw(st.sampled_from(Kind))
    width = 0 if kind is Kind.BYTES else draw(st.integers(1, 64))
    flags = draw(st.tuples(st.booleans(), st.booleans()))
    return Counter(name, draw(NAMES), width, kind, *flags, draw(st.integers(0, 255)), draw(NAMES))


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    providers = []
    for name in draw(st.lists(NAMES, unique=True, max_size=4)):
        names = draw(st.lists(NAMES, unique=True, max_size=6))
        described = tuple(draw(counters(one)) for one in names)
        why = draw(st.none() | NAMES)
        hertz, slots = draw(st.integers(0, 1 << 40)), draw(st.integers(0, 60))
        providers.append(Provider(name, draw(NAMES), slots, hertz, why, described))
    hertz = draw(st.integers(1, (1 << 64) - 1))
    size = draw(st.integers(0, (1 << 32) - 1))
    catalog = Catalog(draw(NAMES), draw(NAMES), hertz, size, tuple(providers))
    if draw(st.booleans()):
        return catalog
    numbers = st.integers(1, (1 << 32) - 1)
    return replace(
        catalog,
        providers=tuple(
            replace(one, clock=draw(CLOCKS), simulated=draw(st.booleans())) for one in providers
        ),
        clock_kind=draw(CLOCKS),
        clock_name=draw(NAMES),
        limits=Limits(*(draw(numbers) for _ in range(7))),
    )


@pytest.mark.slow
@given(catalogs())
def test_any_catalog_goes_both_ways(catalog: Catalog) -> None:
    assert decode_catalog(encode_catalog(catalog)) == catalog


@given(
    st.none() | st.integers(0, (1 << 32) - 1),
    st.booleans(),
    st.dictionaries(
        st.integers(0, 300), st.lists(st.integers(0, 300), min_size=1, max_size=5, unique=True)
    ),
)
def test_any_selection_goes_both_ways(
    request_id: int | None, lock: bool, groups: dict[int, list[int]]
) -> None:
    chosen = tuple((one, tuple(ids)) for one, ids in groups.items())
    selection = Selection(lock, chosen, request_id)
    assert decode_selection(encode_selection(selection)) == selection
