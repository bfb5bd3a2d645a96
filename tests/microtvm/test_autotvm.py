# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""AutoTVM tunes kernels on posix, real firmware, with counters; and survives bad candidates."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tvm.micro", reason="TVM 0.18 with tvm.micro is not importable")

import cloudpickle
import psutil
import tvm
from tvm import autotvm, te
from tvm.autotvm.measure import MeasureErrorNo
from tvm.relay.backend import Runtime
from tvm.rpc.server import Server
from tvm.rpc.tracker import Tracker
from zephyr_counters.errors import UsageError
from zephyr_counters.microtvm.autotvm import LocalRunner, MeasureResult, RPCRunner, load

pytestmark = pytest.mark.microtvm

# AutoTVM's processes cannot import a test.
cloudpickle.register_pickle_by_value(sys.modules[__name__])

TARGET = tvm.target.Target("c")
CASES = ["plain", "trap", "undefined", "refused", "last", "hang"]
TILES = [32, 8]
INPUTS, OUTPUTS = 16, 32
NUMBER, REPEAT = 3, 4


@autotvm.template("zc_test/add")  # type: ignore[untyped-decorator]
def add(length: Any) -> Any:
    """Add 1 to each number, in a way that works or in one that does not."""
    config = autotvm.get_config()
    config.define_knob("case", CASES)
    config.add_flop(length)
    case = config["case"].val
    if case == "refused":
        config.raise_error("this one is refused")
    source = te.placeholder((length,), name="source")

    def body(inputs: Any, outputs: Any) -> Any:
        code = tvm.tir.ir_builder.create()
        numbers, sums = code.buffer_ptr(inputs[0]), code.buffer_ptr(outputs[0])
        if case == "trap":
            sums[0] = numbers[-(2**29)]
        if case == "undefined":
            code.emit(tvm.tir.call_extern("int32", "nobody_defines_this"))
        if case == "hang":
            with code.while_loop(numbers[0] > -1e38):
                sums[0] = numbers[0]
        with code.for_range(0, length) as index:
            sums[index] = numbers[index] + 1.0
        return code.get()

    result = te.extern((length,), [source], body, name="result", dtype="float32")
    return te.create_schedule(result.op), [source, result]


