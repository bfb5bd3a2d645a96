# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Serving a board to TVM's own clients, with TVM's own tracker."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from link_fixtures import QUICK, RawClient, Remote, TinyProject, fake_board
from zephyr_counters.errors import LinkError
from zephyr_counters.rpc.server import Server, serve
from zephyr_counters.rpc.tracker import Tracker

# A client has its own process: in ours it would free remote objects while it holds the lock that
# the bridge's threads need.
CLIENT = """
import sys, numpy as np, tvm
from tvm import rpc
session = eval(sys.argv[1])
x = tvm.runtime.tensor(np.array([1, 2, 3, 4], "int32"), device=session.cpu(0))
bias = tvm.runtime.tensor(np.array([10, 20, 30, 40], "int32"), device=session.cpu(0))
y = tvm.runtime.empty((4,), "int32", session.cpu(0))
session.get_function("scale")(x, bias, y)
print(y.numpy().tolist())
evaluator = session.system_lib().time_evaluator("scale", session.cpu(0), number=3, repeat=2)
assert len(evaluator(x, bias, y).results) == 2
"""


def run_client(session: Any) -> Any:
    """Run TVM's client on what `session` evaluates to; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, session], capture_output=True, text=True, timeout=100
    )
    return done.stdout.strip(), done.stderr


@contextmanager
def serving(target: Any, **options: Any) -> Iterator[Any]:
    """A server that runs in a thread."""
    stop = threading.Event()
    with Server(target, timeouts=QUICK, **options) as server:
        thread = threading.Thread(target=server.run, args=(stop,))
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            server.bridge.changed.set()
            thread.join(10)
            assert not thread.is_alive()


@pytest.mark.slow
def test_stock_client() -> None:
    pytest.importorskip("tvm")
    with serving(TinyProject(), port=0) as server:
        for _ in range(2):
            out, errors = run_client(
                f"rpc.connect('127.0.0.1', {server.port}, 'zephyr-counters', session_timeout=60)"
            )
            assert out == "[12, 24, 36, 48]", errors
        out, errors = run_client(f"rpc.connect('127.0.0.1', {server.port}, 'other')")
        assert "cannot find server that matches key" in errors
        first = RawClient(server.port, "zephyr-counters")
        out, errors = run_client(f"rpc.connect('127.0.0.1', {server.port}, 'zephyr-counters')")
        assert "LinkError: the board is in use by 127.0.0.1:" in errors
        first.leave()


def test_board_that_dies_is_started_again() -> None:
    project = TinyProject()
    with serving(project, port=0, key="k") as server:
        client = RawClient(server.port, "k")
        assert client.call("tvm.rpc.server.GetCRTMaxPacketSize") > 1000
        project.process.kill()
        with pytest.raises(Remote, match=r"LinkError: .*the board is gone"):
            client.call("tvm.rpc.server.GetCRTMaxPacketSize")
        end = time.monotonic() + 10
        while server.bridge.lost.is_set() and time.monotonic() < end:
            time.sleep(0.01)
        assert project.starts == 2
        with pytest.raises(Remote, match="the board is gone"):
            client.call("tvm.rpc.server.GetCRTMaxPacketSize")
        client.leave()
        assert server.bridge.free.wait(5)
        assert RawClient(server.port, "k").call("tvm.rpc.server.GetCRTMaxPacketSize") > 1000


def test_board_that_cannot_be_started_again_is_an_error() -> None:
    with fake_board() as (transport, process):
        stop = threading.Event()
        with Server(transport, port=0, key="k", timeouts=QUICK) as server:
            client = RawClient(server.port, "k")
            # Only now: a board that dies earlier, as on a busy machine, fails the client instead.
            kill = threading.Timer(0.2, process.kill)
            give_up = threading.Timer(60, stop.set)
            give_up.daemon = True
            kill.start()
            give_up.start()
            with pytest.raises(LinkError, match="fake board: the board is gone"):
                server.run(stop)
            client.sock.close()
        assert not stop.is_set()


@pytest.mark.slow
def test_serve_until_stopped() -> None:
    with fake_board() as (transport, _):
        stop = threading.Event()
        threading.Timer(0.3, stop.set).start()
        begin = time.monotonic()
        serve(transport, stop=stop, port=0, key="k")
        assert time.monotonic() - begin < 4


@pytest.fixture
def tracker() -> Iterator[Any]:
    """TVM's own tracker, in a process."""
    pytest.importorskip("tvm")
    pytest.importorskip("tornado", reason="TVM's tracker needs tornado")
    code = (
        "import sys; from tvm.rpc.tracker import PopenTrackerServerState as T;"
        "t = T('127.0.0.1', 9390, 9490, silent=True); print(t.port, flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    yield int(process.stdout.readline())
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_stock_tracker(tracker: Any) -> None:
    with serving(TinyProject(), port=0, key="zc", tracker=("127.0.0.1", tracker)) as server:
        for _ in range(3):  # offered again after each client
            out, errors = run_client(f"rpc.connect_tracker('127.0.0.1', {tracker}).request('zc')")
            assert out == "[12, 24, 36, 48]", errors
        # A client that is given the board and does not come: it is offered again.
        with Tracker(("127.0.0.1", tracker), "nobody", (None, 1)) as taker:
            key, match = taker.name, server.bridge.matches[0]
            answer = request(tracker, "zc")
            assert answer[1] == server.port and answer[2].startswith("zc:") and key
            end = time.monotonic() + 20
            while server.bridge.matches[0] in (match, answer[2]) and time.monotonic() < end:
                time.sleep(0.1)
        out, errors = run_client(f"rpc.connect_tracker('127.0.0.1', {tracker}).request('zc')")
        assert out == "[12, 24, 36, 48]", errors


def request(port: Any, key: Any) -> Any:
    """Ask a tracker for a board as a client does; return host, port and match key."""
    with socket.create_connection(("127.0.0.1", port), 20) as sock:
        data = json.dumps([4, key, "", 1]).encode()
        sock.sendall(struct.pack("<i", 0x2F271))
        assert sock.recv(4) == struct.pack("<i", 0x2F271)
        sock.sendall(struct.pack("<i", len(data)) + data)
        reader = sock.makefile("rb")
        return json.loads(reader.read(struct.unpack("<i", reader.read(4))[0]))[1]


def test_tracker_that_comes_later(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with fake_board() as (transport, _):
        with serving(transport, port=0, key="k", tracker=("127.0.0.1", port)):
            time.sleep(0.3)
        assert f"tracker 127.0.0.1:{port}" in caplog.text


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.0 400\r\n\r\n", struct.pack("<i", 0x2F271) + b"\xff" * 8]
)
def test_no_tracker(answer: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reply() -> None:
            peer, _ = listener.accept()
            peer.sendall(answer)
            time.sleep(0.2)
            peer.close()

        threading.Thread(target=reply).start()
        with pytest.raises(LinkError, match="tracker 127"):
            Tracker(listener.getsockname(), "k", (None, 1), timeout=2)
