# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of the link share: a fake board, and a small RPC client without TVM."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from zephyr_counters.link.transports.serial_port import SerialPort
from zephyr_counters.link.transports.tcp import SocketTransport
from zephyr_counters.link.transports.transport import Transport
from zephyr_counters.link.transports.wrapper import Owned
from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.bridge import Timeouts
from zephyr_counters.rpc.bridge_process import _environment

HERE = Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"
QUICK = Timeouts(call=3.0, start=3.0, frame=0.3)
MAIN = """
#include <zephyr_counters/link.h>
int main(void) { return zc_link_serve() != 0; }
"""
CMAKE = """
cmake_minimum_required(VERSION 3.20)
project(tiny C)
add_executable(firmware main.c "{root}/tests/device/tiny_model.c")
include("{root}/zephyr_module/ports/posix/posix.cmake")
zc_posix_add(firmware)
"""


class Remote(Exception):
    """An exception packet came; holds its text."""


class RawClient:
    """Speaks TVM RPC to a bridge, with a time-out on everything."""

    def __init__(self, port: int, key: str = "", begin: bool = True) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), 10)
        self.handles: dict[str, int] = {}
        data = f"client:{key}".encode()
        self.sock.sendall(struct.pack("<ii", rpc_packet.MAGIC, len(data)) + data)
        self.code = struct.unpack("<i", self.take(4))[0]
        if self.code == rpc_packet.MAGIC:
            self.server_key = self.take(struct.unpack("<i", self.take(4))[0]).decode()
            if begin:
                self.ask(rpc_packet.init_server())

    def take(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        data = b""
        while len(data) < count:
            part = self.sock.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def ask(self, packet: bytes) -> bytes:
        """Send a packet, return the answer."""
        self.sock.sendall(packet)
        size = self.take(8)
        answer = size + self.take(struct.unpack("<Q", size)[0])
        text = rpc_packet.exception_text(answer)
        if text is not None:
            raise Remote(text)
        return answer

    def call(self, name: str, *args: int) -> int | None:
        """Call a function of integers."""
        if name not in self.handles:
            answer = self.ask(rpc_packet.get_global(name))
            self.handles[name] = rpc_packet.returned_handle(answer)
        packed = b"".join(struct.pack("<iq", 1, arg) for arg in args)
        rest = struct.pack("<Qi", self.handles[name], len(args)) + packed
        return rpc_packet.returned_int(self.ask(rpc_packet.packet(rpc_packet.Code.CALL_FUNC, rest)))

    def leave(self) -> None:
        """As TVM's client does."""
        self.sock.sendall(rpc_packet.packet(rpc_packet.Code.SHUTDOWN))
        self.sock.close()


@contextmanager
def fake_board() -> Iterator[tuple[SocketTransport, subprocess.Popen[bytes]]]:
    """A transport to a fake board that has started, and its process."""
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, str(HERE / "link_fake_board.py"), str(theirs.fileno())],
        pass_fds=(theirs.fileno(),),
        env=_environment() | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
    )
    theirs.close()
    # On a busy machine Python takes longer to start than QUICK waits for a session.
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    transport = SocketTransport(ours, "fake board")
    try:
        yield transport, process
    finally:
        transport.close()
        process.stdout.close()
        process.wait(10)


def firmware() -> Path:
    """Build the posix firmware with the tiny model; the path of the program.

    ZC_TEST_FIRMWARE names one that is built already.
    """
    path, problem = _build_firmware()
    if problem:
        pytest.fail(problem)
    return path


@functools.cache
def _build_firmware() -> tuple[Path, str]:
    """The path, and why there is nothing at it."""
    if "ZC_TEST_FIRMWARE" in os.environ:
        return Path(os.environ["ZC_TEST_FIRMWARE"]), ""
    if shutil.which("cc") is None:
        pytest.skip("no C compiler (cc)")
    where = Path(tempfile.mkdtemp(prefix="zc-firmware-"))
    atexit.register(shutil.rmtree, where, ignore_errors=True)
    root = HERE.parents[1]
    has_main = (root / "zephyr_module" / "ports" / "posix" / "main.c").exists()
    (where / "main.c").write_text("typedef int nothing;" if has_main else MAIN)
    (where / "CMakeLists.txt").write_text(CMAKE.format(root=root))
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    commands: tuple[list[str | Path], ...] = (
        ["cmake", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-S", where, "-B", where],
        ["cmake", "--build", where],
    )
    for command in commands:
        done = subprocess.run(
            command, env={**os.environ, "PATH": tools}, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            return where, f"the firmware does not build:\n{done.stdout}{done.stderr}"
    return where / "firmware", ""


class TinyProject:
    """What Board and Server need of a project: starts the firmware, again and again."""

    def __init__(self, wrap: Callable[[Transport], Transport] = lambda inner: inner) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.starts = 0
        self.wrap = wrap

    def open_transport(self) -> Owned:
        """Start it."""
        process = subprocess.Popen(
            [firmware()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.process = process
        self.starts += 1
        assert process.stdin is not None and process.stdout is not None
        path = process.stdout.readline().strip()

        def end() -> None:
            process.kill()
            process.communicate()

        return Owned(self.wrap(SerialPort(path)), end)
