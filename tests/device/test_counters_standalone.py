# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A firmware without a host: all counters that fit, and the values of its last region.

Fakes as in test_counters.py. Also what happens before zc_counters_init().
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from counters_native import BUILDS, Harness, compile_counters


@pytest.fixture(scope="module", params=BUILDS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness, built three ways."""
    return compile_counters(tmp_path_factory.mktemp("standalone"), request.param)


@pytest.fixture
def board(program: Path) -> Iterator[Harness]:
    """A harness that has just started."""
    with Harness(program) as harness:
        yield harness


def values(board: Harness) -> dict[str, str]:
    """What show-last tells, by counter."""
    lines = board.call("show-last").decode().splitlines()
    return dict(line.split(" ", 1) for line in lines)


def test_all_that_fit_are_selected(board: Harness) -> None:
    assert board.call("select-all").decode() == "gone it is gone\n"
    board.call("cost", 0, 1, 3)
    board.call("begin", 0, 0, 0)
    board.call("add", 0, 0, 300)
    board.call("set", 0, 3, 12)
    board.call("add", 1, 1, 5)
    board.call("end", 0)
    found = values(board)
    # Not the expensive one (c64), no bytes (log, trace), four slots (e1 to e4).
    names = ["c8", "c32", "level", "c48", "c1", "c33"]
    assert list(found) == [
        *(f"wide:{name}" for name in names),
        *(f"slotted:{name}" for name in ("cycles", "e1", "e2", "e3", "e4")),
    ]
    assert found["wide:c8"].split()[0] == str(300 % 256)
    assert found["wide:level"] == "12" and found["slotted:e1"] == "5"
    # Counters that should run were found not to, when they were selected.
    assert found["wide:c32"] == "3 stuck" and found["slotted:cycles"] == "0 stuck"
    assert values(board) == {}


def test_only_the_last_region_is_shown(board: Harness) -> None:
    board.call("select-all")
    for count in (7, 9):
        board.call("begin", 0, 0, 0)
        board.call("add", 1, 1, count)
        board.call("end", 0)
    assert values(board)["slotted:e1"] == "9"


def test_a_region_that_is_longer_than_a_wrap(board: Harness) -> None:
    board.call("select-all")
    board.call("begin", 0, 0, 0)
    # 2 MHz, at most 1 a cycle: 8 bits wrap in 128 us; 33 bits in over an hour.
    board.call("sleep", 0, 0, 128)
    board.call("end", 0)
    found = values(board)
    assert found["wide:c8"] == "0 wrapped" and found["wide:c33"] == "0"


def test_a_driver_that_refuses_is_left_out(board: Harness) -> None:
    board.call("fail", 0, errno.EBUSY)
    refused = board.call("select-all").decode()
    assert refused == "wide its driver refuses\ngone it is gone\n"
    board.call("begin", 0, 0, 0)
    board.call("end", 0)
    assert all(name.startswith("slotted:") for name in values(board))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limits", "refused"),
    [
        ({"MAX_SELECTED": 6}, "slotted no counter or no room\ngone it is gone\n"),
        ({"MAX_PROVIDERS": 1}, "slotted no counter or no room\ngone it is gone\n"),
    ],
)
def test_no_room(tmp_path: Path, limits: dict[str, int], refused: str) -> None:
    with Harness(compile_counters(tmp_path, "sanitized", **limits)) as board:
        assert board.call("select-all").decode() == refused


def test_nothing_crashes_before_init(program: Path) -> None:
    with Harness(program, init=False) as board:
        assert board.raw("begin", 1, 0, 0)[0] == -errno.EBUSY
        assert board.text == "counters are not initialized"
        assert board.raw("end", 0)[0] == -errno.EALREADY
        board.call("abort")
        board.call("init")
        board.call("begin", 1, 0, 0)
        board.call("end", 0)
        assert len(board.take()["records"]) == 1
