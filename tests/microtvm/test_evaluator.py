# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A stock time_evaluator records counters; hwcnt.* stand in the registry of TVM's C runtime."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tvm.micro", reason="TVM 0.18 with tvm.micro is not importable")

import numpy as np
import tvm
import tvm.micro
from microtvm_fixtures import BOARDS, IMAGE, Terminal
from tvm.contrib import graph_executor
from zephyr_counters import microtvm
from zephyr_counters.blob import Origin, decode_catalog, decode_records
from zephyr_counters.blob.selection import Selection
from zephyr_counters.errors import BoardError

pytestmark = [pytest.mark.microtvm, pytest.mark.timeout(900)]

SOFTMAX = "tvmgen_default_fused_nn_softmax"


def select(board: Any, provider: Any, counter: int = 0) -> None:
    """Measure one counter from now on."""
    names = [one.name for one in board.catalog().providers]
    board.select(Selection(False, ((names.index(provider), (counter,)),)))


def records_of(board: Any) -> Any:
    """What was recorded since it was last asked."""
    blob = decode_records(bytes(board.call("hwcnt.take")))
    assert blob.dropped == blob.remaining == 0
    return blob.records


def tensors(session: Any) -> Any:
    """Arguments of a softmax."""
    data = tvm.nd.array(np.zeros((1, 10), "float32"), session.device)
    return data, tvm.nd.empty((1, 10), "float32", session.device)


@pytest.mark.parametrize("board", BOARDS)
def test_a_record_for_every_repeat(board: Any, sessions: Any) -> None:
    session, _, _ = sessions(board)
    device = microtvm.RpcBoard(session)
    clock = device.catalog().clock_hz
    select(device, "kernel-cycles" if board != "posix" else "host-cycles")
    lib = session.get_system_lib()
    evaluator = lib.time_evaluator(SOFTMAX, session.device, number=3, repeat=4)
    results = evaluator(*tensors(session)).results
    records = records_of(device)
    assert [one.repetition for one in records] == [0, 1, 2, 3]
    assert {(one.origin, one.tag) for one in records} == {(Origin.FUNCTION, 1)}
    for record, seconds in zip(records, results, strict=True):
        assert record.ticks / clock / 3 == pytest.approx(seconds, rel=1e-9)
    # A second evaluator is told apart from the first, and nothing is sent twice.
    lib.time_evaluator(SOFTMAX, session.device, number=1, repeat=1)(*tensors(session))
    assert [(one.tag, one.repetition) for one in records_of(device)] == [(2, 0)]


def test_only_the_last_try_of_a_repeat_is_recorded(sessions: Any) -> None:
    session, _, _ = sessions("posix")
    device = microtvm.RpcBoard(session)
    select(device, "host-cycles")
    evaluator = session.get_system_lib().time_evaluator(
        SOFTMAX, session.device, number=1, repeat=3, min_repeat_ms=5
    )
    results = evaluator(*tensors(session)).results
    records = records_of(device)
    assert [one.repetition for one in records] == [0, 1, 2]
    clock = device.catalog().clock_hz
    for record, seconds in zip(records, results, strict=True):
        assert record.ticks / clock >= 5e-3
        calls = record.ticks / clock / seconds
        assert calls == pytest.approx(round(calls), rel=1e-6)
        assert calls > 100


@pytest.mark.parametrize("board", BOARDS)
def test_regions_of_the_host(board: Any, sessions: Any) -> None:
    session, here, _ = sessions(board)
    module = graph_executor.create(here.graph, session.get_system_lib(), session.device)
    module.set_input("x", IMAGE)
    device = microtvm.RpcBoard(session)
    select(device, {"posix": "host-cycles", "native_sim": "host-clock"}.get(board, "kernel-cycles"))
    device.call("hwcnt.begin", 77)
    module.run()
    device.call("hwcnt.end")
    (record,) = records_of(device)
    assert (record.origin, record.tag) == (Origin.USER, 77)
    assert record.values[0] > 0
    # Simulated time stands still while native_sim computes.
    assert record.ticks > 0 or board == "native_sim"


def test_bytes_come_back_as_bytes(sessions: Any) -> None:
    session, _, _ = sessions("posix")
    data = session._rpc.get_function("hwcnt.catalog")()
    assert isinstance(data, bytearray)
    part = session._rpc.get_function("hwcnt.catalog")(len(data) - 10)
    assert bytes(part).startswith(bytes(data[-10:]))
    catalog = decode_catalog(microtvm.RpcBoard(session).whole("hwcnt.catalog"))
    assert "host-cycles" in [one.name for one in catalog.providers]


@pytest.mark.parametrize(
    ("name", "args", "says"),
    [
        ("hwcnt.select", [b"\xff"], "selection"),
        ("hwcnt.select", [5], "takes bytes"),
        ("hwcnt.begin", [-1], "one number, up to: 4294967295"),
        ("hwcnt.begin", [2**32], "one number, up to: 4294967295"),
        ("hwcnt.begin", [], "one number, up to: 4294967295"),
        ("hwcnt.end", [], "no region"),
        ("hwcnt.end", [1], "no argument"),
        ("hwcnt.take", ["a"], "one number, up to: 4294967295"),
        ("hwcnt.catalog", [-1], "one number"),
        ("hwcnt.catalog", ["a"], "one number"),
        ("model.profile", [1], "no executor"),
        ("model.profile", [65536], "one number, up to: 65535"),
    ],
)
def test_what_the_device_refuses(name: Any, args: Any, says: Any, sessions: Any) -> None:
    session, _, _ = sessions("posix")
    device = microtvm.RpcBoard(session)
    with pytest.raises(BoardError, match=says):
        device.call(name, *(bytearray(one) if isinstance(one, bytes) else one for one in args))
    assert device.catalog().providers


BROKEN_OFF = """
import os, sys
import tvm.micro
from microtvm_fixtures import Terminal
from test_evaluator import select
from zephyr_counters import microtvm
device = microtvm.RpcBoard(tvm.micro.Session(Terminal(sys.argv[1])).__enter__())
select(device, "host-cycles")
device.call("hwcnt.begin", 1)
device.call("hwcnt.begin", 2)
os._exit(0)
"""


def test_a_session_that_breaks_off_inside_a_measurement(built: Any) -> None:
    """The next one finds a board that measures, and what was open is told from what was done."""
    firmware = subprocess.Popen(
        [built("posix", "graph").folder / "build" / "firmware"],
        stdin=subprocess.PIPE,  # at whose end it ends
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert firmware.stdout is not None
        path = firmware.stdout.readline().split()[-1]
        command = [sys.executable, "-c", BROKEN_OFF, path]
        search = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        environment = {**os.environ, "PYTHONPATH": search}
        subprocess.run(command, check=True, env=environment, timeout=120)
        with tvm.micro.Session(Terminal(path)) as session:
            device = microtvm.RpcBoard(session)
            device.catalog()
            assert {(one.origin, one.tag, one.unfinished) for one in records_of(device)} == {
                (Origin.USER, 1, True),
                (Origin.USER, 2, True),
            }
            report = microtvm.measure_function(
                session, session.get_system_lib(), SOFTMAX, tensors(session),
                counters=["host-cycles:cycles"], repeat=2,
            )  # fmt: skip
            assert len(report.rows) == 1
            assert records_of(device) == ()
    finally:
        firmware.kill()
        firmware.wait()


@pytest.mark.parametrize("board", BOARDS)
def test_sessions_one_after_the_other(board: Any, sessions: Any) -> None:
    for _ in range(2):
        session, _, _ = sessions(board)
        assert microtvm.RpcBoard(session).catalog().providers
