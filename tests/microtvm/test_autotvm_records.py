# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""AutoTVM's results and log with counters: TVM's own wherever TVM looks at them."""

import copy
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tvm.micro", reason="TVM 0.18 with tvm.micro is not importable")

from tvm import autotvm
from tvm.autotvm import record
from tvm.autotvm.measure import MeasureErrorNo, MeasureInput
from tvm.autotvm.task import ApplyHistoryBest, ConfigEntity
from tvm.target import Target
from zephyr_counters.errors import ArchiveError
from zephyr_counters.microtvm.autotvm import MeasureResult, Repeat, load
from zephyr_counters.microtvm.autotvm.record import CountedConfig, attach

pytestmark = pytest.mark.microtvm

TARGET = Target("c")


def repeats() -> Any:
    return [
        Repeat({"cpu:cycles": 1000, "npu:log": {"jobs": [1, 2]}}, 4, 2.5e-6),
        Repeat(
            {"cpu:cycles": 1001, "os:stack": 96, "cpu:odd": None, "npu:log": {"jobs": []}},
            4,
            2.6e-6,
            {"os:stack": 1},
            {"cpu:odd": "stuck"},
        ),
    ]


def measured(index: int = 1, cost: float = 2.5e-6, counters: Any = None) -> Any:
    config = ConfigEntity.from_json_dict(
        {
            "index": index,
            "code_hash": None,
            "entity": [["tile", "sp", [-1, 2]], ["order", "re", [1, 0]], ["fast", "ot", True]],
        }
    )
    task = autotvm.task.Task("zc_test/records", (4, 8))
    result = MeasureResult(
        (cost,), 0, 1.5, 1700000000.25, counters=repeats() if counters is None else counters
    )
    return MeasureInput(TARGET, task, config), result


def failed() -> Any:
    measure_input, _ = measured(2)
    costs = ("the trace", RuntimeError("it trapped"))
    return measure_input, autotvm.MeasureResult(
        costs, MeasureErrorNo.RUNTIME_DEVICE, 1.0, 1700000001.0
    )


def log(path: Any, *pairs: Any, protocol: str = "json") -> Any:
    """Write records as a tuner does: the runner's `attach`, then TVM's callback."""
    inputs, results = [one[0] for one in pairs], [one[1] for one in pairs]
    attach(inputs, results)
    autotvm.callback.log_to_file(str(path), protocol)(None, inputs, results)
    return inputs, results


def test_counters_are_for_one_call() -> None:
    first, second = repeats()
    assert first == {"cpu:cycles": 250, "npu:log": {"jobs": [1, 2]}}
    assert isinstance(first["cpu:cycles"], int)
    assert second["cpu:cycles"] == 250.25
    assert second["os:stack"] == 96
    assert second["cpu:odd"] is None
    assert second.totals["cpu:cycles"] == 1001
    assert second.doubts == {"cpu:odd": "stuck"}


def test_huge_counts_stay_exact_where_the_calls_divide_them() -> None:
    assert Repeat({"cpu:cycles": 3 * (2**62 + 1)}, 3, 1.0)["cpu:cycles"] == 2**62 + 1


def test_a_result_is_tvm_s_with_four_fields_and_counters() -> None:
    _, result = measured()
    assert isinstance(result, autotvm.MeasureResult)
    costs, error_no, all_cost, timestamp = result
    assert (costs, error_no, all_cost, timestamp) == ((2.5e-6,), 0, 1.5, 1700000000.25)
    assert result.counters == repeats()
    assert isinstance(result.counters, list)
    assert "counters=[{'cpu:cycles': 250" in repr(result)


@pytest.mark.parametrize(
    "again",
    [
        lambda one: pickle.loads(pickle.dumps(one)),
        copy.copy,
        copy.deepcopy,
        lambda one: one._replace(costs=(1.0,)),
    ],
    ids=["pickle", "copy", "deepcopy", "replace"],
)
def test_a_result_keeps_its_counters(again: Any) -> None:
    result = again(measured()[1])
    assert isinstance(result, MeasureResult)
    assert result.counters == repeats()
    assert result.counters[1].totals == repeats()[1].totals
    assert result.counters[1].seconds == 2.6e-6


