# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The bridge, with a client that is no TVM and a board that is no board."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from link_fixtures import QUICK, RawClient, Remote, fake_board
from zephyr_counters.errors import LinkError, UsageError
from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.bridge import Bridge
from zephyr_counters.rpc.bridge_process import BridgeProcess


@pytest.fixture
def board() -> Iterator[Any]:
    with fake_board() as (transport, process):
        yield transport, process


@pytest.fixture
def bridge(board: Any) -> Iterator[Any]:
    with Bridge(board[0], timeouts=QUICK) as made:
        yield made


def test_call_and_leave(bridge: Any) -> None:
    client = RawClient(bridge.port)
    assert client.server_key == "server:"
    assert client.call("add", 40, 2) == 42
    client.leave()
    assert bridge.free.wait(5)
    client = RawClient(bridge.port)
    assert client.call("add", 1) == 1
    assert bridge.bytes_in > 100 and bridge.bytes_out > 100


def test_error_of_the_board_does_not_end_the_session(bridge: Any) -> None:
    client = RawClient(bridge.port)
    with pytest.raises(Remote, match=r"^fail: on purpose$"):
        client.call("fail")
    with pytest.raises(Remote, match="no such function: what"):
        client.call("what")
    assert client.call("add", 1, 2) == 3


def test_numbered_error_of_the_board_is_in_english_for_any_client(bridge: Any) -> None:
    client = RawClient(bridge.port)
    with pytest.raises(Remote, match=r"^npu has no counter: 7$"):
        client.call("device_error")
    assert client.call("add", 1, 2) == 3


def test_answer_in_pieces_and_noise(bridge: Any) -> None:
    client = RawClient(bridge.port)
    assert client.call("pieces") == 11
    assert client.call("noise") == 9
    assert client.call("log", 200) == 0
    assert client.call("add", 5) == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("silent", r"LinkTimeout: fake board: no answer to call_func in 3 s"),
        ("half", r"LinkTimeout: fake board: the answer .* stopped in the middle of a frame"),
        ("corrupt", r"LinkError: fake board: a damaged frame came from the board \(crc\)"),
        ("bad_frame", r"LinkError: fake board: the board says: frame dropped: wrong CRC"),
        ("reset", r"LinkError: fake board: the board was reset"),
        ("twice", r"LinkError: fake board: an answer of \d+ bytes came as"),
        ("huge", r"LinkError: fake board: an answer of"),
        ("die", r"LinkError: fake board: the board is gone"),
        ("die_halfway", r"LinkError: fake board: the board is gone"),
    ],
)
def test_link_failure(bridge: Any, name: Any, text: Any) -> None:
    client = RawClient(bridge.port)
    client.call("count")
    begin = time.monotonic()
    with pytest.raises(Remote, match=text):
        client.call(name)
    assert time.monotonic() - begin < QUICK.call + 1
    for _ in range(2):  # the session answers nothing else
        with pytest.raises(Remote, match=text):
            client.call("count")
    client.leave()
    assert bridge.free.wait(5)
    if name.startswith("die"):
        assert bridge.lost.is_set()
        with pytest.raises(Remote, match="the board is gone"):
            RawClient(bridge.port)
    else:
        assert RawClient(bridge.port).call("add", 2, 3) == 5


def test_second_answer_is_never_taken_for_the_next(bridge: Any) -> None:
    client = RawClient(bridge.port)
    try:
        assert client.call("again") in (1,)
        with pytest.raises(Remote, match=r"LinkError: .* sent a reply that matches no request"):
            time.sleep(0.2)
            client.call("add", 7)
    except Remote as error:
        assert "LinkError" in str(error)


@pytest.mark.slow
def test_late_answer_is_never_taken_in_a_new_session(bridge: Any) -> None:
    client = RawClient(bridge.port)
    with pytest.raises(Remote, match="LinkTimeout"):
        client.call("sleep", 4000)
    client.leave()
    assert bridge.free.wait(5)
    begin = time.monotonic()
    assert RawClient(bridge.port).call("add", 1, 1) == 2
    assert time.monotonic() - begin < 3


@pytest.mark.slow
def test_second_client_is_told(bridge: Any) -> None:
    first = RawClient(bridge.port)
    address = "{}:{}".format(*first.sock.getsockname())
    with pytest.raises(Remote, match=f"LinkError: the board is in use by {address}"):
        RawClient(bridge.port)
    waiting = threading.Thread(target=lambda: first.call("sleep", 1000))
    waiting.start()
    begin = time.monotonic()
    with pytest.raises(Remote, match="in use by"):
        RawClient(bridge.port)
    assert time.monotonic() - begin < 1
    waiting.join()
    assert first.call("add", 1) == 1
    first.leave()
    assert bridge.free.wait(5)
    assert RawClient(bridge.port).call("add", 2) == 2


