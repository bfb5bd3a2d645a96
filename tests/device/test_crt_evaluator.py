# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A stock time evaluator over lib/crt_shim records counters; the runtime is a fake.

The fake clock has 1 MHz, stands still but for what a kernel takes, and has 64 bits. Counter c32 of
provider 0 has 32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from crt_native import Shim
from zephyr_counters.blob import Origin

C8, C32 = 0, 1


@pytest.fixture
def board(crt_shim: Path) -> Iterator[Shim]:
    """A shim that has just started; it must give back all memory."""
    with Shim(crt_shim) as shim:
        shim.call("clock", 0)
        yield shim


def create(
    board: Shim, number: int = 1, repeat: int = 1, min_repeat_ms: int = 0, limit_zero: int = 100
) -> None:
    """Make an evaluator, as TVM's client does."""
    settings = (number, repeat, min_repeat_ms, limit_zero, 0, 1)
    board.ok("runtime.RPCTimeEvaluator", 0, "kernel", 1, 0, *settings, "none", "")


def evaluate(board: Shim) -> list[float]:
    """Run the evaluator: seconds for a call, a number for each repeat."""
    data = board.call("evaluate")
    return [value for (value,) in struct.iter_unpack("=d", data)]


def numbers(board: Shim) -> list[list[int]]:
    """Of each record: the evaluator, the repetition, the ticks, and the values."""
    found = board.records()
    assert all(record.origin is Origin.FUNCTION for record in found)
    assert not any(record.unfinished or record.wrapped for record in found)
    return [[record.tag, record.repetition, record.ticks, *record.values] for record in found]


def test_a_record_for_each_repeat(board: Shim) -> None:
    board.measure(C32)
    board.call("kernel", 100, 7, 0, 0)
    create(board, number=5, repeat=3)
    assert evaluate(board) == [100e-6] * 3
    assert numbers(board) == [[1, i, 500, 35] for i in range(3)]
    assert board.raw("calls")[0] == 1 + 3 * 5
    assert numbers(board) == []


def test_evaluators_are_numbered_until_the_next_selection(board: Shim) -> None:
    board.measure(C32)
    for _ in range(2):
        create(board)
        evaluate(board)
    assert [record.tag for record in board.records()] == [1, 2]
    board.measure(C32)
    create(board)
    evaluate(board)
    assert [record.tag for record in board.records()] == [1]


def test_attempts_that_were_too_short_leave_no_record(board: Shim) -> None:
    board.measure(C32)
    board.call("kernel", 10, 1, 0, 0)
    create(board, number=1, repeat=2, min_repeat_ms=1)
    means = evaluate(board)
    assert means == pytest.approx([10e-6] * 2)
    # 10 us at first, so then a hundred calls and one more; the second repeat begins with them.
    assert numbers(board) == [[1, i, 1010, 101] for i in range(2)]
    assert board.raw("calls")[0] == 1 + 1 + 101 + 101


def test_zero_times_are_tried_as_often_as_asked_for(board: Shim) -> None:
    board.measure(C32)
    board.call("kernel", 0, 3, 0, 0)
    create(board, repeat=2, min_repeat_ms=1, limit_zero=4)
    assert evaluate(board) == [0.0, 0.0]
    assert board.raw("calls")[0] == 1 + 2 * 4
    assert numbers(board) == [[1, i, 0, 3] for i in range(2)]


def test_without_retries_a_zero_time_counts(board: Shim) -> None:
    board.measure(C32)
    create(board, repeat=3, min_repeat_ms=1, limit_zero=0)
    assert evaluate(board) == [0.0] * 3
    assert len(numbers(board)) == 3


