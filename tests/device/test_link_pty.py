# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The firmware of the posix port, behind its pseudo-terminal."""

from __future__ import annotations

import os
import subprocess
import termios
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import device_build
import pytest
import rpc_client as rpc
from rpc_client import TIMEOUT
from stream_client import PtyClient


@pytest.fixture(scope="module")
def firmware(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if reason := device_build.why_not("plain"):
        pytest.skip(reason)
    port = [*device_build.PORT, device_build.POSIX / "link/pty.c"]
    port.append(device_build.ROOT / "project_template" / "src" / "main.c")
    return device_build.compile_c(
        tmp_path_factory.mktemp("firmware") / "firmware",
        [*port, device_build.TESTS / "tiny_model.c", *device_build.DEVICE],
        config={"PACKET_SIZE": 8192, "ARENA_SIZE": 262144},
    )


@pytest.fixture
def board(firmware: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    process = subprocess.Popen(
        [firmware], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    path = process.stdout.readline().decode()
    assert path.endswith("\n")
    yield process, path.strip()
    process.communicate(timeout=TIMEOUT)


def test_ends_with_standard_input(board: tuple[subprocess.Popen[bytes], str]) -> None:
    process, _ = board
    _, errors = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0 and errors == b""


def test_terminal_passes_every_byte(board: tuple[subprocess.Popen[bytes], str]) -> None:
    _, path = board
    port = os.open(path, os.O_RDWR | os.O_NOCTTY)
    mode = termios.tcgetattr(port)
    os.close(port)
    assert not mode[tty.OFLAG] & termios.OPOST
    assert not mode[tty.IFLAG] & (termios.ICRNL | termios.IXON | termios.ISTRIP)
    assert not mode[tty.LFLAG] & (termios.ECHO | termios.ICANON | termios.ISIG)
    with PtyClient(path) as client:
        every = bytes(range(256)) * 4
        target = client.alloc((len(every),), (1, 8, 1))
        client.put(target, every)
        assert client.get(target, len(every)) == every


def test_clients_come_and_go(board: tuple[subprocess.Popen[bytes], str]) -> None:
    process, path = board
    for _ in range(5):
        with PtyClient(path) as client:
            assert client.call("model.run") is None
        time.sleep(0.02)
        assert process.poll() is None


def test_client_that_leaves_in_the_middle(board: tuple[subprocess.Popen[bytes], str]) -> None:
    process, path = board
    with PtyClient(path) as client:
        packet = rpc.u32(rpc.CALL) + rpc.u64(client.function("model.run")) + rpc.sequence()
        client.write(b"\xff\xfd" + rpc.u32(len(packet)) + packet[:5])
    with PtyClient(path) as client:
        assert client.call("model.run") is None
        assert client.logs == ["frame dropped: cut short"]
    assert process.poll() is None


def test_ends_although_nobody_reads(board: tuple[subprocess.Popen[bytes], str]) -> None:
    """More output than a terminal holds waits; the end of standard input still ends it."""
    process, path = board
    with PtyClient(path) as client:
        big = client.alloc((200000,), (0, 8, 1))
        for _ in range(3):
            client.send(rpc.u32(rpc.COPY_FROM) + big.packed() + rpc.u64(200000))
        time.sleep(0.2)
        process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0


def test_large_tensor_both_ways(board: tuple[subprocess.Popen[bytes], str]) -> None:
    _, path = board
    content = os.urandom(65536)
    with PtyClient(path) as client:
        whole = client.alloc((len(content),), (1, 8, 1))
        for offset in range(0, len(content), 4096):
            part = rpc.Tensor(whole.address, whole.shape, whole.type, offset)
            client.put(part, content[offset : offset + 4096])
        assert client.get(whole, len(content)) == content
