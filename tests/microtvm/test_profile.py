# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Profiles of what TVM 0.18 runs on a board: its own Report, a row a layer, a column a counter."""

import re
from typing import Any

import pytest

pytest.importorskip("tvm.micro", reason="TVM 0.18 with tvm.micro is not importable")

import numpy as np
import tvm
import tvm.micro
from microtvm_fixtures import BOARDS, CONV, IMAGE, SHAPE, expected
from tvm.contrib import graph_executor
from tvm.runtime.executor import aot_executor
from zephyr_counters import microtvm
from zephyr_counters.errors import UsageError
from zephyr_counters.link.wire import framing
from zephyr_counters.report.report import Metric

pytestmark = [pytest.mark.microtvm, pytest.mark.timeout(900)]

LAYERS = 6
COUNTER = {"posix": "host-cycles:cycles", "native_sim": "host-clock:time"}
"""One that advances while the board computes; of the others the kernel's cycles."""


def counter_of(board: Any) -> Any:
    return COUNTER.get(board, "kernel-cycles:cycles")


def on_board(session: Any, here: Any) -> Any:
    return graph_executor.create(here.graph, session.get_system_lib(), session.device)


def host_driven(session: Any, here: Any) -> Any:
    return tvm.micro.create_local_debug_executor(
        here.graph, session.get_system_lib(), session.device
    )


def ahead_of_time(session: Any, here: Any) -> Any:
    return aot_executor.AotModule(session.create_aot_executor())


WAYS = {"on-board": on_board, "host-driven": host_driven}


def messages(data: Any) -> Any:
    """How many session messages are in what the host sent."""
    unframer = framing.Unframer()
    found = [one.payload for one in unframer.feed(bytes(data)) if isinstance(one, framing.Packet)]
    return sum(payload[2] == 0x10 for payload in found)


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("way", WAYS)
def test_a_row_a_layer_and_a_column_a_counter(board: Any, way: Any, sessions: Any) -> None:
    session, here, _ = sessions(board)
    module = WAYS[way](session, here)
    name = counter_of(board)
    report = microtvm.profile(session, module, {"x": IMAGE}, counters=[name], repeat=3)
    assert isinstance(report, tvm.runtime.profiling.Report)
    assert len(report.calls) == LAYERS
    names = [str(call["Name"]) for call in report.calls]
    assert CONV in names
    counts = {str(call["Name"]): call[name].value for call in report.calls}
    assert max(counts, key=counts.__getitem__) == CONV
    assert all(call["Duration (us)"].microseconds >= 0 for call in report.calls)
    assert name in report.table()
    assert report.json()


