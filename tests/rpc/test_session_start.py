# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Why no session starts: each reason has its own message.

Fakes that send what a broken setup would, and the posix firmware behind a fake UART, which passes
bytes at one baud rate and spoils them at others.
"""

from __future__ import annotations

import os
import select
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from link_fixtures import RawClient, Remote, TinyProject
from zephyr_counters.link.transports.serial_port import SerialPort
from zephyr_counters.link.transports.transport import Transport
from zephyr_counters.link.wire.session import Session
from zephyr_counters.rpc.bridge import Bridge, Timeouts

SHORT = Timeouts(call=3, start=1, frame=1)


@contextmanager
def pty() -> Iterator[tuple[int, str]]:
    """The descriptor that a fake board holds, and the path of its port."""
    master, slave = os.openpty()
    tty.setraw(slave)
    path = os.ttyname(slave)
    try:
        yield master, path
    finally:
        os.close(slave)
        os.close(master)


@contextmanager
def babble(fd: int, data: bytes) -> Iterator[None]:
    """Send `data` again and again."""
    end = threading.Event()

    def send() -> None:
        while not end.wait(0.05):
            if select.select([], [fd], [], 0)[1]:
                os.write(fd, data)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def why(path: str, baud: int = 115200) -> str:
    """What a client of the board at `path` is told."""
    with (
        SerialPort(path, baud) as port,
        Bridge(port, timeouts=SHORT) as bridge,
        pytest.raises(Remote) as error,
    ):
        RawClient(bridge.port)
    return str(error.value)


@pytest.mark.slow
def test_silence() -> None:
    with pty() as (_, path):
        told = why(path)
    assert told.startswith(f"LinkTimeout: {path}: no answer to a session start in 1 s, not a byte")
    assert "that the project was flashed" in told


@pytest.mark.slow
def test_another_program() -> None:
    with pty() as (fd, path), babble(fd, b"thread_a: Hello World from cpu 0!\r\n"):
        told = why(path)
    assert "another program runs on the board" in told
    assert "prints 'thread_a: Hello World from cpu 0!'" in told
    assert "tvmc micro flash" in told


@pytest.mark.slow
@pytest.mark.parametrize("data", [b"\x00\xe0\x80\xfc\x1c\x00\xff", b"\xff\xfd\x00\x00\xff\x80"])
def test_garbage(data: bytes) -> None:
    """Such as from another baud rate, with and without what looks like a frame's start."""
    with pty() as (fd, path), babble(fd, data):
        told = why(path)
    assert "bytes came, but no frame" in told and "baudrate=N" in told


@pytest.mark.slow
def test_frames_but_no_session() -> None:
    with pty() as (fd, path), babble(fd, Session().log(b"here I am")):
        told = why(path)
    assert "although frames came" in told and "reset the board" in told


class FakeUart(threading.Thread):
    """A port before a firmware's own, that carries bytes at one baud rate, or at any."""

    def __init__(self, fd: int, firmware: Transport, rate: int | None) -> None:
        super().__init__()
        self.fd, self.firmware, self.rate = fd, firmware, rate
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            ready, _, _ = select.select([self.fd, self.firmware.fileno()], [], [], 0.05)
            for source in ready:
                data = os.read(source, 4096)
                speed = termios.tcgetattr(self.fd)[4]
                if self.rate and speed != getattr(termios, f"B{self.rate}"):
                    data = bytes(byte & 0xE0 for byte in data)
                os.write(self.firmware.fileno() if source == self.fd else self.fd, data)


@contextmanager
def behind_uart(rate: int) -> Iterator[str]:
    """The port of the real firmware at that rate."""
    with pty() as (fd, path), TinyProject().open_transport() as firmware:
        uart = FakeUart(fd, firmware, rate)
        uart.start()
        try:
            yield path
        finally:
            uart.stop.set()
            uart.join()


@pytest.mark.slow
@pytest.mark.parametrize(("board", "port"), [(115200, 921600), (9600, 57600)])
def test_another_baud_rate(board: int, port: int) -> None:
    with behind_uart(board) as path:
        told = why(path, port)
        assert f"{path}: the board answers at {board} baud, not at {port}" in told
        assert f"baudrate={board}" in told
        with SerialPort(path, board) as right, Bridge(right, timeouts=SHORT) as bridge:
            assert RawClient(bridge.port).call("tvm.rpc.server.GetCRTMaxPacketSize") > 0


@pytest.mark.slow
def test_board_that_boots_late() -> None:
    """On a wire without a rate, as a pseudo-terminal is, it answers at any: that is no error."""
    with pty() as (fd, path), TinyProject().open_transport() as firmware:
        uart = FakeUart(fd, firmware, None)
        timer = threading.Timer(1.3, uart.start)
        with SerialPort(path) as port, Bridge(port, timeouts=SHORT) as bridge:
            timer.start()
            try:
                assert RawClient(bridge.port).call("tvm.rpc.server.GetCRTMaxPacketSize") > 0
            finally:
                timer.join()
                uart.stop.set()
                uart.join()
