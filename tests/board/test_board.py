# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Board: TVM's own client, the bridge, a pseudo-terminal and the real firmware."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from link_fault import Faults, Faulty
from link_fixtures import QUICK, TinyProject, fake_board
from link_record import Recorder, explain, read_log
from zephyr_counters.board.board import Board, Timeouts
from zephyr_counters.board.remote_error import message
from zephyr_counters.errors import BoardError, LinkError, LinkTimeout, UsageError
from zephyr_counters.link.transports.transport import BoardGone

from bench.throttle import Throttle

tvm = pytest.importorskip("tvm")


@pytest.fixture(scope="module")
def shared() -> Iterator[Any]:
    """A board that no test leaves broken."""
    with Board(TinyProject(), timeouts=QUICK) as board:
        yield board


def int32(*values: Any) -> Any:
    """A vector that the tiny model's kernels take."""
    return np.array(values, "int32")


def test_tensors_have_checksums(shared: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damage that the CRC-16 of a frame misses: an error, and the input before stays."""
    shared.set_input(0, int32(1, 2, 3, 4))
    shared.run()
    tensor = shared.tensor

    def damaged(array: Any) -> Any:
        array = array.copy()
        array.view("uint8").flat[5] ^= 0x10
        return tensor(array)

    with monkeypatch.context() as patch:
        patch.setattr(shared, "tensor", damaged)
        with pytest.raises(BoardError, match=r"model\.set_input: .*damaged on its way"):
            shared.set_input(0, int32(5, 6, 7, 8))
    shared.run()
    assert shared.get_output(0).sum() == 30
    monkeypatch.setattr(shared, "array", lambda remote: remote.numpy() ^ 1)
    with pytest.raises(LinkError, match="output 0 was damaged on its way"):
        shared.get_output(0)


def test_tensors_both_ways(shared: Any) -> None:
    for shape, dtype in [((65536,), "uint8"), ((3, 5), "float32"), ((1,), "int64"), ((7,), "int8")]:
        array = np.random.default_rng(1).integers(-100, 100, shape).astype(dtype)
        tensor = shared.tensor(array)
        np.testing.assert_array_equal(shared.array(tensor), array)
    scalar = shared.array(shared.tensor(np.array(16000, "int64")))
    assert (scalar.shape, int(scalar)) == ((), 16000)


def test_only_escapes(shared: Any) -> None:
    array = np.full(65536, 255, "uint8")
    np.testing.assert_array_equal(shared.array(shared.tensor(array)), array)


def test_run_the_model(shared: Any) -> None:
    shared.set_input(0, int32(1, 2, 3, 4))
    shared.run()
    np.testing.assert_array_equal(shared.get_output(1), [3, 6, 9, 12])
    assert shared.get_output(0).sum() == 30


def test_call_a_kernel_as_stock_tvm_does(shared: Any) -> None:
    device = shared.rpc.cpu(0)
    library = shared.rpc.system_lib()
    x, bias = shared.tensor(int32(1, 2, 3, 4)), shared.tensor(int32(10, 20, 30, 40))
    y = tvm.runtime.empty((4,), "int32", device)
    library["scale"](x, bias, y)
    np.testing.assert_array_equal(shared.array(y), [12, 24, 36, 48])
    result = library.time_evaluator("scale", device, number=10, repeat=3)(x, bias, y)
    assert len(result.results) == 3 and min(result.results) > 0


def test_board_error_names_the_function_and_the_session_goes_on(shared: Any) -> None:
    with pytest.raises(BoardError, match=r"model\.get_output: "):
        shared.call("model.get_output", 9)
    with pytest.raises(BoardError, match=r"no\.such\.function"):
        shared.call("no.such.function")
    with pytest.raises(BoardError, match="copying a tensor") as full:
        shared.tensor(np.zeros(10_000_000, "uint8"))
    arena = shared.catalog().limits.arena_bytes
    assert f"--project-option arena_size_bytes={arena + 10_000_000}" in full.value.hint
    with pytest.raises(BoardError, match=r"packet too large: \d+ bytes, and the board takes \d+"):
        shared.call("hwcnt.select", bytes(100_000))
    with pytest.raises(UsageError):
        shared.call("model.run", {"a": 1})
    assert int(shared.call("tvm.rpc.server.GetCRTMaxPacketSize")) > 1000


def test_counts_of_the_wire(shared: Any) -> None:
    shared.call("tvm.rpc.server.GetCRTMaxPacketSize")
    before = shared.bytes_in, shared.bytes_out
    shared.call("tvm.rpc.server.GetCRTMaxPacketSize")
    assert 20 < shared.bytes_in - before[0] < 100
    assert 20 < shared.bytes_out - before[1] < 100


def test_functions_are_asked_for_once(shared: Any) -> None:
    assert shared.function("model.run") is shared.function("model.run")


def test_second_board_on_the_same_port(shared: Any) -> None:
    from zephyr_counters.link.transports.serial_port import SerialPort

    with pytest.raises(LinkError, match=rf"in use by process {os.getpid()} \("):
        SerialPort(shared.name)


def test_remote_objects_outlive_the_session() -> None:
    project = TinyProject()
    with Board(project, timeouts=QUICK) as board:
        tensor = board.tensor(int32(1, 2, 3, 4))
        function = board.rpc.get_function("model.run")
        board.reconnect()
        del tensor, function
        board.run()
        kept = board.tensor(int32(5))
    assert project.starts == 1
    del kept
    with pytest.raises(LinkError, match="not connected"):
        board.run()
    board.close()


@pytest.mark.slow
def test_board_killed_in_the_middle_of_a_call_comes_back() -> None:
    project = TinyProject()
    with Board(project, timeouts=Timeouts(call=20, start=3, frame=1)) as board:
        board.set_input(0, int32(1, 2, 3, 4))
        counted = board.bytes_in
        process = project.process
        process.send_signal(signal.SIGSTOP)
        timer = threading.Timer(0.5, process.kill)
        timer.start()
        begin = time.monotonic()
        with pytest.raises(LinkError, match="the board is gone"):
            board.run()
        assert time.monotonic() - begin < 5
        with pytest.raises(LinkError, match="the board is gone"):
            board.run()
        board.reconnect()
        assert project.starts == 2
        board.set_input(0, int32(1, 1, 1, 1))
        board.run()
        np.testing.assert_array_equal(board.get_output(1), [3, 4, 5, 6])
        assert board.bytes_in > counted


@pytest.mark.slow
def test_board_that_hangs_is_a_timeout_and_comes_back() -> None:
    project = TinyProject()
    with Board(project, timeouts=Timeouts(call=0.5, start=2, frame=0.5)) as board:
        board.set_input(0, int32(1, 2, 3, 4))
        project.process.send_signal(signal.SIGSTOP)
        begin = time.monotonic()
        with pytest.raises(LinkTimeout, match=r"no answer to .* in 0\.5 s"):
            board.run()
        assert time.monotonic() - begin < 2
        project.process.send_signal(signal.SIGCONT)
        # The late answer is there by now, and belongs to no session any more.
        board.reconnect()
        assert project.starts == 1
        board.set_input(0, int32(0, 0, 0, 0))
        board.run()
        np.testing.assert_array_equal(board.get_output(1), [1, 2, 3, 4])


def test_how_a_board_ended_is_told() -> None:
    with fake_board() as (transport, process), Board(transport, timeouts=QUICK) as board:
        transport.ending = lambda: "exited with status 3"  # type: ignore[attr-defined]
        process.kill()
        with pytest.raises(BoardGone, match="fake board: the board is gone: exited with status 3"):
            board.call("add", 1)
        with pytest.raises(BoardGone):
            board.reconnect()


@pytest.mark.slow
def test_patience() -> None:
    with fake_board() as (transport, _):
        with Board(transport, timeouts=Timeouts(call=0.3, start=3)) as board:
            with board.patience(5):
                assert board.call("sleep", 600) == 600
            with pytest.raises(LinkTimeout, match=r"in 0\.3 s"):
                board.call("sleep", 600)
        with pytest.raises(LinkError), board.patience(1):
            pass


def test_reconnect_at_once_and_again() -> None:
    with fake_board() as (transport, _), Board(transport, timeouts=QUICK) as board:
        for number in range(20):
            board.reconnect()
            assert board.call("add", number) == number


@pytest.mark.slow
def test_interrupted_call_ends_the_session() -> None:
    with fake_board() as (transport, _), Board(transport, timeouts=QUICK) as board:
        assert board.call("add", 1, 2) == 3
        main = threading.get_ident()
        threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            board.call("sleep", 2000)
        assert time.monotonic() - began < 1.5
        with pytest.raises(LinkError, match="not connected"):
            board.call("add", 3, 4)
        board.reconnect()
        assert board.call("add", 3, 4) == 7


def test_logs() -> None:
    lines: list[str] = []
    with (
        fake_board() as (transport, _),
        Board(transport, timeouts=QUICK, on_log=lines.append) as board,
    ):
        board.call("log", 3)
        assert board.bytes_in
    assert lines == ["line 0", "line 1", "line 2"]


@pytest.mark.slow
def test_no_board_at_all() -> None:
    import socket

    from zephyr_counters.link.transports.tcp import SocketTransport

    ours, theirs = socket.socketpair()
    with theirs, SocketTransport(ours, "deaf") as transport:
        begin = time.monotonic()
        with pytest.raises(LinkTimeout, match="no answer to a session start in 1 s"):
            Board(transport, timeouts=Timeouts(start=1))
        assert time.monotonic() - begin < 4


def test_record_of_a_link(tmp_path: Path) -> None:
    log = tmp_path / "link.jsonl"
    project = TinyProject(lambda inner: Recorder(inner, log))
    with Board(project, timeouts=QUICK) as board:
        board.run()
    told = "\n".join(explain(read_log(log)))
    assert "normal call_func" in told and "start_reply 01" in told


def run_once(board: Any, values: Any) -> Any:
    """Set an input, run, and return both outputs."""
    board.set_input(0, int32(*values))
    board.run()
    return board.get_output(0).sum(), board.get_output(1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["drop", "repeat", "corrupt", "delay"])
@pytest.mark.parametrize("rate", [0.0005, 0.01])
def test_bad_link_gives_right_values_or_errors(kind: Any, rate: Any) -> None:
    faults = Faults(**{kind: rate})
    quick = Timeouts(call=0.3, start=0.8, frame=0.1)
    right = []
    project = TinyProject(lambda inner: Faulty(inner, faults, seed=project.starts))
    board = None
    rng = np.random.default_rng(3)
    for _ in range(8):
        values = rng.integers(-1000, 1000, 4)
        begin = time.monotonic()
        try:
            if board is None:
                board = Board(project, timeouts=quick)
            total, scaled = run_once(board, values)
            np.testing.assert_array_equal(scaled, 2 * values + [1, 2, 3, 4])
            assert total == scaled.sum()
            right.append(True)
        except LinkError:
            right.append(False)
            if board is not None:
                board.close()
            board = None
        assert time.monotonic() - begin < 15
    if board is not None:
        board.close()
    assert any(right) or rate == 0.01
    assert all(right) or kind != "delay"


def test_wire_is_used_well(shared: Any) -> None:
    array = np.random.default_rng(5).integers(0, 256, 65536, "uint8")
    shared.tensor(array[:1])
    counts = [shared.bytes_in + shared.bytes_out]
    tensor = shared.tensor(array)
    counts.append(shared.bytes_in + shared.bytes_out)
    shared.array(tensor)
    counts.append(shared.bytes_in + shared.bytes_out)
    # Both directions add up, as one waits for the other.
    assert array.size / (counts[1] - counts[0]) > 0.97
    assert array.size / (counts[2] - counts[1]) > 0.97


@pytest.mark.slow
def test_slow_line() -> None:
    project = TinyProject(lambda inner: Throttle(inner, 1_000_000))
    array = np.random.default_rng(5).integers(0, 256, 30000, "uint8")
    with Board(project) as board:
        np.testing.assert_array_equal(board.array(board.tensor(array)), array)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RPCError: Error caught from RPC call:\nwhat: it", "what: it"),
        (
            "RPCError: Error caught from RPC call:\nRPCError: Error caught from RPC call:\nx",
            "x",
        ),
        ("Traceback..\nRPCError: Error caught from RPC call:\nx\nStack trace:\n 0: y", "x"),
        ("plain", "plain"),
    ],
)
def test_message_without_noise(text: Any, said: Any) -> None:
    assert message(text) == said
