# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The transport: bytes both ways, and a firmware that never outlives its server."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import time
import tty
from pathlib import Path

import pytest
from fake_sources import Build, RawClient, children, ends, generate


def to_text(data: bytes) -> str:
    """Bytes as TVM's client sends them."""
    return str(base64.b85encode(data), "utf-8")


def read(client: RawClient, count: int) -> bytes:
    """Exactly `count` bytes."""
    data = b""
    while len(data) < count:
        reply = client.call("read_transport", n=count - len(data), timeout_sec=5.0)
        data += base64.b85decode(reply["data"])
    return data


@pytest.mark.slow
def test_both_ways(built: Build) -> None:
    with RawClient(built()) as client:
        reply = client.call("open_transport", options={})
        assert set(reply) == {"timeouts", "stream"}
        assert reply["timeouts"] == {
            "session_start_retry_timeout_sec": 2.0,
            "session_start_timeout_sec": 10.0,
            "session_established_timeout_sec": 300.0,
        }
        assert reply["stream"]["path"].startswith("/dev/")
        assert reply["stream"]["baudrate"] == 115200
        every_byte = bytes(range(256))
        for data in (b"\xff\xfd\x03\x04\x11\x13\r\n", every_byte, b"x"):
            assert client.call("write_transport", data=to_text(data), timeout_sec=5.0) is None
            assert read(client, len(data)) == data
        assert client.call("close_transport")["ended"] is None
        assert client.call("close_transport") == {"ended": None, "output": []}


def test_large_write(built: Build) -> None:
    """More than a pseudo-terminal buffers: the writer has to wait for nobody."""
    data = os.urandom(3000)
    with RawClient(built()) as client:
        client.call("open_transport", options={})
        client.call("write_transport", data=to_text(data), timeout_sec=5.0)
        assert read(client, len(data)) == data


@pytest.mark.slow
def test_time_out(built: Build) -> None:
    with RawClient(built()) as client:
        client.call("open_transport", options={})
        for seconds in (0, 0.3):
            start = time.monotonic()
            error = client.fail("read_transport", n=1, timeout_sec=seconds)
            assert error["message"] == "IoTimeoutError" and error["code"] == -32000
            assert seconds <= time.monotonic() - start < seconds + 2


@pytest.mark.slow
def test_write_time_out(built: Build) -> None:
    with RawClient(built("FAKE_HANG")) as client:
        client.call("open_transport", options={})
        error = client.fail("write_transport", data=to_text(bytes(200_000)), timeout_sec=0.3)
        assert error["message"] == "IoTimeoutError"


def test_not_open(built: Build) -> None:
    with RawClient(built()) as client:
        for _ in range(2):
            error = client.fail("read_transport", n=1, timeout_sec=None)
            assert error["message"] == "TransportClosedError"
            client.call("open_transport", options={})
            client.call("close_transport")


def test_open_twice(built: Build) -> None:
    with RawClient(built()) as client:
        client.call("open_transport", options={})
        assert "open already" in client.fail("open_transport", options={})["message"]


def test_two_projects_at_once(built: Build) -> None:
    with RawClient(built()) as one, RawClient(built()) as other:
        paths = [c.call("open_transport", options={})["stream"]["path"] for c in (one, other)]
        assert paths[0] != paths[1]
        for client, data in ((one, b"one"), (other, b"other")):
            client.call("write_transport", data=to_text(data), timeout_sec=5)
        assert read(other, 5) == b"other" and read(one, 3) == b"one"


def test_not_built(template: Path, archive: Path, tmp_path: Path) -> None:
    generate(template, archive, tmp_path / "p")
    with RawClient(tmp_path / "p") as client:
        error = client.fail("open_transport", options={})
    assert (
        "does not exist" in error["message"] and error["data"]["hint"] == "build the project first"
    )


def test_no_emulator(built: Build, tmp_path: Path) -> None:
    project = shutil.copytree(built(), tmp_path / "p")
    board = project / "boards/posix/board.json"
    data = json.loads(board.read_text())
    data["run"]["command"] = ["qemu-system-nothing"]
    board.write_text(json.dumps(data))
    with RawClient(project) as client:
        error = client.fail("open_transport", options={})
    assert error["message"].startswith("qemu-system-nothing: cannot be started")
    assert error["data"]["hint"] == "install it, or add its folder to PATH"


def test_emulator_without_firmware(built: Build, tmp_path: Path) -> None:
    project = shutil.copytree(built(), tmp_path / "p")
    board = project / "boards/posix/board.json"
    data = json.loads(board.read_text())
    data["run"]["command"] = ["cat", "{build}/zephyr/zephyr.elf"]
    board.write_text(json.dumps(data))
    with RawClient(project) as client:
        error = client.fail("open_transport", options={})
    assert error["data"]["hint"] == "build the project first"


@pytest.mark.slow
def test_firmware_that_exits(built: Build) -> None:
    with RawClient(built("FAKE_EXIT=3")) as client:
        error = client.fail("open_transport", options={})
    assert error["message"] == "firmware ended with exit code 3 before it named its port"
    assert "no luck today" in error["data"]["detail"]


