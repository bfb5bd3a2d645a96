# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""hwcnt.* and model.* as packed functions of TVM's C runtime, which is a fake here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cbor2
import pytest
from counters_native import Harness, decode, schema
from crt_native import HEAP, PACKET, Shim, compile_shim
from zephyr_counters.blob import Origin

LAYER, WHOLE, UNFINISHED = 1, 2, 4
C32, LOG = 1, 4
MOST = PACKET - 128


@pytest.fixture
def board(crt_shim: Path) -> Iterator[Shim]:
    """A shim that has just started; it must give back all memory."""
    with Shim(crt_shim) as shim:
        yield shim
        shim.call("hog", HEAP)


def selection(*counters: int) -> bytes:
    """Of counters of provider 0."""
    return cbor2.dumps([2, 0, 0, [[0, list(counters)]]])


def regions(board: Shim, num: int) -> None:
    """Regions of the user, tags from 0."""
    for tag in range(num):
        board.ok("hwcnt.begin", tag)
        board.ok("hwcnt.end")


def parts(board: Shim, name: str) -> list[bytes]:
    """What the host gets that asks on from what it has got, until there is no more."""
    found = [board.ok(name)]
    while found[-1]:
        found.append(board.ok(name, sum(map(len, found))))
    return found[:-1]


def test_catalog_comes_in_parts(board: Shim) -> None:
    assert len(board.ok("hwcnt.catalog")) <= MOST
    data = b"".join(parts(board, "hwcnt.catalog"))
    schema("catalog").validate_cbor(data)
    assert board.ok("hwcnt.catalog", 5) == data[5 : 5 + MOST]
    assert board.ok("hwcnt.catalog", len(data) - 1) == data[-1:]
    for offset in (len(data), len(data) + 1, 2**32 - 1):
        assert board.ok("hwcnt.catalog", offset) == b""


@pytest.mark.slow
def test_a_small_packet_makes_more_parts(tmp_path: Path) -> None:
    with Shim(compile_shim(tmp_path, "native", PACKET_SIZE=512)) as board:
        found = parts(board, "hwcnt.catalog")
        assert [len(part) for part in found[:-1]] == [512 - 128] * (len(found) - 1)
        schema("catalog").validate_cbor(b"".join(found))


@pytest.mark.slow
def test_packets_are_no_larger_than_the_hosts(tmp_path: Path) -> None:
    """TVM's client drops a packet of more than 2,048 bytes without a word."""
    with Shim(compile_shim(tmp_path, "native", PACKET_SIZE=65536)) as board:
        regions(board, 60)
        assert len(board.ok("hwcnt.catalog")) <= 2048 - 128
        assert len(board.ok("hwcnt.take")) <= 2048 - 128


@pytest.mark.parametrize("name", ["hwcnt.catalog", "model.layers"])
@pytest.mark.parametrize("args", [(-1,), (2**32,), ("1",), (b"1",), (1, 2)])
def test_offsets_are_checked(board: Shim, name: str, args: tuple[int | str | bytes, ...]) -> None:
    board.call("graph", 2)
    assert board.packed(name, *args)[0] != 0
    assert board.text == "takes one number, up to: 4294967295"
    board.call("release")


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("hwcnt.select", (), "takes bytes"),
        ("hwcnt.select", (1,), "takes bytes"),
        ("hwcnt.select", ("80",), "takes bytes"),
        ("hwcnt.select", (b"\x80", b"\x80"), "takes bytes"),
        ("hwcnt.begin", (), "takes one number, up to: 4294967295"),
        ("hwcnt.begin", (-1,), "takes one number, up to: 4294967295"),
        ("hwcnt.begin", (2**32,), "takes one number, up to: 4294967295"),
        ("hwcnt.begin", (1, 2), "takes one number, up to: 4294967295"),
        ("hwcnt.begin", ("1",), "takes one number, up to: 4294967295"),
        ("hwcnt.end", (1,), "takes no argument"),
        ("hwcnt.end", (), "no region is open"),
        ("hwcnt.take", ("1",), "takes one number, up to: 4294967295"),
        ("model.profile", (), "takes one number, up to: 4294967295"),
        ("model.profile", (65536,), "takes one number, up to: 65535"),
        ("model.profile", ("1",), "takes one number, up to: 4294967295"),
        ("model.profile", (1,), "no executor on the board: create it first"),
        ("model.layers", (), "no executor on the board: create it first"),
    ],
)
def test_bad_calls_are_refused(
    board: Shim, name: str, args: tuple[int | str | bytes, ...], text: str
) -> None:
    assert board.packed(name, *args)[0] == -1
    assert board.text == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "malformed"),
        (b"\xff", "malformed"),
        (cbor2.dumps([2, 0, 0, [[9, [0]]]]), "provider"),
        (cbor2.dumps([2, 0, 0, [[0, [99]]]]), "counter"),
        (cbor2.dumps([2, 0, 0, [[2, [0]]]]), "it is gone"),
    ],
)
def test_a_bad_selection_keeps_the_one_before(board: Shim, data: bytes, text: str) -> None:
    board.ok("hwcnt.select", selection(C32))
    regions(board, 1)
    assert board.packed("hwcnt.select", data)[0] == -1
    assert text in board.text
    assert len(decode(board.ok("hwcnt.take"))["records"]) == 1


