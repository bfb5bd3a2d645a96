# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Framing: the shared vectors, and any bytes at all."""

from __future__ import annotations

import binascii
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from link_fixtures import VECTORS
from zephyr_counters.link.wire.framing import Damage, Damaged, Framer, Packet, Unframer

DATA = json.loads((VECTORS / "framing.json").read_text())
FRAMES = [pytest.param(case, id=case["name"]) for case in DATA["frames"]]
TRAINS = [pytest.param(case, id=case["name"]) for case in DATA["trains"]]
STREAMS = [pytest.param(case, id=case["name"]) for case in DATA["streams"]]


def spelled(events: Any) -> Any:
    """Events as the vectors spell them."""
    return [
        ["packet", event.payload.hex()]
        if isinstance(event, Packet)
        else ["damaged", event.reason.value]
        for event in events
    ]


def received(parts: Any) -> Any:
    """What a fresh unframer makes of `parts`."""
    unframer = Unframer()
    return spelled(event for part in parts for event in unframer.feed(part))


def splits(wire: Any) -> Iterator[Any]:
    """Ways to split `wire`: whole, at every byte, in two at every place."""
    yield [wire]
    yield [wire[i : i + 1] for i in range(len(wire))]
    for at in range(1, len(wire)):
        yield [wire[:at], wire[at:]]


@pytest.mark.parametrize("case", FRAMES)
def test_recipe(case: Any) -> None:
    payload, frame = bytes.fromhex(case["payload"]), bytes.fromhex(case["frame"])
    size = len(payload).to_bytes(4, "little")
    body = b"\xff\xfd" + b"".join(
        b"\xff\xff" if byte == 0xFF else bytes([byte]) for byte in size + payload
    )
    crc = binascii.crc_hqx(body, 0xFFFF).to_bytes(2, "little").replace(b"\xff", b"\xff\xff")
    assert frame == body + crc


@pytest.mark.parametrize("case", FRAMES)
def test_frame(case: Any) -> None:
    framer = Framer()
    payload, frame = bytes.fromhex(case["payload"]), bytes.fromhex(case["frame"])
    assert framer.frame(payload) == b"\xfe" + frame
    assert framer.frame(payload) == frame
    for parts in splits(frame):
        assert received(parts) == [["packet", case["payload"]]]


@pytest.mark.parametrize("case", TRAINS)
def test_train(case: Any) -> None:
    framer, sent = Framer(), b""
    for op, *arg in case["ops"]:
        if op == "reset":
            framer.reset()
        else:
            sent += framer.frame(bytes.fromhex(arg[0]))
    assert sent.hex() == case["wire"]


@pytest.mark.parametrize("case", STREAMS)
def test_stream(case: Any) -> None:
    for parts in splits(bytes.fromhex(case["wire"])):
        assert received(parts) == case["events"]


@given(st.lists(st.binary(max_size=600)), st.randoms(use_true_random=False))
def test_what_is_framed_is_unframed(payloads: Any, rng: Any) -> None:
    framer, unframer, events = Framer(), Unframer(), []
    wire = b"".join(map(framer.frame, payloads))
    at = 0
    while at < len(wire):
        step = rng.randrange(1, 100)
        events += unframer.feed(wire[at : at + step])
        at += step
    assert events == [Packet(payload) for payload in payloads]
    assert not unframer.inside and unframer.stray == 0


FRAGMENTS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"\xff", b"\xfd", b"\xfe", b"\xff\xfd", b"\xff\xff", b"\xff\xfe", b"\0\0\0"]),
    st.sampled_from([bytes.fromhex(case["frame"]) for case in DATA["frames"]]),
)


@given(st.lists(FRAGMENTS))
def test_any_bytes_however_split(fragments: Any) -> None:
    wire = b"".join(fragments)
    whole = received([wire])
    assert received(fragments) == whole
    assert received([wire[i : i + 1] for i in range(len(wire))]) == whole


@given(st.lists(FRAGMENTS))
def test_a_good_frame_after_any_bytes_is_received(fragments: Any) -> None:
    unframer = Unframer(max_payload=1000)
    unframer.feed(b"".join(fragments))
    for _ in range(2):  # the first may be swallowed by what an FF before it began
        events = unframer.feed(b"\x00" + Framer().frame(b"alive"))
    assert events[-1] == Packet(b"alive")


def test_too_long_for_this_receiver() -> None:
    unframer = Unframer(max_payload=4)
    framer = Framer()
    assert unframer.feed(framer.frame(b"12345") + framer.frame(b"1234")) == [
        Damaged(Damage.LONG),
        Packet(b"1234"),
    ]


def test_reset_forgets() -> None:
    unframer = Unframer()
    unframer.feed(Framer().frame(b"hello")[:-1])
    assert unframer.inside
    unframer.reset()
    assert not unframer.inside
    assert unframer.feed(b"x") == []


def test_payload_too_long_to_send() -> None:
    class Long(bytes):
        def __len__(self) -> Any:
            return 1 << 32

    with pytest.raises(ValueError):
        Framer().frame(Long())


@pytest.mark.parametrize("byte", [0, 0xFF])
def test_a_megabyte_takes_no_time(byte: Any) -> None:
    payload = bytes([byte]) * (1 << 20)
    begin = time.perf_counter()
    wire = Framer().frame(payload)
    assert Unframer().feed(wire) == [Packet(payload)]
    assert time.perf_counter() - begin < 20  # 0.02 s; bytes in a loop would take minutes
