# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Regions, records and blobs of lib/counters, with fake providers and a fake clock.

Provider 0: c8, c32 (running, 4 a cycle), c64, level (16 bits), log (bytes), c48, c1, c33; 2 MHz.
Provider 1: cycles (fixed, running), e1..e5 (slots), busy (slot, running), trace (bytes); 4 slots.
Provider 2: x; unavailable. The reference clock has 1 MHz.
"""

from __future__ import annotations

import errno
import zlib
from collections.abc import Iterator
from pathlib import Path

import cbor2
import pytest
from counters_native import (
    BUILDS,
    DEFINES,
    MAX_OPAQUE,
    MAX_SELECTED,
    RECORD_BUFFER,
    Harness,
    compile_counters,
    region,
    schema,
)

LAYER, WHOLE = 1, 2
UNFINISHED, LOCKED = 4, 16
C8, C32, C64, LEVEL, LOG, C48, C1, C33 = range(8)

# Options in the catalog, in its order.
SIZES = {"MAX_SELECTED": MAX_SELECTED, "MAX_OPAQUE": MAX_OPAQUE, **DEFINES}
LIMITS = ("MAX_SELECTED", "MAX_PROVIDERS", "MAX_OPAQUE", "PACKET_SIZE", "ARENA_SIZE")


@pytest.fixture(scope="module", params=BUILDS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness, built three ways."""
    return compile_counters(tmp_path_factory.mktemp("counters"), request.param)


@pytest.fixture
def board(program: Path) -> Iterator[Harness]:
    """A harness that has just started."""
    with Harness(program) as harness:
        yield harness


def test_catalog_is_that_of_the_schema(board: Harness) -> None:
    crc, data = board.raw("catalog")
    schema("catalog").validate_cbor(data)
    assert crc == zlib.crc32(data)
    *head, providers = cbor2.loads(data)
    assert head[:6] == [2, "fake", "tvm-ffi", 1_000_000, 2, "fake"]
    # A record with a value: its label, its ticks, and the value.
    assert head[6:] == [RECORD_BUFFER, 24, 8, *(SIZES[name] for name in LIMITS)]
    assert [provider[0] for provider in providers] == ["wide", "slotted", "gone"]
    assert [provider[2] for provider in providers] == [0, 4, 0]
    assert [provider[4] for provider in providers] == [None, None, "it is gone"]
    assert [provider[5:7] for provider in providers] == [[1, 0], [0, 1], [2, 0]]
    assert providers[0][7][2] == ["c64", "1", 64, 0, 5, 255, "a c64"]
    assert providers[0][7][3] == ["level", "1", 16, 1, 1, 0, "a level"]


@pytest.mark.slow
def test_catalog_names_the_c_runtime(tmp_path: Path) -> None:
    with Harness(compile_counters(tmp_path, "native", RUNTIME_CRT=1, CRT_HEAP_SIZE=32768)) as board:
        _, data = board.raw("catalog")
        assert cbor2.loads(data)[2] == "crt"
        assert cbor2.loads(data)[-2] == 32768


def test_without_a_selection_there_are_times(board: Harness) -> None:
    region(board, ("sleep", 0, 0, 100), tag=7)
    blob = board.take()
    assert blob["selection_crc"] == zlib.crc32(cbor2.dumps([2, 0, 0, []]))
    assert blob["catalog_crc"] == board.raw("catalog")[0]
    assert blob["records"] == [[7, 0, 0, 101]]


def test_differences_are_modulo_the_width(board: Harness) -> None:
    board.select((0, [C8, C32, C64, C48, C1, C33]))
    for counter in (C8, C32, C64, C48, C1, C33):
        board.call("set", 0, counter, 2**64 - 3)
    region(board, *(("add", 0, counter, 10) for counter in (C8, C32, C64, C48, C1, C33)))
    region(board, *(("add", 0, counter, 2**47 + 300) for counter in (C8, C32, C64, C48, C1, C33)))
    first, second = board.take()["records"]
    assert first[4:] == [10, 10, 10, 10, 0, 10]
    assert second[4:] == [(300) % 256, 300, 2**47 + 300, 2**47 + 300, 0, 300]