def test_a_driver_that_fails_is_named(board: Shim) -> None:
    board.call("fail", 0, 5)
    assert board.packed("hwcnt.select", selection(C32))[0] == -1
    assert "wide" in board.text


def test_three_regions_are_too_many(board: Shim) -> None:
    board.ok("hwcnt.begin", 0)
    board.ok("hwcnt.begin", 2**32 - 1)
    assert board.packed("hwcnt.begin", 2)[0] == -1
    assert board.text == "two regions are open already"
    assert board.packed("hwcnt.select", selection(C32))[0] == -1
    for _ in range(2):
        board.ok("hwcnt.end")
    assert [record[0] for record in decode(board.ok("hwcnt.take"))["records"]] == [2**32 - 1, 0]


def test_records_stay_until_the_next_call_after_they_arrived(board: Shim) -> None:
    board.ok("hwcnt.select", selection(C32))
    regions(board, 3)
    first = board.ok("hwcnt.take")
    # A session that begins anew did not get that reply.
    board.ok("hwcnt.catalog")
    assert board.ok("hwcnt.take") == first
    assert decode(board.ok("hwcnt.take"))["records"] == []


@pytest.mark.slow
def test_take_hands_out_what_fits_and_says_what_is_left(tmp_path: Path) -> None:
    with Shim(compile_shim(tmp_path, "sanitized", PACKET_SIZE=512)) as board:
        board.ok("hwcnt.select", selection(C32))
        regions(board, 64)
        tags, remaining = [], [1]
        while remaining[-1]:
            data = board.ok("hwcnt.take")
            assert len(data) <= 512 - 128
            blob = decode(data)
            tags += [record[0] for record in blob["records"]]
            remaining.append(blob["remaining"])
        assert remaining[1] > 0 and blob["dropped"] == 0
        assert tags == list(range(64))


def test_a_full_buffer_is_counted_and_not_an_error(board: Shim) -> None:
    regions(board, 200)
    assert decode(board.ok("hwcnt.take"))["dropped"] > 0


def test_opaque_bytes_are_those_of_the_record(board: Shim) -> None:
    board.ok("hwcnt.select", selection(LOG, C32))
    board.ok("hwcnt.begin", 1)
    board.call("log", 0, 5, 0x61)
    board.ok("hwcnt.end")
    (record,) = decode(board.ok("hwcnt.take"))["records"]
    assert record[-1] == {0: b"aaaaa"}


def _replies() -> list[tuple[str, Callable[[Shim], None]]]:
    return [
        ("hwcnt.catalog", lambda board: None),
        ("hwcnt.take", lambda board: regions(board, 5)),
        ("model.layers", lambda board: board.call("graph", 40) and None),
    ]


