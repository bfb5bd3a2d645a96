# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A stock time evaluator over lib/crt_platform records counters; the runtime is a fake.

The fake clock has 1 MHz, stands still but for what a kernel takes, and has 64 bits. Counter c32 of
provider 0 has 32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import cbor2
import pytest
from counters_native import BUILDS, decode
from crt_native import Shim, compile_shim

FUNCTION = 3
UNFINISHED = 4
C8, C32 = 0, 1
TAG, REPETITION, FLAGS, WRAPPED, TICKS = range(5)


@pytest.fixture(scope="module", params=BUILDS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, built three ways."""
    return compile_shim(tmp_path_factory.mktemp("crt"), request.param)


@pytest.fixture
def board(program: Path) -> Iterator[Shim]:
    """A shim that has just started; it must give back all memory."""
    with Shim(program) as shim:
        shim.call("clock", 0)
        yield shim


def select(board: Shim, *counters: int) -> None:
    """Select counters of provider 0."""
    board.ok("hwcnt.select", cbor2.dumps([0, [0, list(counters)]]))


def create(
    board: Shim, number: int = 1, repeat: int = 1, min_repeat_ms: int = 0, limit_zero: int = 100
) -> None:
    """Make an evaluator, as TVM's client does."""
    numbers = (number, repeat, min_repeat_ms, limit_zero, 0, 1)
    board.ok("runtime.RPCTimeEvaluator", 0, "kernel", 1, 0, *numbers, "none", "")


def evaluate(board: Shim) -> list[float]:
    """Run the evaluator: seconds for a call, a number for each repeat."""
    data = board.call("evaluate")
    return [value for (value,) in struct.iter_unpack("=d", data)]


def take(board: Shim) -> list[list[int]]:
    """The records."""
    blob = decode(board.ok("hwcnt.take"))
    assert (blob["dropped"], blob["remaining"]) == (0, 0)
    records: list[list[int]] = blob["records"]
    return records


def test_a_record_for_each_repeat(board: Shim) -> None:
    select(board, C32)
    board.call("kernel", 100, 7, 0, 0)
    create(board, number=5, repeat=3)
    assert evaluate(board) == [100e-6] * 3
    assert take(board) == [[1, i, FUNCTION, 0, 500, 35] for i in range(3)]
    assert board.raw("calls")[0] == 1 + 3 * 5
    assert take(board) == []


def test_evaluators_are_numbered_until_the_next_selection(board: Shim) -> None:
    select(board, C32)
    for _ in range(2):
        create(board)
        evaluate(board)
    assert [record[TAG] for record in take(board)] == [1, 2]
    select(board, C32)
    create(board)
    evaluate(board)
    assert [record[TAG] for record in take(board)] == [1]


def test_attempts_that_were_too_short_leave_no_record(board: Shim) -> None:
    select(board, C32)
    board.call("kernel", 10, 1, 0, 0)
    create(board, number=1, repeat=2, min_repeat_ms=1)
    means = evaluate(board)
    records = take(board)
    assert means == pytest.approx([10e-6] * 2)
    assert [record[REPETITION] for record in records] == [0, 1]
    # 10 us at first, so then a hundred calls and one more; the second repeat begins with them.
    assert [record[TICKS:] for record in records] == [[1010, 101]] * 2
    assert board.raw("calls")[0] == 1 + 1 + 101 + 101


def test_zero_times_are_tried_as_often_as_asked_for(board: Shim) -> None:
    select(board, C32)
    board.call("kernel", 0, 3, 0, 0)
    create(board, repeat=2, min_repeat_ms=1, limit_zero=4)
    assert evaluate(board) == [0.0, 0.0]
    assert board.raw("calls")[0] == 1 + 2 * 4
    assert take(board) == [[1, i, FUNCTION, 0, 0, 3] for i in range(2)]


def test_without_retries_a_zero_time_counts(board: Shim) -> None:
    select(board, C32)
    create(board, repeat=3, min_repeat_ms=1, limit_zero=0)
    assert evaluate(board) == [0.0] * 3
    assert len(take(board)) == 3


@pytest.mark.parametrize("quietly", [0, 1], ids=["by what it returns", "inside an accelerator"])
def test_a_kernel_that_fails_is_recorded_as_unfinished(board: Shim, quietly: int) -> None:
    select(board, C32)
    # The call before the first repeat, the first repeat's two, and one of the second's.
    board.call("kernel", 50, 1, 4, quietly)
    create(board, number=2, repeat=3)
    result, data = board.raw("evaluate")
    assert result != 0 and data == b""
    assert [record[REPETITION : FLAGS + 1] for record in take(board)] == [
        [0, FUNCTION],
        [1, FUNCTION | UNFINISHED],
    ]
    board.call("kernel", 50, 1, 0, 0)
    create(board, number=2)
    assert evaluate(board) == [50e-6]
    assert take(board) == [[2, 0, FUNCTION, 0, 100, 2]]


def test_a_failure_of_a_call_before_is_not_the_evaluators(board: Shim) -> None:
    board.call("kernel", 1, 1, 1, 1)
    board.ok("kernel")
    create(board)
    assert evaluate(board) == [1e-6]
    assert len(take(board)) == 1


def test_arguments_that_the_runtime_refuses_change_nothing(board: Shim) -> None:
    select(board, C32)
    create(board, number=2)
    assert board.packed("runtime.RPCTimeEvaluator", 0, "kernel")[0] != 0
    assert "not enough" in board.text
    refused = (0, "kernel", 1, 0, 9, 9, "soon", 9, 0, 1, "none", "")
    assert board.packed("runtime.RPCTimeEvaluator", *refused)[0] != 0
    evaluate(board)
    assert [record[TAG] for record in take(board)] == [1]


def test_a_session_that_ends_within_a_measurement(board: Shim) -> None:
    """The next one finds what was measured, and nothing is open."""
    select(board, C32)
    board.call("kernel", 50, 1, 3, 0)
    create(board, number=5)
    assert board.raw("evaluate")[0] != 0
    board.ok("hwcnt.catalog")
    assert [record[FLAGS] for record in take(board)] == [FUNCTION | UNFINISHED]
    assert board.packed("hwcnt.end")[0] != 0
    assert "no region is open" in board.text


def test_a_region_of_the_user_around_an_evaluator(board: Shim) -> None:
    select(board, C32)
    create(board, repeat=2)
    board.ok("hwcnt.begin", 77)
    evaluate(board)
    board.ok("hwcnt.end")
    assert [record[:3] for record in take(board)] == [[1, 0, 3], [1, 1, 3], [77, 0, 0]]


def test_without_memory_for_the_times(board: Shim) -> None:
    create(board, repeat=10000)
    assert board.raw("evaluate")[0] != 0
    create(board)
    evaluate(board)


def test_a_wrap_in_the_middle_of_a_repeat(board: Shim) -> None:
    """TVM's time_evaluator once reported 230,584,247 s: a cycle counter of 32 bits had wrapped."""
    select(board, C32)
    board.call("sleep", 0, 0, 2**32 - 150)
    board.call("set", 0, C32, 2**32 - 5)
    board.call("kernel", 100, 2, 0, 0)
    create(board, number=3, repeat=2)
    assert evaluate(board) == pytest.approx([100e-6] * 2)
    assert take(board) == [[1, i, FUNCTION, 0, 300, 6] for i in range(2)]


def test_a_repeat_that_is_longer_than_a_wrap(board: Shim) -> None:
    """The time is right, and a counter that may have wrapped more than once says so.

    Counter c32 advances by at most 4 in a cycle of 2 MHz, so that is after 2^32 / 8 ticks.
    """
    select(board, C32, C8)
    board.call("kernel", 2**33 + 5, 3, 0, 0)
    create(board)
    assert evaluate(board) == [(2**33 + 5) / 1e6]
    assert take(board) == [[1, 0, FUNCTION, 0b11, 2**33 + 5, 3, 0]]
    board.call("kernel", 2**29 - 1, 3, 0, 0)
    create(board)
    assert evaluate(board) == [(2**29 - 1) / 1e6]
    assert take(board) == [[2, 0, FUNCTION, 0b10, 2**29 - 1, 3, 0]]