def test_a_log_brings_the_counters_back(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    log(path, measured(), failed())
    (first_input, first), (_, second) = load(path)
    assert first.counters == repeats()
    assert [one.to_plain() for one in first.counters] == [one.to_plain() for one in repeats()]
    assert first == measured()[1]
    assert str(first_input.config) == str(measured()[0].config)
    assert second.counters == []
    assert second.error_no == MeasureErrorNo.RUNTIME_DEVICE


def test_a_log_written_again_keeps_them(tmp_path: Path) -> None:
    log(tmp_path / "one.json", measured(), failed())
    log(tmp_path / "two.json", *load(tmp_path / "one.json"))
    rows = [json.loads(line) for line in (tmp_path / "two.json").read_text().splitlines()]
    assert rows == [json.loads(line) for line in (tmp_path / "one.json").read_text().splitlines()]


def test_tvm_loads_the_log_as_if_there_were_no_counters(tmp_path: Path) -> None:
    log(tmp_path / "counted.json", measured(), failed())
    log(tmp_path / "plain.json", measured(counters=[]), failed())
    for counted, plain in zip(
        autotvm.record.load_from_file(tmp_path / "counted.json"),
        autotvm.record.load_from_file(tmp_path / "plain.json"),
        strict=True,
    ):
        assert type(counted[1]) is autotvm.MeasureResult
        assert type(counted[0].config) is ConfigEntity
        assert counted[1] == plain[1]
        assert record.measure_str_key(counted[0]) == record.measure_str_key(plain[0])


WITHOUT_US = """
import sys
sys.modules["zephyr_counters"] = None
from tvm import autotvm
from tvm.autotvm import record
(first, _), _ = autotvm.record.load_from_file(sys.argv[1])
again, result = record.decode(open(sys.argv[2]).readline(), "pickle")
print(first.config, again.config, result, sep="\\n")
"""


def test_a_tvm_without_this_package_loads_the_log(tmp_path: Path) -> None:
    log(tmp_path / "log.json", measured(), failed())
    log(tmp_path / "log.pickle", measured(), protocol="pickle")
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_US, tmp_path / "log.json", tmp_path / "log.pickle"],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    first, again, result = ran.stdout.splitlines()
    assert first == again == str(measured()[0].config)
    assert result.startswith("MeasureResult(costs=(2.5e-06,)")


def test_the_best_of_history_is_found(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    log(path, measured(1, 3e-6), measured(3, 1e-6), failed())
    for records in (str(path), load(path), list(load(path))):
        best = ApplyHistoryBest(records)
        (best_input, best_result) = best.best_by_targetkey["cpu", measured()[0].task.workload]
        assert best_input.config.index == 3
        assert best_result.costs == (1e-6,)
        assert best._query_inside(TARGET, best_input.task.workload) is best_input.config


def test_the_best_are_picked(tmp_path: Path) -> None:
    log(tmp_path / "log.json", measured(1, 3e-6), measured(3, 1e-6), failed())
    TARGET_WITH_MODEL = tmp_path / "best.json"
    autotvm.record.pick_best(str(tmp_path / "log.json"), str(TARGET_WITH_MODEL))
    assert [one.config.index for one, _ in load(TARGET_WITH_MODEL)] == [3]


def test_a_counted_configuration_is_tvm_s_own() -> None:
    inputs, results = [measured()[0]], [measured()[1]]
    plain = inputs[0].config
    attach(inputs, results)
    counted = inputs[0].config
    assert isinstance(counted, CountedConfig)
    assert counted.index == plain.index
    assert counted["tile"].size == [-1, 2]
    assert (counted.get_flatten_feature() == plain.get_flatten_feature()).all()
    assert str(counted) == str(plain)
    assert counted.valid()
    assert type(pickle.loads(pickle.dumps(counted))) is ConfigEntity


def test_inputs_that_cannot_be_replaced_are_left_alone() -> None:
    inputs = (measured()[0],)
    attach(inputs, [measured()[1]])
    assert type(inputs[0].config) is ConfigEntity


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda row: "no json", "line 3"),
        (lambda row: json.dumps({**row, "config": 7}), "line 3"),
        (lambda row: json.dumps({**row, "config": {**row["config"], "counters": 7}}), "line 3"),
        (lambda row: _with(row, calls=0), "spans no call"),
        (lambda row: _with(row, seconds="long"), "seconds|float"),
        (lambda row: _with(row, totals=None), "not the counters of a repeat"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, change: Any, says: Any) -> None:
    path = tmp_path / "log.json"
    log(path, measured())
    line = path.read_text()
    path.write_text(f"# a comment\n\n{change(json.loads(line))}\n{line}")
    with pytest.raises(ArchiveError, match=says) as caught:
        list(load(path))
    assert "log.json, line 3" in str(caught.value)


def _with(row: Any, **fields: Any) -> Any:
    row["config"]["counters"][0].update(fields)
    return json.dumps(row)
