# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Transports: terminals, sockets, files, and those that spoil or slow what goes through."""

from __future__ import annotations

import os
import pickle
import pty
import socket
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from link_fault import Faults, Faulty
from link_fixtures import RawClient, Remote, fake_board
from link_record import (
    Entry,
    Player,
    Recorder,
    explain,
    read_log,
)
from zephyr_counters.errors import LinkError, LinkTimeout
from zephyr_counters.link.transports.counting import Counting
from zephyr_counters.link.transports.descriptor import FdTransport
from zephyr_counters.link.transports.serial_port import SerialPort
from zephyr_counters.link.transports.tcp import SocketTransport
from zephyr_counters.link.transports.transport import BoardGone, Transport
from zephyr_counters.link.transports.wrapper import shareable
from zephyr_counters.link.wire.session import Session
from zephyr_counters.rpc.bridge import Bridge, Timeouts
from zephyr_counters.rpc.channel import Channel
from zephyr_counters.rpc.packet import get_global, init_server

from bench.throttle import Throttle


@pytest.fixture
def terminal() -> Iterator[Any]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    path = os.ttyname(slave)
    os.close(slave)
    ends = [master]
    yield path, master, ends
    for fd in ends:
        os.close(fd)


@pytest.fixture
def pair() -> Iterator[Any]:
    ours, theirs = socket.socketpair()
    with SocketTransport(ours, "pair") as transport, theirs:
        yield transport, theirs


def test_serial_port_on_a_terminal(terminal: Any) -> None:
    path, master, ends = terminal
    with SerialPort(path) as port:
        assert isinstance(port, Transport) and port.name == path
        os.write(master, b"\xff\x00\r\n\x03")
        assert port.read(100, 1) == b"\xff\x00\r\n\x03"
        port.write(b"\x04\x7f\x00\xff", 1)
        assert os.read(master, 100) == b"\x04\x7f\x00\xff"
        with pytest.raises(LinkTimeout, match="nothing came in 0 s"):
            port.read(1, 0)
        with pytest.raises(LinkError, match="in use by process"):
            SerialPort(path)
        os.close(ends.pop())
        with pytest.raises(BoardGone, match="the board is gone"):
            port.read(1, 1)
        with pytest.raises(BoardGone):
            port.write(b"x", 1)
    with pytest.raises(LinkError, match="closed"):
        port.read(1, 0)
    port.close()


def test_port_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="no such port"):
        SerialPort("/dev/does-not-exist")
    plain = tmp_path / "file"
    plain.write_text("")
    with pytest.raises(LinkError, match="cannot be opened"):
        SerialPort(str(plain))


def test_write_to_one_who_does_not_read(pair: Any) -> None:
    transport, _ = pair
    begin = time.monotonic()
    with pytest.raises(LinkTimeout, match=r"bytes not taken in 0\.2 s"):
        transport.write(bytes(1 << 23), 0.2)
    assert time.monotonic() - begin < 2


def test_large_write(terminal: Any) -> None:
    path, master, _ = terminal
    data = bytes(range(256)) * 64
    got = bytearray()

    def read() -> None:
        while len(got) < len(data):
            got.extend(os.read(master, 1000))

    with SerialPort(path) as port:
        reader = threading.Thread(target=read)
        reader.start()
        port.write(data, 10)
        reader.join(10)
    assert got == data


def test_socket_that_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with SocketTransport.connect("127.0.0.1", port) as transport:
            peer, _ = server.accept()
            peer.sendall(b"hi")
            assert transport.read(9, 1) == b"hi"
            peer.close()
            with pytest.raises(BoardGone):
                transport.read(9, 1)
    with pytest.raises(LinkError, match=f"127.0.0.1:{port}"):
        SocketTransport.connect("127.0.0.1", port)


def test_counting(pair: Any) -> None:
    transport, theirs = pair
    counting = Counting(transport)
    theirs.sendall(b"abc")
    counting.read(2, 1)
    counting.read(2, 1)
    counting.write(b"12345", 1)
    assert (counting.bytes_in, counting.bytes_out, counting.writes) == (3, 5, 1)


def test_shareable(pair: Any) -> None:
    transport, theirs = pair
    stack = Throttle(Faulty(transport, Faults(), 3), 1_000_000)
    twin = pickle.loads(pickle.dumps(shareable(stack)))
    assert isinstance(twin.inner.inner, FdTransport) and twin.name == "pair"
    theirs.sendall(b"x")
    assert twin.read(1, 1) == b"x"

    class Nothing:
        name = "nothing"

    with pytest.raises(LinkError, match="no descriptor"):
        shareable(Nothing())


@pytest.mark.parametrize("kind", ["drop", "repeat", "corrupt"])
def test_fault_rates(pair: Any, kind: Any) -> None:
    transport, theirs = pair
    faulty = Faulty(transport, Faults(**{kind: 0.01}), seed=1)
    sent = bytes(20000)
    faulty.write(sent, 5)
    theirs.setblocking(False)
    got = b""
    try:
        while True:
            got += theirs.recv(1 << 16)
    except BlockingIOError:
        pass
    longer, changed = len(got) - len(sent), len(got) - got.count(0)
    count = {"drop": -longer, "repeat": longer, "corrupt": changed}[kind]
    assert 140 < count < 260
    assert (longer == 0) == (kind == "corrupt") and (changed == 0) == (kind != "corrupt")