@pytest.mark.parametrize("board", BOARDS)
def test_what_is_measured_is_what_runs(board: Any, sessions: Any) -> None:
    session, here, _ = sessions(board)
    module = on_board(session, here)
    microtvm.profile(session, module, {"x": IMAGE}, repeat=1)
    # Of the last profiled run, not of another.
    np.testing.assert_allclose(module.get_output(0).numpy(), expected(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("board", BOARDS)
def test_a_model_of_the_aot_executor_has_a_row_a_layer(board: Any, sessions: Any) -> None:
    session, here, _ = sessions(board, "aot")
    module = ahead_of_time(session, here)
    name = counter_of(board)
    report = microtvm.measure(session, module, {"x": IMAGE}, counters=[name], repeat=3)
    assert [row.name for row in report.layers] == called(here)
    counts = {row.name: row.statistics(name).median for row in report.layers}
    assert max(counts, key=counts.__getitem__) == CONV
    # What was read in layers was read in the whole, repetition by repetition.
    whole = report.whole.series(name).raw
    assert len(whole) == 3
    for index, value in enumerate(whole):
        inner = int(np.sum([row.series(name).raw[index] for row in report.layers]))
        assert inner > 0 and inner <= value
    np.testing.assert_allclose(module.get_output(0).numpy(), expected(), rtol=1e-4, atol=1e-6)
    # The host can run it as before, which records nothing, and time it as one function.
    module.run()
    np.testing.assert_allclose(module.get_output(0).numpy(), expected(), rtol=1e-4, atol=1e-6)
    one = microtvm.measure(session, module, {"x": IMAGE}, counters=[name], repeat=2, number=2)
    assert [row.name for row in one.rows] == ["model"]


def called(here: Any) -> list[str]:
    """Operators in the order in which the code of TVM calls them."""
    (main,) = [
        text.rpartition("___tvm_main__(")[2]
        for path in (here.folder / "model/codegen/host/src").glob("*.c")
        if "fused_nn_softmax( (TVMValue*)" in (text := path.read_text())
    ]
    return re.findall(r"(tvmgen_default_fused_\w+)\( \(TVMValue", main)


@pytest.mark.parametrize("board", BOARDS)
def test_one_function(board: Any, sessions: Any) -> None:
    session, _, _ = sessions(board)
    lib = session.get_system_lib()
    data = tvm.nd.array(np.zeros((1, 10), "float32"), session.device)
    result = tvm.nd.empty((1, 10), "float32", session.device)
    name = counter_of(board)
    report = microtvm.measure_function(
        session, lib, "tvmgen_default_fused_nn_softmax", [data, result],
        counters=[name], number=4, repeat=3,
    )  # fmt: skip
    (row,) = report.rows
    assert row.calls == 4
    assert len({one.name: one for one in row.counters}[name].values) == 3
    np.testing.assert_allclose(result.numpy(), 0.1, rtol=1e-5)
    as_tvm = microtvm.profile_function(
        session, lib, "tvmgen_default_fused_nn_softmax", [data, result], counters=[name]
    )
    assert isinstance(as_tvm, tvm.runtime.profiling.Report)


def test_collectors_bring_their_counters_and_metrics(sessions: Any) -> None:
    class Rate:
        name = "rate"
        counters = ("host-cycles:cycles",)

        def collect(self, values: Any, context: Any) -> Any:
            cycles = values.get("host-cycles:cycles")
            if cycles is None or not context.seconds:
                return {}
            return {"rate": Metric(cycles / context.seconds / 1e9, "GHz")}

    session, here, _ = sessions("posix")
    report = microtvm.profile(
        session, on_board(session, here), {"x": IMAGE}, [Rate()], counters=["host-clock:time"]
    )
    (conv,) = [call for call in report.calls if str(call["Name"]) == CONV]
    assert conv["host-clock:time"].value > 0
    assert conv["host-cycles:cycles"].value > 0
    assert 0.1 < conv["rate (GHz)"].ratio < 10


def test_on_the_board_all_layers_are_one_call(
    sessions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However slow this machine is, the repetitions after the first fit one call.
    monkeypatch.setattr("zephyr_counters.measure.pace._CHUNK_SECONDS", 3600.0)
    session, here, tapped = sessions("posix")
    module = on_board(session, here)
    counters = ["host-cycles:cycles"]
    few, many = (
        count_of(tapped, lambda n=n: microtvm.measure(session, module, counters=counters, repeat=n))
        for n in (2, 8)
    )
    assert many == few
    board = microtvm.RpcBoard(session)
    board.call("model.profile", 1)
    assert count_of(tapped, lambda: board.call("model.profile", 40)) == 1


def test_host_driven_costs_no_more_calls_than_tvm_needs_for_time_alone(sessions: Any) -> None:
    session, here, tapped = sessions("posix")
    module = host_driven(session, here)
    module.set_input("x", IMAGE)
    stock = count_of(tapped, module.run)
    ours = count_of(
        tapped,
        lambda: microtvm.measure(session, module, counters=["host-cycles:cycles"], repeat=1),
    )
    alone = count_of(tapped, lambda: module.run_individual(1, 1))
    print(f"messages: debug executor {stock}, its times alone {alone}, with counters {ours}")
    assert ours <= stock
    # What a profile adds is the same however many layers there are: catalog, selection, records.
    assert ours - alone <= 11


def count_of(tapped: Any, action: Any) -> Any:
    """Messages that the host sends in an action."""
    first = len(tapped.sent)
    action()
    return messages(tapped.sent[first:])


def test_an_unknown_counter_is_named(sessions: Any) -> None:
    session, here, _ = sessions("posix")
    with pytest.raises(UsageError, match="no counter matches 'cycle-s'"):
        microtvm.profile(session, on_board(session, here), counters=["cycle-s"])


def test_another_executor_is_refused(sessions: Any) -> None:
    session, _, _ = sessions("posix")
    with pytest.raises(UsageError, match="cannot be profiled"):
        microtvm.profile(session, object())


def test_tensors_larger_than_a_packet_cross_whole(sessions: Any) -> None:
    session, _, _ = sessions("posix")
    values = np.random.RandomState(5).rand(*SHAPE, 4).astype("float32")
    there = tvm.nd.array(values, session.device)
    np.testing.assert_array_equal(there.numpy(), values)