def test_level_is_that_at_the_end(board: Harness) -> None:
    board.select((0, [LEVEL, C8]))
    board.call("set", 0, LEVEL, 500)
    region(board, ("set", 0, LEVEL, 400), ("add", 0, C8, 1))
    blob = board.take()
    assert blob["records"][0][4:] == [400, 1]
    assert blob["overhead"][1] == blob["nested"][1] == 0


def test_ticks_have_64_bits(board: Harness) -> None:
    board.call("clock", 0)
    for ticks in (0, 2**32, 2**60):
        region(board, ("sleep", 0, 0, ticks))
    assert [record[3] for record in board.take()["records"]] == [0, 2**32, 2**60]


def test_overhead_and_nested_are_the_minimum(board: Harness) -> None:
    board.call("cost", 0, C32, 10)
    board.call("cost", 0, C8, 3)
    board.call("clock", 5)
    board.select((0, [C32, C8, C64]))
    blob = board.take()
    assert blob["overhead"] == [5, 10, 3, 0]
    assert blob["nested"] == [10, 20, 6, 0]
    board.call("begin", 3, WHOLE, 0)
    for layer in range(3):
        board.call("begin", layer, LAYER, 0)
        board.call("end", 0)
    board.call("end", 0)
    assert [record[3:] for record in board.take()["records"]] == [[5, 10, 3, 0]] * 3 + [
        [5 + 3 * 10, 10 + 3 * 20, 3 + 3 * 6, 0]
    ]


def test_calibration_saturates(board: Harness) -> None:
    board.call("clock", 2**40)
    board.call("cost", 0, C64, 2**40)
    board.select((0, [C64]))
    blob = board.take()
    assert blob["overhead"] == [2**32 - 1, 2**32 - 1]


def test_running_counters_that_stand_still_are_found(board: Harness) -> None:
    board.select((1, [1, 7, 6, 0]), (0, [LOG, C8, C32]))
    assert board.take()["stuck"] == [2, 3, 6]
    board.call("cost", 1, 0, 1)
    board.call("cost", 0, C32, 1)
    board.select((1, [1, 7, 6, 0]), (0, [LOG, C8, C32]))
    assert board.take()["stuck"] == [2]


def test_a_clock_that_stands_still_ends_the_wait(board: Harness) -> None:
    board.call("clock", 0)
    board.select((1, [0]))
    assert board.take()["stuck"] == [0]


def test_regions_nest_two_deep(board: Harness) -> None:
    board.select((0, [C64]))
    board.call("begin", 2, WHOLE, 5)
    board.call("add", 0, C64, 1)
    for layer in range(2):
        board.call("begin", layer, LAYER, 5)
        board.call("add", 0, C64, 100 + layer)
        assert board.raw("begin", 9, 0, 0)[0] == -errno.EBUSY
        assert "two regions" in board.text
        board.call("end", 0)
    assert board.raw("select", "8402000080")[0] == -errno.EBUSY
    board.call("end", UNFINISHED)
    assert board.raw("end", 0) == (-errno.EALREADY, b"")
    assert [record[:3] + record[4:] for record in board.take()["records"]] == [
        [0, 5, LAYER, 100],
        [1, 5, LAYER, 101],
        [2, 5, WHOLE | UNFINISHED, 202],
    ]


def test_abort_ends_what_is_open(board: Harness) -> None:
    board.call("abort")
    board.call("begin", 2**32 - 1, WHOLE, 65535)
    board.call("begin", 0, LAYER, 0)
    board.call("abort")
    assert [record[:3] for record in board.take()["records"]] == [
        [0, 0, LAYER | UNFINISHED],
        [2**32 - 1, 65535, WHOLE | UNFINISHED],
    ]


def test_end_tells_the_duration(board: Harness) -> None:
    board.call("begin", 0, 0, 0)
    board.call("sleep", 0, 0, 2**40)
    assert int.from_bytes(board.call("end", 0), "big") == 2**40 + 1