@autotvm.template("zc_test/matmul")  # type: ignore[untyped-decorator]
def matmul() -> Any:
    """A row of int8 by a matrix, on the mac-array, in jobs of `tile` outputs."""
    config = autotvm.get_config()
    config.define_knob("tile", TILES)
    config.add_flop(2 * INPUTS * OUTPUTS)
    tile = config["tile"].val
    row = te.placeholder((INPUTS,), name="row", dtype="int8")
    matrix = te.placeholder((OUTPUTS, INPUTS), name="matrix", dtype="int8")
    words = [1, 1, 1, INPUTS, 1, 1, tile, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1, INPUTS, 0, 0, 1]
    words += [0, 0, 1, 0, 0, -128, 127, INPUTS, OUTPUTS]

    def body(inputs: Any, outputs: Any) -> Any:
        code = tvm.tir.ir_builder.create()
        job = code.allocate("int32", len(words), "job")
        constants = {"bias": 0, "multiplier": 2**30, "shift": 40}
        arrays = {name: code.allocate("int32", tile, name) for name in constants}
        for index, word in enumerate(words):
            job[index] = word
        for name, array in arrays.items():
            with code.for_range(0, tile) as index:
                array[index] = constants[name]
        with code.for_range(0, OUTPUTS // tile) as first:
            pointers = [
                inputs[0].access_ptr("r"),
                inputs[1].access_ptr("r", offset=first * tile * INPUTS),
                *(array.asobject().data for array in arrays.values()),
                outputs[0].access_ptr("w", offset=first * tile),
            ]
            call = tvm.tir.call_extern("int32", "mac_array_run", job.asobject().data, *pointers)
            code.emit(call)
        return code.get()

    result = te.extern((OUTPUTS,), [row, matrix], body, name="result", dtype="int8")
    return te.create_schedule(result.op), [row, matrix, result]


def task(name: Any, *args: Any) -> Any:
    return autotvm.task.create(f"zc_test/{name}", args=args, target=TARGET)


def tune(one: Any, runner: Any, first: Any, last: Any, *callbacks: Any) -> Any:
    """Measure candidates `first` to `last` of a task; returns what the callbacks of TVM's see."""
    builder = autotvm.LocalBuilder(
        n_parallel=1,
        build_func=tvm.micro.autotvm_build_func,
        runtime=Runtime("crt", {"system-lib": True}),
        timeout=60,
    )
    measured: list[Any] = []
    tuner = autotvm.tuner.GridSearchTuner(one, (first, last))
    tuner.tune(
        last - first + 1,
        autotvm.measure_option(builder, runner),
        callbacks=[
            lambda _, inputs, results: measured.extend(zip(inputs, results, strict=True)),
            *callbacks,
        ],
    )
    return tuner, measured


@dataclass
class Tuned:
    """A tuner that is done, what it measured, and its log."""

    tuner: autotvm.tuner.Tuner
    measured: list[Any]
    log: Path

    def of(self, case: Any) -> Any:
        return self.measured[CASES.index(case)][1]


def firmwares() -> Any:
    """Processes of firmware under this one."""
    return [
        one.cmdline()
        for one in psutil.Process().children(recursive=True)
        if one.status() != psutil.STATUS_ZOMBIE and one.name() == "firmware"
    ]


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All cases but the one that hangs."""
    path = tmp_path_factory.mktemp("autotvm") / "log.json"
    runner = LocalRunner(
        counters=["host-cycles:*", "host-clock:*"],
        number=NUMBER,
        repeat=REPEAT,
        timeout=60,
        cooldown_interval=0,
    )
    last = CASES.index("last")
    tuner, measured = tune(
        task("add", 256), runner, 0, last, autotvm.callback.log_to_file(str(path))
    )
    assert firmwares() == []
    return Tuned(tuner, measured, path)


@pytest.mark.parametrize("case", ["plain", "last"])
def test_a_candidate_has_counters_for_each_repeat(tuned: Any, case: Any) -> None:
    result = tuned.of(case)
    assert isinstance(result, MeasureResult)
    assert result.error_no == MeasureErrorNo.NO_ERROR
    assert len(result.counters) == REPEAT
    for repeat in result.counters:
        assert set(repeat) == {"host-cycles:cycles", "host-clock:time", "host-clock:cpu-time"}
        assert repeat.calls == NUMBER
        assert repeat.doubts == {}
        assert repeat["host-clock:time"] == pytest.approx(
            repeat.totals["host-clock:time"] / NUMBER, rel=1e-12
        )
        # ns, the cost of measuring taken off, against the evaluator's seconds.
        assert 0 < repeat["host-clock:time"] < repeat.seconds * 1e9 * 1.5 + 1000
        assert repeat["host-cycles:cycles"] > 0


def test_costs_are_the_seconds_without_the_extremes(tuned: Any) -> None:
    result = tuned.of("plain")
    seconds = sorted(repeat.seconds for repeat in result.counters)
    assert list(result.costs) == seconds[1:-1]


def test_a_candidate_that_traps_gives_an_error_and_the_next_runs(tuned: Any) -> None:
    result = tuned.of("trap")
    assert result.error_no == MeasureErrorNo.RUNTIME_DEVICE
    assert "the board stopped while the candidate ran" in str(result.costs[1])
    assert getattr(result, "counters", []) == []
    assert tuned.of("last").error_no == MeasureErrorNo.NO_ERROR


def test_a_firmware_that_does_not_build_says_why(tuned: Any) -> None:
    result = tuned.of("undefined")
    assert result.error_no == MeasureErrorNo.COMPILE_DEVICE
    assert "nobody_defines_this" in str(result.costs[1])


def test_a_candidate_that_tvm_refuses_keeps_its_error(tuned: Any) -> None:
    result = tuned.of("refused")
    assert result.error_no == MeasureErrorNo.INSTANTIATION_ERROR
    assert "this one is refused" in str(result.costs[1])


def test_the_log_has_it_all(tuned: Any) -> None:
    loaded = [result for _, result in load(tuned.log)]
    assert [one.error_no for one in loaded] == [one.error_no for _, one in tuned.measured]
    for (_, measured), again in zip(tuned.measured, loaded, strict=True):
        assert again.counters == getattr(measured, "counters", [])
    stock = autotvm.record.load_from_file(tuned.log)
    assert [one.config["case"].val for one, _ in stock] == CASES[: len(loaded)]


def test_tuners_take_the_results(tuned: Any) -> None:
    assert tuned.tuner.best_config["case"].val in {"plain", "last"}
    assert tuned.tuner.best_measure_pair[1].counters
    inputs, results = zip(*tuned.measured, strict=True)
    for kind in (autotvm.tuner.XGBTuner, autotvm.tuner.GATuner):
        other = kind(task("add", 256))
        other.next_batch(5)
        other.update(list(inputs), list(results))


def test_an_accelerator_s_counters_tell_candidates_apart() -> None:
    runner = LocalRunner(
        counters=["mac-array:*"], number=2, repeat=2, timeout=60, cooldown_interval=0
    )
    _, measured = tune(task("matmul"), runner, 0, len(TILES) - 1)
    for tile, (_, result) in zip(TILES, measured, strict=True):
        assert result.error_no == MeasureErrorNo.NO_ERROR, result.costs
        assert len(result.counters) == 2
        for repeat in result.counters:
            assert repeat["mac-array:jobs"] == OUTPUTS // tile
            assert repeat["mac-array:macs"] == INPUTS * OUTPUTS
            assert repeat["mac-array:bytes-out"] == OUTPUTS
            log = repeat["mac-array:job-log"]
            assert len(log) == 2 * OUTPUTS // tile
            assert {(job["kind"], *job["output"]) for job in log} == {("matmul", 1, 1, tile)}
            busy = sum(job["cycles"] for job in log)
            assert repeat.totals["mac-array:busy-cycles"] == busy
    whole, tiled = (result.counters[0]["mac-array:busy-cycles"] for _, result in measured)
    assert whole < tiled


def test_counters_are_for_one_call_however_many_a_repeat_takes() -> None:
    runner = LocalRunner(
        counters=["mac-array:*[!g]", "host-clock:time"], number=2, repeat=2, min_repeat_ms=3,
        timeout=60, cooldown_interval=0,
    )  # fmt: skip
    _, ((_, result),) = tune(task("matmul"), runner, 0, 0)
    assert result.error_no == MeasureErrorNo.NO_ERROR, result.costs
    assert list(result.costs) == [repeat.seconds for repeat in result.counters]
    for repeat in result.counters:
        assert "mac-array:job-log" not in repeat
        assert repeat.calls > 2
        assert repeat.calls * repeat.seconds >= 3e-3
        assert repeat["host-clock:time"] == pytest.approx(repeat.seconds * 1e9, rel=0.05)
        for name, value in {"jobs": 1, "macs": INPUTS * OUTPUTS, "bytes-out": OUTPUTS}.items():
            assert repeat[f"mac-array:{name}"] == value
            calls = repeat.spans.get(f"mac-array:{name}", repeat.calls)
            assert repeat.totals[f"mac-array:{name}"] == value * calls


def test_a_candidate_that_hangs_runs_into_the_time_out() -> None:
    runner = LocalRunner(counters=["cycles"], number=1, repeat=1, timeout=10, cooldown_interval=0)
    _, ((_, result),) = tune(task("add", 64), runner, *[CASES.index("hang")] * 2)
    assert result.error_no == MeasureErrorNo.RUN_TIMEOUT
    assert firmwares() == []


def test_a_counter_that_nobody_has_stops_the_tuning() -> None:
    runner = LocalRunner(counters=["host-cycles:cycle"], timeout=60)
    with pytest.raises(UsageError, match="no counter matches 'host-cycles:cycle'") as caught:
        tune(task("add", 64), runner, 0, 1)
    assert "host-cycles:cycles" in str(caught.value)


def test_counters_come_over_a_tracker() -> None:
    tracker = Tracker(port=19190, port_end=19290, silent=True)
    server = Server(
        port=19291, port_end=19390, key="zc", silent=True, tracker_addr=("127.0.0.1", tracker.port)
    )
    try:
        runner = RPCRunner(
            "zc", "127.0.0.1", tracker.port,
            counters=["host-cycles:cycles"], number=1, repeat=2, timeout=60, n_parallel=1,
        )  # fmt: skip
        _, ((_, result),) = tune(task("add", 64), runner, 0, 0)
        assert result.error_no == MeasureErrorNo.NO_ERROR, result.costs
        assert [set(repeat) for repeat in result.counters] == [{"host-cycles:cycles"}] * 2
    finally:
        server.terminate()
        tracker.terminate()
