# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Opaque bytes that counters of lib/counters collect. Fakes as in test_counters.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from counters_native import BUILDS, MAX_OPAQUE, Harness, compile_counters, region

WHOLE, CUT = 2, 8
C8, C64, LOG = 0, 2, 4


@pytest.fixture(scope="module", params=BUILDS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness, built three ways."""
    return compile_counters(tmp_path_factory.mktemp("opaque"), request.param)


@pytest.fixture
def board(program: Path) -> Iterator[Harness]:
    """A harness that has just started."""
    with Harness(program) as harness:
        yield harness


def test_opaque_bytes_belong_to_the_region_they_came_in(board: Harness) -> None:
    board.select((0, [C8, LOG]), (1, [0, 7]))
    board.call("log", 0, 5, 0xEE)
    region(board, ("log", 0, 3, 1), ("log", 1, 9, 2))
    region(board)
    region(board, ("log", 1, 1, 3))
    records = board.take()["records"]
    assert [record[6:] for record in records] == [
        [{1: b"\x01" * 3, 3: b"\x02" * 9}],
        [],
        [{3: b"\x03"}],
    ]
    assert [record[2] for record in records] == [0, 0, 0]


def test_bytes_of_an_outer_region_that_an_inner_one_forgets_are_flagged(board: Harness) -> None:
    board.select((0, [LOG]))
    board.call("begin", 0, WHOLE, 0)
    board.call("log", 0, 2, 1)
    region(board, ("log", 0, 3, 2))
    board.call("log", 0, 4, 3)
    board.call("end", 0)
    inner, outer = board.take()["records"]
    assert inner[4:] == [{0: b"\x02" * 3}] and inner[2] == 0
    assert outer[4:] == [{0: b"\x03" * 4}] and outer[2] == WHOLE | CUT


def test_opaque_bytes_are_cut_at_the_limit(board: Harness) -> None:
    board.select((0, [LOG]), (1, [7]))
    region(board, ("log", 0, MAX_OPAQUE - 6, 1), ("log", 1, 7, 2))
    region(board, ("log", 0, MAX_OPAQUE, 1), ("log", 1, 7, 2))
    region(board, ("log", 0, MAX_OPAQUE + 1, 1))
    cut = [record[2] for record in board.take()["records"]]
    assert cut == [CUT, CUT, CUT]
    region(board, ("log", 0, MAX_OPAQUE - 6, 1), ("log", 1, 6, 2))
    (record,) = board.take()["records"]
    assert record[2] == 0 and len(record[4][0]) + len(record[4][1]) == MAX_OPAQUE


def test_opaque_bytes_are_cut_where_the_buffer_ends(board: Harness) -> None:
    board.select((0, [LOG, C64]))
    lengths = [(29 * i) % 200 for i in range(40)]
    for length in lengths:
        board.call("begin", 0, 0, 0)
        board.call("log", 0, length, length)
        board.raw("end", 0)
    blob = board.take()
    assert blob["dropped"] > 0
    for length, record in zip(lengths, blob["records"], strict=False):
        data = record[5][0] if len(record) > 5 else b""
        assert data == bytes([length]) * len(data)
        assert len(data) == length or (record[2] == CUT and record is blob["records"][-1])