def test_interrupts_are_locked_only_if_asked(board: Harness) -> None:
    board.select((0, [C8]))
    board.raw("state", 1)
    region(board)
    assert board.raw("state", 1)[0] == 0
    board.select((0, [C8]), flags=1)
    board.raw("state", 1)
    board.call("begin", 0, 0, 0)
    assert board.raw("state", 0)[0] == 1
    board.call("begin", 0, 0, 0)
    board.call("end", 0)
    assert board.raw("state", 0)[0] == 1
    board.call("end", 0)
    assert board.raw("state", 0)[0] == 0
    assert [record[2] for record in board.take()["records"]] == [LOCKED, LOCKED]


def test_full_buffer_counts_what_it_loses(board: Harness) -> None:
    board.select((0, [C64]))
    room = RECORD_BUFFER // 24 - 1
    for tag in range(room + 3):
        board.call("begin", tag, 0, 0)
        result, ticks = board.raw("end", 0)
        assert result == (0 if tag < room else -errno.ENOBUFS)
        assert len(ticks) == 8
    blob = board.take()
    assert (blob["dropped"], blob["remaining"], len(blob["records"])) == (3, 0, room)
    region(board, tag=99)
    blob = board.take()
    assert (blob["dropped"], [record[0] for record in blob["records"]]) == (0, [99])


def test_records_stay_until_they_arrived(board: Harness) -> None:
    region(board, tag=1)
    first = board.call("take", 1000)
    board.call("not-taken")
    board.call("taken")
    region(board, tag=2)
    second = board.call("take", 1000)
    assert first != second
    assert [record[0] for record in board.take()["records"]] == [1, 2]
    assert board.take()["records"] == []
    board.call("taken")
    board.call("taken")


def test_records_that_came_after_the_taking_stay(board: Harness) -> None:
    region(board, tag=1)
    board.call("take", 1000)
    region(board, tag=2)
    board.call("taken")
    assert [record[0] for record in board.take()["records"]] == [2]


def test_taking_in_pieces_gives_all_once(board: Harness) -> None:
    board.select((0, [C64, C32]))
    for tag in range(40):
        region(board, ("add", 0, C64, 1 << tag), tag=tag)
    tags, remaining = [], 40
    while remaining:
        blob = board.take(150)
        remaining -= len(blob["records"])
        assert blob["remaining"] == remaining
        assert blob["records"]
        tags += [record[0] for record in blob["records"]]
    assert tags == list(range(40))


def test_no_blob_is_longer_than_asked(board: Harness) -> None:
    board.select((0, [C64, C32, LOG]))
    for tag in range(20):
        region(board, ("log", 0, tag, tag), ("add", 0, C64, 1 << (2 * tag)), tag=tag)
    for most in range(0, 400):
        result, data = board.raw("take", most)
        assert len(data) <= most
        if result != 0:
            assert result == -errno.ENOBUFS and not data
            assert "packet" in board.text
    assert result == 0


def test_a_record_of_four_counters_is_short(board: Harness) -> None:
    board.call("clock", 70000)
    board.select((0, [C32]), (1, [0, 1, 2]))
    empty = len(board.call("take", 10000))
    for tag in range(20):
        # Ticks and counters of a layer of 10 to 100 ms at 100 MHz.
        adds = [(0, C32, 2**31), (1, 0, 2**31), (1, 1, 9), (1, 2, 60000)]
        region(board, *(("add", *one) for one in adds), tag=tag)
    assert (len(board.call("take", 10000)) - empty) / 20 < 40


def test_selecting_forgets_records_of_another_selection(board: Harness) -> None:
    region(board)
    board.select((0, [C8]))
    assert board.take()["records"] == []


def test_most_counters(board: Harness) -> None:
    groups = [(0, list(range(8))), (1, [0, 1, 2, 3, 4, 7])]
    board.select(*groups)
    region(board, *(("add", p, c, 1) for p, ids in groups for c in ids))
    (record,) = board.take()["records"]
    assert record[4:] == [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert MAX_SELECTED >= 14
