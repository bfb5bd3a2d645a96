# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What hwcnt.select refuses, and that nothing changes then. Fakes as in test_counters.py."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest
from counters_native import BUILDS, Harness, compile_counters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KEPT = [(0, [2]), (1, [0, 1])]


@pytest.fixture(scope="module", params=BUILDS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness, built three ways."""
    return compile_counters(tmp_path_factory.mktemp("select"), request.param)


@pytest.fixture(scope="module")
def shared(program: Path) -> Iterator[Harness]:
    """One process for many tests, as what fails leaves nothing behind."""
    with Harness(program) as harness:
        yield harness


@pytest.fixture
def board(program: Path) -> Iterator[Harness]:
    """A harness that has just started."""
    with Harness(program) as harness:
        yield harness


@pytest.mark.parametrize(
    ("selection", "code", "text"),
    [
        (b"", errno.EINVAL, "selection malformed at byte: 0"),
        (b"\x80", errno.EINVAL, "selection malformed at byte: 1"),
        (b"\x84\x02\x00\x00", errno.EINVAL, "selection malformed at byte: 4"),
        (b"\x84\x02\x00\x00\x80\x00", errno.EINVAL, "selection malformed at byte: 5"),
        (b"\x83\x02\x00\x00\x80", errno.EINVAL, "selection malformed at byte: 5"),
        (b"\x80\x02\x00\x00\x80", errno.EINVAL, "selection malformed at byte: 5"),
        (b"\x9f\x02\x00\x00\x80\xff", errno.EINVAL, "selection malformed at byte: 0"),
        (b"\x84\x02\x00\x1b" + bytes(8), errno.EINVAL, "selection malformed at byte: 3"),
        (b"\x84\x02\x00\x20\x80", errno.EINVAL, "selection malformed at byte: 3"),
        (b"\x84\x02\x00\x00\x9a\xff\xff\xff\xff", errno.EINVAL, "selection malformed at byte: 9"),
        (b"\x81\x00", errno.EINVAL, "selection malformed at byte: 2"),
        (b"\x82\x00\x82\x00\x81\x00", errno.EINVAL, "selection malformed at byte: 2"),
        ([1, 0, 0, []], errno.EINVAL, "selection malformed at byte: 5"),
        ([3, 0, 0, []], errno.EINVAL, "selection malformed at byte: 5"),
        ([2, 0, 0, [[0, []]]], errno.EINVAL, "selection malformed at byte: 8"),
        ([2, 0, 0, [[0, [1], 2]]], errno.EINVAL, "selection malformed at byte: 8"),
        ([2, 0, 0, [[0, ["c8"]]]], errno.EINVAL, "selection malformed at byte: 8"),
        ([2, 0, 0, 1], errno.EINVAL, "selection malformed at byte: 4"),
        ([2, 0, 0, [1]], errno.EINVAL, "selection malformed at byte: 5"),
        ([2, 0, 2, []], errno.EINVAL, "selection malformed at byte: 5"),
        ([2, 0, 0, [[3, [0]]]], errno.EINVAL, "selection has no provider: 3"),
        ([2, 0, 0, [[70000, [0]]]], errno.EINVAL, "selection has no provider: 70000"),
        ([2, 0, 0, [[0, [8]]]], errno.EINVAL, "wide has no counter: 8"),
        ([2, 0, 0, [[1, [65536]]]], errno.EINVAL, "slotted has no counter: 65536"),
        ([2, 0, 0, [[0, [1, 2, 1]]]], errno.EINVAL, "wide refuses with error: 22"),
        ([2, 0, 0, [[0, [1]], [0, [2]]]], errno.EINVAL, "selection malformed at byte: 12"),
        ([2, 0, 0, [[1, [0, 1, 2, 3, 4, 5]]]], errno.ENOSPC, "slotted needs more slots than: 4"),
        ([2, 0, 0, [[2, [0]]]], errno.ENODEV, "gone: it is gone"),
    ],
)
def test_refused(shared: Harness, selection: Any, code: int, text: str) -> None:
    shared.select(*KEPT)
    before = shared.call("take", 1000)
    assert shared.refuse(selection) == code
    assert shared.text == text
    assert shared.call("take", 1000) == before
    assert [shared.raw("state", 2 + provider)[0] for provider in range(3)] == [1, 2, 0]


@pytest.mark.slow
def test_too_many(tmp_path: Path) -> None:
    with Harness(compile_counters(tmp_path, "sanitized", MAX_SELECTED=4)) as board:
        assert board.refuse([2, 0, 0, [[0, [0, 1, 2, 3, 4]]]]) == errno.ENOSPC
        assert board.text == "selection has more counters than: 4"
        board.select((0, [0, 1]), (1, [0, 7]))


@pytest.mark.slow
def test_too_many_providers(tmp_path: Path) -> None:
    with Harness(compile_counters(tmp_path, "sanitized", MAX_PROVIDERS=1)) as board:
        assert board.refuse([2, 0, 0, [[0, [0]], [1, [0]]]]) == errno.ENOSPC
        assert board.text == "selection has more providers than: 1"


@pytest.mark.slow
def test_buffer_that_holds_no_two_records(tmp_path: Path) -> None:
    with Harness(compile_counters(tmp_path, "sanitized", RECORD_BUFFER_SIZE=100)) as board:
        board.select((0, [0, 1, 2]))
        assert board.refuse([2, 0, 0, [[0, [0, 1, 2, 3]]]]) == errno.ENOSPC
        assert board.text == "record buffer too small"


@pytest.mark.parametrize("code", [errno.ENOTSUP, errno.EIO, errno.EBUSY])
def test_driver_that_refuses(board: Harness, code: int) -> None:
    board.select((0, [0, 1]))
    board.call("begin", 1, 0, 0)
    board.call("end", 0)
    before = board.call("take", 1000)
    board.call("fail", 1, code)
    assert board.refuse([2, 0, 0, [[0, [3, 4, 5]], [1, [0]]]]) == code
    assert board.text == f"slotted refuses with error: {code}"
    assert [board.raw("state", 2 + provider)[0] for provider in range(2)] == [2, 0]
    assert board.call("take", 1000) == before


def test_providers_no_longer_selected_are_stopped(board: Harness) -> None:
    board.select((0, [0, 1]), (1, [0]))
    board.select((1, [0, 1]))
    assert [board.raw("state", 2 + provider)[0] for provider in range(2)] == [0, 2]


ITEMS = st.recursive(
    st.integers(-5, 2**33) | st.text(max_size=3) | st.binary(max_size=3) | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(), inner, max_size=2),
    max_leaves=12,
)
GROUPS = st.tuples(st.integers(0, 3), st.lists(st.integers(0, 9), max_size=10)).map(list)
ALMOST = st.lists(GROUPS, max_size=4).map(lambda groups: [2, 7, 0, groups])


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=40) | st.one_of(ITEMS, ALMOST).map(cbor2.dumps), st.data())
def test_fuzz(shared: Harness, data: bytes, draw: st.DataObject) -> None:
    """Whatever comes: selected as the schema has it, or refused with a reason and no effect."""
    if draw.draw(st.booleans()):
        data = data[: draw.draw(st.integers(0, len(data)))]
    shared.select(*KEPT)
    before = shared.call("take", 1000)
    result, _ = shared.raw("select", data.hex() or "-")
    if result != 0:
        assert -result in (errno.EINVAL, errno.ENOSPC, errno.ENODEV)
        assert shared.text
        assert shared.call("take", 1000) == before
        return
    _, _, _, groups = cbor2.loads(data)
    assert all(provider in (0, 1) for provider, _ in groups)
    shared.call("begin", 0, 0, 0)
    shared.call("end", 0)
    blob = shared.take()
    values = sum((p, c) not in ((0, 4), (1, 7)) for p, counters in groups for c in counters)
    assert len(blob["records"][0]) == 4 + values
