# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Serving among clients, trackers and boards that misbehave."""

from __future__ import annotations

import resource
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from link_fixtures import QUICK, RawClient, Remote, TinyProject, fake_board
from zephyr_counters.cli.main import main
from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.bridge import Bridge
from zephyr_counters.rpc.server import Server
from zephyr_counters.rpc.tracker import Tracker

SIZE = "tvm.rpc.server.GetCRTMaxPacketSize"


@contextmanager
def serving(target: object, **options: object) -> Iterator[tuple[Server, threading.Thread]]:
    """A server that runs in a thread; it must still run at the end."""
    stop = threading.Event()
    with Server(target, timeouts=QUICK, port=0, **options) as server:
        thread = threading.Thread(target=server.run, args=(stop,))
        thread.start()
        try:
            yield server, thread
            assert thread.is_alive()
        finally:
            stop.set()
            server.bridge.changed.set()
            thread.join(10)


def wait_for(condition: Any, timeout: float) -> float:
    """Seconds until the condition holds."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < timeout
        time.sleep(0.02)
    return time.monotonic() - begin


@pytest.mark.slow
def test_an_idle_board_that_died_is_started_before_a_client_pays_for_it() -> None:
    project = TinyProject()
    with serving(project, key="k"):
        project.process.kill()
        assert wait_for(lambda: project.starts == 2, 10) < 2.5


@pytest.mark.slow
def test_any_failure_to_start_again_is_retried(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("zephyr_counters.rpc.server._RETRY_S", 0.2)
    failures = [ProjectError("the build folder is gone"), OSError(28, "No space"), KeyError("x")]

    class Failing(TinyProject):
        def open_transport(self) -> Any:
            if self.starts and failures:
                raise failures.pop(0)
            return super().open_transport()

    project = Failing()
    with serving(project, key="k") as (server, _):
        project.process.kill()
        wait_for(lambda: project.starts == 2 and not server.bridge.lost.is_set(), 20)
        assert RawClient(server.port, "k").call(SIZE) > 1000
    assert "the build folder is gone" in caplog.text and not failures


@pytest.mark.slow
@pytest.mark.parametrize("timeout", ["nan", "inf", "-inf", "1e300", "-1", "0", "x", "1e-400"])
def test_a_session_time_out_that_is_none(timeout: Any) -> None:
    with fake_board() as (transport, _), Bridge(transport, timeouts=QUICK, key="k") as bridge:
        client = RawClient(bridge.port, f"k -timeout={timeout}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        time.sleep(0.5)
        assert client.call("add", 1, 2) == 3
        assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 0.4


@pytest.mark.slow
@pytest.mark.parametrize(
    "answers",
    [
        [b"0", b"0", b"5", b"5"],
        [b"0", b"0", b"null"],
        [b"0", b"0", b"[" * 100_000],
        [b"[" * 100_000],
        [b"\xff"],
        [b"0", b"0", b"{}"],
        [b"0", b"0", b'"text"'],
        [b'"\x1b[31m' + b"x" * 500 + b'"'],
    ],
)
def test_a_tracker_that_answers_nonsense_does_not_end_serve(
    answers: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zephyr_counters.rpc.server._PING_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                    peer.sendall(peer.recv(4))
                    for text in answers:
                        peer.recv(struct.unpack("<i", peer.recv(4))[0])
                        peer.sendall(struct.pack("<i", len(text)) + text)
                    peer.recv(4)
                    peer.close()
                except (OSError, struct.error):
                    return

        threading.Thread(target=answer, daemon=True).start()
        with (
            fake_board() as (transport, _),
            serving(transport, key="k", tracker=listener.getsockname()),
        ):
            wait_for(lambda: "trying again" in caplog.text, 10)
            time.sleep(0.5)
        assert "\x1b" not in caplog.text and len(caplog.messages[0]) < 500


def test_a_key_is_valid_before_the_tracker_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that the tracker sends at once is let in."""
    asked: list[bool] = []

    def ask(self: Tracker, *what: object) -> object:
        if what[0] == 3:
            asked.append(self.match in server.bridge.matches)
        return 0

    monkeypatch.setattr(Tracker, "_ask", ask)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=lambda: listener.accept()[0].sendall(struct.pack("<i", 0x2F271)), daemon=True
        ).start()
        with fake_board() as (transport, _):
            server = Server(transport, port=0, key="k", tracker=listener.getsockname())
            with server:
                server._keep_offered(listener.getsockname())
    assert asked == [True]


@pytest.mark.slow
def test_an_idle_client_has_to_leave() -> None:
    with (
        fake_board() as (transport, _),
        Bridge(transport, timeouts=QUICK, key="k", idle_timeout=0.5) as bridge,
    ):
        client = RawClient(bridge.port, "k")
        for _ in range(4):
            time.sleep(0.3)
            assert client.call("add", 1, 2) == 3
        assert bridge.free.wait(3)
        with pytest.raises(Remote, match=r"no request came in 0.5 s"):
            client.call("add", 1, 2)
        assert RawClient(bridge.port, "k").call("add", 2, 2) == 4


def test_a_client_without_the_token_gets_nothing() -> None:
    with (
        fake_board() as (transport, _),
        Bridge(transport, timeouts=QUICK, key="k", tokens=["secret", "other"]) as bridge,
    ):
        for key in ("k", "k:", "k:wrong", "secret", "k:secret2", ""):
            assert RawClient(bridge.port, key).code == rpc_packet.MAGIC_MISMATCH
        for key in ("k:secret", "k:other"):
            client = RawClient(bridge.port, key)
            assert client.call("add", 1, 2) == 3
            client.leave()
            assert bridge.free.wait(5)


def test_tokens_do_not_go_with_a_tracker() -> None:
    with pytest.raises(UsageError, match="a tracker gives the board to every client"):
        Server(object(), tokens=["x"], tracker=("127.0.0.1", 1))


@pytest.mark.slow
def test_connections_are_bounded(caplog: pytest.LogCaptureFixture) -> None:
    with fake_board() as (transport, _), Bridge(transport, timeouts=QUICK, key="k") as bridge:
        opened = [socket.create_connection(("127.0.0.1", bridge.port)) for _ in range(80)]
        wait_for(lambda: "clients are connected" in caplog.text, 5)
        assert threading.active_count() < 60
        for one in opened:
            one.close()
        time.sleep(0.5)
        assert RawClient(bridge.port, "k").call("add", 1, 2) == 3


def test_ipv6_in_brackets() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6")
    with fake_board() as (transport, _):
        try:
            bridge = Bridge(transport, host="[::1]", timeouts=QUICK)
        except UsageError as error:
            pytest.skip(f"no IPv6 here: {error}")
        with bridge, socket.create_connection(("::1", bridge.port)):
            pass


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--host", "0.0.0.0"], "lets the network use the board without a token"),
        (["--host", "::"], "lets the network use the board without a token"),
        (["--token", "two words"], "without spaces"),
        (["--token-file", "none"], "cannot be read"),
        (["--idle-timeout", "nan"], "is not a positive number of seconds"),
        (["--idle-timeout", "0"], "is not a positive number of seconds"),
    ],
)
def test_options(
    arguments: Any, says: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit):
        raise SystemExit(main(["serve", str(tmp_path), *arguments]))
    assert says in capsys.readouterr().err