@pytest.mark.slow
def test_client_that_vanishes_in_the_middle_of_a_call(bridge: Any) -> None:
    client = RawClient(bridge.port)
    client.call("count")
    name = client.ask(rpc_packet.get_global("sleep"))
    rest = struct.pack("<Qiiq", rpc_packet.returned_handle(name), 1, 1, 1500)
    client.sock.sendall(rpc_packet.packet(rpc_packet.Code.CALL_FUNC, rest))
    time.sleep(0.2)
    client.sock.close()
    assert bridge.free.wait(1)
    assert RawClient(bridge.port).call("add", 3) == 3


def test_too_large_packets(bridge: Any) -> None:
    client = RawClient(bridge.port)
    for size in (1025, 1 << 20):
        with pytest.raises(
            Remote, match=f"packet too large: {size} bytes, and the board takes 1024"
        ):
            client.ask(rpc_packet.LENGTH.pack(size) + bytes(size))
    assert client.call("add", 8) == 8


@pytest.mark.parametrize(
    "first", [b"", b"GET / HTTP/1.0\r\n\r\n", b"\0" * 9, b"\x71\xf2\x0f\x00" + b"\xff" * 4]
)
def test_strangers(bridge: Any, first: Any) -> None:
    with socket.create_connection(("127.0.0.1", bridge.port)) as stranger:
        stranger.sendall(first)
        assert RawClient(bridge.port).call("add", 1) == 1


def test_absurd_length(bridge: Any) -> None:
    client = RawClient(bridge.port)
    client.sock.sendall(b"\xff" * 8)
    client.leave()
    assert bridge.free.wait(15)


def test_other_key(board: Any) -> None:
    with Bridge(board[0], key="mine", timeouts=QUICK) as bridge:
        assert RawClient(bridge.port, "yours").code == rpc_packet.MAGIC_MISMATCH
        client = RawClient(bridge.port, "mine")
        assert client.code == rpc_packet.MAGIC and client.server_key == "server:mine"


@pytest.mark.slow
def test_session_timeout_of_a_client(bridge: Any) -> None:
    client = RawClient(bridge.port, " -timeout=0.5")
    begin = time.monotonic()
    with pytest.raises(Remote, match=r"RPCSessionTimeoutError|LinkTimeout"):
        while True:
            client.call("add", 1)
            time.sleep(0.05)
    assert time.monotonic() - begin < 3


def test_board_that_logs_while_nobody_asks(bridge: Any) -> None:
    lines: list[str] = []
    bridge._channel._on_log = lines.append
    client = RawClient(bridge.port)
    client.call("log", 3)
    assert lines == ["line 0", "line 1", "line 2"]


@pytest.mark.slow
def test_board_that_never_answers() -> None:
    ours, theirs = socket.socketpair()
    from zephyr_counters.link.transports.tcp import SocketTransport

    with theirs, SocketTransport(ours, "deaf") as transport:
        quick = type(QUICK)(call=1, start=1, frame=1)
        with Bridge(transport, timeouts=quick) as bridge:
            begin = time.monotonic()
            with pytest.raises(
                Remote, match="LinkTimeout: deaf: no answer to a session start in 1 s"
            ):
                RawClient(bridge.port)
            assert time.monotonic() - begin < 3


def test_attach(board: Any) -> None:
    with Bridge(None, timeouts=QUICK) as bridge:
        with pytest.raises(Remote, match="no board is there"):
            RawClient(bridge.port)
        bridge.attach(board[0])
        bridge.free.wait(5)
        assert RawClient(bridge.port).call("add", 1) == 1


def test_port_in_use(bridge: Any) -> None:
    with pytest.raises(UsageError, match="cannot listen"):
        Bridge(None, port=bridge.port)
    with Bridge(None, port=bridge.port, port_end=bridge.port + 20) as other:
        assert bridge.port < other.port < bridge.port + 20


def test_process(board: Any) -> None:
    lines: list[str] = []
    with BridgeProcess(board[0], key="k", timeouts=QUICK, on_log=lines.append) as bridge:
        client = RawClient(bridge.port, "k")
        before = bridge.counts()
        assert client.call("add", 20, 3) == 23
        after = bridge.counts()
        assert after[0] > before[0] and after[1] > before[1]
        assert bridge.counts() == after
        client.call("log", 2)
        bridge.counts()
        assert lines == ["line 0", "line 1"]
    with pytest.raises(LinkError):
        bridge.counts()


def test_process_ends_with_its_parent(board: Any) -> None:
    bridge = BridgeProcess(board[0], key="k")
    assert bridge._process.poll() is None
    bridge._process.stdin.close()
    assert bridge._process.wait(5) == 0
    bridge.close()


@given(st.binary(max_size=80))
def test_packets_of_any_bytes(data: Any) -> None:
    whole = rpc_packet.LENGTH.pack(len(data)) + data
    for packet in (data, whole):
        rpc_packet.name_of(packet)
        rpc_packet.exception_text(packet)
        assert rpc_packet.returned_handle(packet) is not None
        rpc_packet.returned_int(packet)


@given(st.text())
def test_exception_of_any_text(text: Any) -> None:
    said = rpc_packet.exception_text(rpc_packet.exception(text))
    assert said == text.replace("\0", "?").encode("utf-8", "replace").decode()