@pytest.mark.slow
def test_firmware_that_says_nothing(built: Build) -> None:
    project = built("FAKE_SILENT")
    board = project / "boards/posix/board.json"
    data = json.loads(board.read_text())
    data["run"]["start_timeout_sec"] = 0.5
    board.write_text(json.dumps(data))
    with RawClient(project) as client:
        error = client.fail("open_transport", options={})
        assert error["message"] == "firmware named no port in 0.5 s"
        assert not children(client.process.pid)


@pytest.mark.slow
def test_firmware_that_crashes(built: Build) -> None:
    with RawClient(built("FAKE_CRASH")) as client:
        client.call("open_transport", options={})
        client.call("write_transport", data=to_text(b"x"), timeout_sec=5)
        error = client.fail("read_transport", n=1, timeout_sec=5)
        assert error["message"] == "TransportClosedError"
        assert error["data"]["what"] == "firmware was ended by SIGSEGV"
        assert "about to crash" in error["data"]["detail"]
        result = client.call("close_transport")
        assert result["ended"] == "firmware was ended by SIGSEGV"
        # And it comes back.
        client.call("open_transport", options={})
        client.call("close_transport")


@pytest.mark.slow
@pytest.mark.parametrize("macros", ["", "FAKE_HANG"])
@pytest.mark.parametrize("how", ["close", "pipe", "SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"])
def test_firmware_ends(built: Build, macros: str, how: str) -> None:
    """Also if it hangs, and whatever happens to the server."""
    client = RawClient(built(macros))
    client.call("open_transport", options={})
    client.call("write_transport", data=to_text(b"x"), timeout_sec=5)
    (firmware,) = children(client.process.pid)
    if how == "close":
        client.call("close_transport")
    elif how == "pipe":
        client.close()
    else:
        client.process.send_signal(getattr(signal, how))
        client.process.wait(10)
    assert ends(firmware)
    client.close()


def test_client_gone_during_a_read(built: Build) -> None:
    client = RawClient(built())
    client.call("open_transport", options={})
    (firmware,) = children(client.process.pid)
    request = {"method": "read_transport", "params": {"n": 1, "timeout_sec": None}, "id": 1}
    client.send(json.dumps({"jsonrpc": "2.0", **request}).encode() + b"\n")
    time.sleep(0.2)
    assert client.close() == 0
    assert ends(firmware)


@pytest.fixture
def serial_project(template: Path, archive: Path, tmp_path: Path) -> Path:
    """A project whose board is a serial port of this machine."""
    project = tmp_path / "p"
    generate(template, archive, project)
    board = project / "boards/posix/board.json"
    data = json.loads(board.read_text())
    data["run"] = None
    data["console"] = {"kind": "serial", "usb": ["1366:1015"], "baudrate": 57600}
    board.write_text(json.dumps(data))
    return project


def test_serial_port(serial_project: Path) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    with RawClient(serial_project) as client:
        options = {"port": os.ttyname(slave), "baudrate": "9600"}
        stream = client.call("open_transport", options=options)["stream"]
        assert stream == {"kind": "serial", "path": os.ttyname(slave), "baudrate": 9600}
        client.call("write_transport", data=to_text(b"to the board"), timeout_sec=5)
        assert os.read(master, 100) == b"to the board"
        os.write(master, b"and back")
        assert read(client, 8) == b"and back"
        os.close(slave)
        os.close(master)
        error = client.fail("read_transport", n=1, timeout_sec=5)
        assert "the board is gone" in error["data"]["what"]


def test_options_of_create_are_defaults_of_open(
    template: Path, archive: Path, tmp_path: Path
) -> None:
    """The port of a board, say: given once, and another one when it is opened."""
    generate(template, archive, tmp_path / "p", port="/dev/no-such-port", baudrate="9600")
    board = tmp_path / "p" / "boards/posix/board.json"
    data = json.loads(board.read_text())
    data["run"] = None
    data["console"] = {"kind": "serial", "usb": ["1366:1015"], "baudrate": 57600}
    board.write_text(json.dumps(data))
    with RawClient(tmp_path / "p") as client:
        for given, path in (({}, "/dev/no-such-port"), ({"port": "/dev/null"}, "/dev/null")):
            stream = client.call("open_transport", options=given)["stream"]
            assert stream == {"kind": "serial", "path": path, "baudrate": 9600}
            client.call("close_transport")


def test_no_such_port(serial_project: Path) -> None:
    with RawClient(serial_project) as client:
        client.call("open_transport", options={"port": "/dev/no-such-port"})
        error = client.fail("read_transport", n=1, timeout_sec=1)
        assert "/dev/no-such-port: cannot be opened" in error["message"]
        client.call("close_transport")
        client.call("open_transport", options={"port": "/dev/null", "baudrate": 12345})
        assert "12345 baud" in client.fail("read_transport", n=1, timeout_sec=1)["message"]
