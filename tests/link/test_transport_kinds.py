# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kinds of transport: TCP, and one that an extension brings, from a board's data to its bytes."""

from __future__ import annotations

import base64
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from fake_sources import RawClient, make_archive, make_sources
from fake_tcp import FIRMWARE, TRANSPORT, add_board, add_extension
from zephyr_counters.errors import LinkError, ProjectError, UsageError
from zephyr_counters.formats.board import Board
from zephyr_counters.link import transports
from zephyr_counters.link.transports import tcp
from zephyr_counters.link.transports.transport import BoardGone
from zephyr_counters.project import Project, create

PATTERN = r"^tcp (\S+:\d+)$"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template whose device code listens on a TCP port."""
    return make_sources(tmp_path_factory.mktemp("sources"), FIRMWARE)


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with boards and extensions that are not in the tree."""
    for kind in ("boards", "extensions"):
        (tmp_path / "outside" / kind).mkdir(parents=True)
        monkeypatch.setenv(f"ZEPHYR_COUNTERS_{kind.upper()}", str(tmp_path / "outside" / kind))
    return tmp_path / "outside"


def make(template: Path, folder: Path, board: str) -> Project:
    """A built project for a board."""
    archive = make_archive(folder / "model.tar")
    project = create(template, archive, folder / "project", {"board": board})
    project.build()
    return project


def exchange(project: Project, **options: str) -> None:
    """Bytes both ways, by the host's connection and by that of the project's server."""
    data = os.urandom(3000)
    with project.open_transport(options) as transport:
        transport.write(data, 5)
        got = b""
        while len(got) < len(data):
            got += transport.read(len(data), 5)
        assert got == data
        assert transport.ending() is None
    with RawClient(project.path) as client:
        client.call("open_transport", options=options)
        text = base64.b85encode(b"\xff\xfd hello").decode()
        assert client.call("write_transport", data=text, timeout_sec=None) is None
        got = b""
        while len(got) < 8:
            reply = client.call("read_transport", n=8, timeout_sec=None)
            got += base64.b85decode(reply["data"])
        assert got == b"\xff\xfd hello"
        assert client.fail("read_transport", n=1, timeout_sec=0.2)["message"] == "IoTimeoutError"


@pytest.mark.slow
def test_tcp(template: Path, outside: Path, tmp_path: Path) -> None:
    add_board(outside / "boards", "tcp", console={"kind": "tcp", "pattern": PATTERN})
    exchange(make(template, tmp_path, "tcp"))


@pytest.mark.slow
def test_a_kind_from_an_extension(
    template: Path, outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_board(outside / "boards", "acme", console={"kind": "acme", "pattern": PATTERN})
    add_extension(outside / "extensions", "acme-probe", TRANSPORT)
    project = make(template, tmp_path, "acme")
    # The project has all that it needs, wherever it is.
    shutil.rmtree(outside)
    monkeypatch.delenv("ZEPHYR_COUNTERS_BOARDS")
    monkeypatch.delenv("ZEPHYR_COUNTERS_EXTENSIONS")
    moved = Project.open(project.path.rename(tmp_path / "moved"))
    moved.build()
    exchange(moved)
    exchange(moved, acme_host="localhost")
    with pytest.raises(UsageError, match="'acme_host' is one of open_transport, not of build"):
        moved.build(options={"acme_host": "x"})


def test_unknown_kind(template: Path, outside: Path, tmp_path: Path) -> None:
    add_board(outside / "boards", "pigeon", console={"kind": "pigeon"})
    with pytest.raises(ProjectError, match="no transport of kind 'pigeon'; there are pty, serial"):
        make(template, tmp_path, "pigeon")
    assert not (tmp_path / "project").exists()


@pytest.mark.parametrize(
    ("text", "changes", "message"),
    [
        ("def locate(:", {}, r"acme\.py: cannot be loaded"),
        ("import no_such_module_at_all", {}, "No module named 'no_such_module_at_all'"),
        (TRANSPORT.replace("def connect", "def disconnect"), {}, "needs connect, which it lacks"),
        (TRANSPORT, {"kind": "rtt"}, "its KIND is 'acme', extension.json says 'rtt'"),
        (TRANSPORT, {"file": "absent.py"}, "cannot be loaded"),
        (TRANSPORT.replace('"acme_host", ', '"board", '), {}, "option 'board' exists already"),
        (TRANSPORT.replace('"acme_host", ', '"port", '), {}, "option 'port' exists already"),
    ],
)
def test_damaged_transport(
    template: Path,
    outside: Path,
    tmp_path: Path,
    text: str,
    changes: dict[str, str],
    message: str,
) -> None:
    add_extension(outside / "extensions", "acme-probe", text, **changes)
    with pytest.raises(UsageError, match=message):
        make(template, tmp_path, "posix")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("console", "message"),
    [
        ({"kind": "pty", "pattern": PATTERN}, "'console' does not suit transport 'pty'"),
        ({"kind": "pty", "baudrate": 1}, "a pty console needs 'pattern'"),
        ({"kind": "tcp", "pattern": "tcp (.*):"}, "'127.0.0.1' is not an address"),
        ({"kind": "serial", "baudrate": 1}, "'console' does not suit transport 'serial'"),
    ],
)
def test_damaged_console(
    template: Path, outside: Path, tmp_path: Path, console: dict[str, Any], message: str
) -> None:
    add_board(outside / "boards", "strange", console=console)
    project = make(template, tmp_path, "strange")
    with pytest.raises((ProjectError, UsageError), match=message):
        project.open_transport()


def test_damaged_stream() -> None:
    kind = transports.get("tcp", {})
    for stream in ({}, {"host": "localhost"}, {"host": "localhost", "port": None}):
        with pytest.raises(ProjectError, match="damaged stream"):
            transports.connect(kind, stream)


def test_a_fixed_address() -> None:
    board = Board(Path(), {"name": "far", "console": {"kind": "tcp", "address": "[::1]:5000"}})

    def nothing() -> str:
        raise AssertionError("it runs nothing that could print")

    assert tcp.locate(board, {}, nothing) == {"host": "::1", "port": 5000}
    assert tcp.locate(board, {"address": "h:1"}, nothing) == {"host": "h", "port": 1}
    for address in ("", ":1", "h", "h:", "h:x", "h:99999", "h:-1", "h:٣"):
        with pytest.raises(UsageError, match="is not an address"):
            tcp.split(address)


def test_the_board_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        transport = tcp.connect({"host": host, "port": port})
        server.accept()[0].close()
        with pytest.raises(BoardGone):
            transport.read(1, 5)
        transport.close()
    with pytest.raises(LinkError, match="cannot connect: Connection refused"):
        tcp.connect({"host": host, "port": port})
