# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Sessions: the shared vectors, and any bytes at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from link_fixtures import VECTORS
from zephyr_counters.link.wire.framing import Framer
from zephyr_counters.link.wire.session import (
    BadFrame,
    Established,
    Log,
    Message,
    Session,
    State,
    Terminated,
    WrongVersion,
)

CASES = json.loads((VECTORS / "session.json").read_text())["cases"]


def spelled(event: Any) -> Any:
    """An event as the vectors spell it."""
    if isinstance(event, Message):
        return ["message", event.body.hex()]
    if isinstance(event, Log):
        return ["log", event.body.hex()]
    if isinstance(event, WrongVersion):
        return ["version", f"{event.version:02x}"]
    if isinstance(event, BadFrame):
        return ["damaged", event.reason.value]
    return [{Established: "established", Terminated: "terminated"}[type(event)]]


def run(session: Any, step: Any, size: Any) -> Any:
    """Do a step, bytes from the wire in pieces of `size`; return what it sent, what happened."""
    arg = bytes.fromhex(step["arg"])
    if step["op"] == "receive":
        events, sent = [], b""
        for at in range(0, len(arg), size):
            more, answer = session.feed(arg[at : at + size])
            events += more
            sent += answer
        return sent, events
    if step["op"] == "initialize":
        return session.initialize(arg[0]), []
    if step["op"] in ("message", "log"):
        return getattr(session, step["op"])(arg), []
    return getattr(session, step["op"])(), []


@pytest.mark.parametrize("size", [1, 2, 7, 1 << 20])
@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_case(case: Any, size: Any) -> None:
    session = Session()
    for number, step in enumerate(case["steps"]):
        sent, events = run(session, step, size)
        assert sent.hex() == step["sends"], number
        assert [spelled(event) for event in events] == step["events"], number
        assert (session.state is State.ESTABLISHED) == step["established"], number


def pair(nonce_host: Any, nonce_board: Any) -> Any:
    """A host and a board that agreed on a session."""
    host, board = Session(), Session()
    host.feed(board.initialize(nonce_board))
    events, reply = board.feed(host.initialize(nonce_host) + host.start())
    assert events == [Established()]
    assert host.feed(reply) == ([Established()], b"")
    return host, board


@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=300))
def test_any_nonces(nonce_host: Any, nonce_board: Any, body: Any) -> None:
    host, board = pair(nonce_host, nonce_board)
    assert host.id == board.id and host.id & 0xFF and host.id >> 8
    assert board.feed(host.message(body)) == ([Message(body)], b"")
    assert host.feed(board.message(body)) == ([Message(body)], b"")


@given(st.integers(0, 255), st.integers(0, 255), st.binary(min_size=1, max_size=50))
def test_a_late_answer_is_never_taken(nonce: Any, other: Any, body: Any) -> None:
    host, board = pair(nonce, other)
    late = board.message(body)
    begin = host.initialize(nonce) + host.start()
    assert host.feed(late) == ([], b"")
    _, reply = board.feed(begin)
    assert host.feed(late + reply) == ([Established()], b"")


def test_message_without_session() -> None:
    with pytest.raises(ValueError):
        Session().message(b"x")


PAYLOADS = st.tuples(
    st.sampled_from([0, 1, 2, 3, 0x10, 0x11, 0xFF]),
    st.integers(0, 255),
    st.integers(0, 255),
    st.binary(max_size=4),
).map(lambda t: Framer().frame(bytes([t[1], t[2], t[0]]) + t[3]))


@given(st.lists(st.one_of(PAYLOADS, st.binary(max_size=30))), st.sampled_from(list(State)))
def test_any_bytes(parts: Any, state: Any) -> None:
    host, board = pair(3, 4)
    for session in (host, board):
        if state is State.START_SENT:
            session.start()
        elif state is State.NONE:
            session.terminate()
        for part in parts:
            events, answer = session.feed(part)
            assert len(answer) <= 16 * max(1, len(events) + part.count(b"\xff\xfd"))