@pytest.mark.parametrize(("name", "prepare"), _replies(), ids=lambda value: str(value)[:13])
def test_no_memory_for_a_reply(board: Shim, name: str, prepare: Callable[[Shim], None]) -> None:
    """Neither for its bytes nor for the array that says how many they are."""
    prepare(board)
    whole = board.ok(name)
    found = set()
    for left in range(0, 2048, 8):
        board.call("hog", HEAP - left)
        if board.packed(name)[0] == 0:
            break
        found.add(board.text)
        board.call("hog", 0)
    assert found == {"no memory for a reply"}
    board.call("hog", 0)
    if name != "hwcnt.take":
        assert board.ok(name) == whole


def test_an_unreadable_byte_is_passed_over(board: Shim) -> None:
    assert board.call("receive", "0102ee03eeee04") == b"\1\2\3\4"
    assert board.call("receive", "") == b""


def test_a_server_that_shuts_down_ends_the_program(crt_shim: Path) -> None:
    with pytest.raises(AssertionError), Shim(crt_shim) as board:
        board.raw("receive", "01dd")
    assert ended_by(board) == 0


def ended_by(board: Harness) -> int:
    """The exit code of the harness's process."""
    return board._process.wait(10)


def test_profile_walks_the_operators(board: Shim) -> None:
    board.call("clock", 0)
    board.call("kernel", 20, 3, 0, 0)
    board.call("graph", 3)
    board.measure(C32)
    board.ok("model.profile", 2)
    layers = [[tag, Origin.LAYER, 20, 3] for tag in range(3)]
    records = board.records()
    found = [[record.tag, record.origin, record.ticks, *record.values] for record in records]
    assert found == [*layers, [3, Origin.WHOLE, 60, 9]] * 2
    assert [record.repetition for record in records] == [0] * 4 + [1] * 4
    assert board.ok("model.layers").decode().split() == [f"operator_{i}" for i in (1, 2, 3)]
    board.call("release")
    assert board.packed("model.profile", 1)[0] == -1


def test_many_layers_names_come_in_parts(board: Shim) -> None:
    board.call("graph", 150)
    found = parts(board, "model.layers")
    assert len(found) > 1
    names = b"".join(found).decode().splitlines()
    assert names == [f"operator_{i}" for i in range(1, 151)]
    board.call("release")


@pytest.mark.parametrize("quietly", [0, 1], ids=["by what it returns", "inside an accelerator"])
def test_an_operator_that_fails_ends_the_profile(board: Shim, quietly: int) -> None:
    board.call("graph", 3)
    board.call("kernel", 20, 3, 2, quietly)
    assert board.packed("model.profile", 5)[0] == -1
    assert board.text == "an operator failed"
    records = decode(board.ok("hwcnt.take"))["records"]
    assert [[record[0], record[2]] for record in records] == [
        [0, LAYER],
        [1, LAYER | UNFINISHED],
        [3, WHOLE | UNFINISHED],
    ]
    board.ok("model.profile", 1)
    board.call("release")


def test_profile_within_a_region(board: Shim) -> None:
    """Regions nest two deep: with one open there is no room for both a model and its layers."""
    board.call("graph", 2)
    board.ok("hwcnt.begin", 9)
    board.ok("hwcnt.begin", 9)
    assert board.packed("model.profile", 1)[0] == -1
    assert board.text == "a region is open"
    board.ok("hwcnt.end")
    assert board.packed("model.profile", 1)[0] == -1
    board.ok("hwcnt.end")
    board.ok("model.profile", 1)
    board.call("release")


def test_a_graph_that_cannot_be_created(board: Shim) -> None:
    assert board.raw("graph", 0)[0] != 0
    assert board.packed("model.profile", 1)[0] == -1
    assert board.text == "no executor on the board: create it first"


@pytest.mark.slow
def test_without_a_graph_executor(tmp_path: Path) -> None:
    with Shim(compile_shim(tmp_path, "native", graph=False)) as board:
        for name in ("model.profile", "model.layers"):
            assert board.packed(name, 1)[0] != 0
            assert board.text == "no such function"
        regions(board, 1)
        assert len(decode(board.ok("hwcnt.take"))["records"]) == 1