@pytest.mark.parametrize("quietly", [0, 1], ids=["by what it returns", "inside an accelerator"])
def test_a_kernel_that_fails_is_recorded_as_unfinished(board: Shim, quietly: int) -> None:
    board.measure(C32)
    # The call before the first repeat, the first repeat's two, and one of the second's.
    board.call("kernel", 50, 1, 4, quietly)
    create(board, number=2, repeat=3)
    result, data = board.raw("evaluate")
    assert result != 0 and data == b""
    found = [(record.repetition, record.unfinished) for record in board.records()]
    assert found == [(0, False), (1, True)]
    board.call("kernel", 50, 1, 0, 0)
    create(board, number=2)
    assert evaluate(board) == [50e-6]
    assert numbers(board) == [[2, 0, 100, 2]]


def test_a_failure_of_a_call_before_is_not_the_evaluators(board: Shim) -> None:
    board.call("kernel", 1, 1, 1, 1)
    board.ok("kernel")
    create(board)
    assert evaluate(board) == [1e-6]
    assert len(numbers(board)) == 1


def test_arguments_that_the_runtime_refuses_change_nothing(board: Shim) -> None:
    board.measure(C32)
    create(board, number=2)
    assert board.packed("runtime.RPCTimeEvaluator", 0, "kernel")[0] != 0
    assert "not enough" in board.text
    refused = (0, "kernel", 1, 0, 9, 9, "soon", 9, 0, 1, "none", "")
    assert board.packed("runtime.RPCTimeEvaluator", *refused)[0] != 0
    evaluate(board)
    assert [record.tag for record in board.records()] == [1]


def test_a_session_that_ends_within_a_measurement(board: Shim) -> None:
    """The next one finds what was measured, and nothing is open."""
    board.measure(C32)
    board.call("kernel", 50, 1, 3, 0)
    create(board, number=5)
    assert board.raw("evaluate")[0] != 0
    board.ok("hwcnt.catalog")
    assert [record.unfinished for record in board.records()] == [True]
    assert board.packed("hwcnt.end")[0] != 0
    assert "no region is open" in board.text


def test_a_region_of_the_user_around_an_evaluator(board: Shim) -> None:
    board.measure(C32)
    create(board, repeat=2)
    board.ok("hwcnt.begin", 77)
    evaluate(board)
    board.ok("hwcnt.end")
    assert [(record.tag, record.origin) for record in board.records()] == [
        (1, Origin.FUNCTION),
        (1, Origin.FUNCTION),
        (77, Origin.USER),
    ]


def test_without_memory_for_the_times(board: Shim) -> None:
    create(board, repeat=10000)
    assert board.raw("evaluate")[0] != 0
    create(board)
    evaluate(board)


def test_a_wrap_in_the_middle_of_a_repeat(board: Shim) -> None:
    """TVM's time_evaluator once reported 230,584,247 s: a cycle counter of 32 bits had wrapped."""
    board.measure(C32)
    board.call("sleep", 0, 0, 2**32 - 150)
    board.call("set", 0, C32, 2**32 - 5)
    board.call("kernel", 100, 2, 0, 0)
    create(board, number=3, repeat=2)
    assert evaluate(board) == pytest.approx([100e-6] * 2)
    assert numbers(board) == [[1, i, 300, 6] for i in range(2)]


@pytest.mark.parametrize(
    ("ticks", "wrapped"),
    [(2**33 + 5, {0, 1}), (2**29, {0, 1}), (2**29 - 1, {1}), (127, set())],
)
def test_a_repeat_that_is_longer_than_a_wrap(
    board: Shim, ticks: int, wrapped: frozenset[int]
) -> None:
    """The time is right, and a counter that may have wrapped more than once is flagged.

    Counter c32 advances by at most 4 in a cycle of 2 MHz, c8 by 1: after 2^32 / 8 and 2^8 / 2
    ticks of 1 MHz.
    """
    board.measure(C32, C8)
    board.call("kernel", ticks, 3, 0, 0)
    create(board)
    assert evaluate(board) == [ticks / 1e6]
    (record,) = board.records()
    assert (record.ticks, record.values, record.wrapped) == (ticks, (3, 0), wrapped)