def test_everything_dropped_is_silence(pair: Any) -> None:
    transport, theirs = pair
    theirs.sendall(b"abc")
    with pytest.raises(LinkTimeout):
        Faulty(transport, Faults(drop=1.0)).read(10, 0.1)


def test_delay(pair: Any) -> None:
    transport, theirs = pair
    faulty = Faulty(transport, Faults(delay=1.0, delay_s=0.05))
    theirs.sendall(b"ab")
    begin = time.monotonic()
    assert faulty.read(10, 1) == b"ab"
    assert 0.08 < time.monotonic() - begin < 1


@pytest.mark.parametrize("way", ["in", "out"])
def test_throttle_is_a_line(pair: Any, way: Any) -> None:
    transport, theirs = pair
    line = Throttle(transport, 115200)
    data = bytes(3000)
    begin = time.monotonic()
    if way == "out":
        line.write(data, 5)
    else:
        theirs.sendall(data)
        got = 0
        while got < len(data):
            got += len(line.read(1 << 16, 1))
    took = time.monotonic() - begin
    assert took >= len(data) * 10 / 115200 * 0.99


def test_record_read_and_play(tmp_path: Path) -> None:
    log = tmp_path / "link.jsonl"
    with fake_board() as (transport, _), Recorder(transport, log) as recorder:
        channel = Channel(recorder, print, nonce=5)
        channel.open(3)
        answers = [channel.ask(init_server(), 3), channel.ask(get_global("add"), 3)]
    entries = read_log(log)
    assert {entry.way for entry in entries} == {"in", "out"}
    told = "\n".join(explain(entries))
    for what in ("terminate", "start_init 01", "start_reply 01", "normal init_server", "return"):
        assert what in told, told
    with Player(log) as player:
        channel = Channel(player, print, nonce=5)
        channel.open(3)
        assert [channel.ask(init_server(), 3), channel.ask(get_global("add"), 3)] == answers
        with pytest.raises(LinkError):
            channel.ask(get_global("count"), 1)
        assert isinstance(player, Transport)


def test_explain_damage() -> None:
    lines = list(
        explain(
            [
                Entry(0, "in", b"boot\r\n\xff\xfd\x03\0\0\0onexx"),
                Entry(1, "in", b"\xff\xfd\3\0\0\0one\x58\xf4\xff\xfd\0\0\0\0\x83D"),
            ]
        )
    )
    assert [line[11:] for line in lines] == [
        "<- bad crc",
        "<- 6 bytes outside of frames",
        "<- 6f6e type 101 ",
        "<- 0 bytes, too short for a message",
    ]


@pytest.mark.parametrize("text", ["x\n", "{}\n", '{"t":0,"way":"up","data":""}\n', "[1]\n", "\xe9"])
def test_foreign_log(tmp_path: Path, text: Any) -> None:
    path = tmp_path / "log"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(LinkError):
        read_log(path)
    with pytest.raises(LinkError):
        read_log(tmp_path / "missing")


def test_log_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text('{"t": 0, "way": "in", "data": "00"}\n{"t": 1, "wa')
    assert read_log(path) == [Entry(0, "in", b"\0")]


FAULTS = [
    Faults(**{kind: rate})
    for kind in ("drop", "repeat", "corrupt", "delay")
    for rate in (0.0005, 0.01)
] + [Faults(drop=0.002, repeat=0.002, corrupt=0.002, delay=0.002)]


def test_starts_have_nonces_of_their_own() -> None:
    starts = set()
    channel = Channel(Player("/dev/null"), print)
    for _ in range(64):
        session = Session()
        session.initialize(channel._next_nonce())
        session.start()
        starts.add(session.id)
    assert len(starts) == 64 and 0 not in starts


def attempts(bridge: Any, count: Any) -> Iterator[Any]:
    """Call a function, connecting again after each failure; yield whether it was right."""
    client = None
    for number in range(count):
        begin = time.monotonic()
        try:
            if client is None:
                client = RawClient(bridge.port)
            assert client.call("add", number, 1 << 40) == number + (1 << 40)
            yield True
        except Remote as error:
            assert str(error).startswith(("LinkTimeout: ", "LinkError: "))
            if client is not None:
                client.leave()
                assert bridge.free.wait(5)
            client = None
            yield False
        assert time.monotonic() - begin < 15


@pytest.mark.slow
@pytest.mark.parametrize("faults", FAULTS, ids=str)
def test_bad_link_gives_right_values_or_errors(faults: Any) -> None:
    quick = Timeouts(call=0.3, start=0.8, frame=0.1)
    with (
        fake_board() as (transport, _),
        Bridge(Faulty(transport, faults, seed=7), timeouts=quick) as bridge,
    ):
        right = list(attempts(bridge, 30 if faults in FAULTS[::2] else 5))
    rates = faults.drop + faults.repeat + faults.corrupt
    assert any(right) or rates > 0.001
    assert not all(right) or rates == 0
