# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The content of exported files: CSV, frames, traces, speedscope, Model Explorer."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_board import FakeBoard, archive
from made_up import report as made_up
from made_up import row
from zephyr_counters.blob.records import Origin
from zephyr_counters.cli.main import main
from zephyr_counters.errors import UsageError
from zephyr_counters.measure import profile
from zephyr_counters.report import Report, exports
from zephyr_counters.report.exports.flat import COLUMNS
from zephyr_counters.report.runs import join

OPEN, CLOSE = "O", "C"


@pytest.fixture(scope="module")
def report() -> Report:
    board = FakeBoard(stuck=("core:cycles",))
    return profile(board, repeat=3, archive=archive())


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv(report: Report) -> None:
    lines = read(exports.to_csv(report))
    metrics = sum(len(one.metrics) for one in report.rows)
    assert metrics and len(lines) == 4 * (2 + 8) * 3 + metrics
    one = next(
        line for line in lines if line["quantity"] == "core:branches" and line["name"] == "conv_1"
    )
    assert (one["pass"], one["raw"], one["cost"], one["value"]) == ("1", "2135", "5", "2130")
    assert (one["board"], one["model"], one["run"], one["seconds"]) == ("fake", "toy", "0", "")
    assert (one["operators"], one["on"], one["macs"]) == ("conv2d", "npu", "640")
    assert (one["inputs"], one["outputs"]) == ("int8[1, 8]", "int8[1, 8]")
    stuck = {line["stuck"] for line in lines if line["quantity"] == "core:cycles"}
    assert stuck == {"1"}
    assert lines[0]["unit"] == "1/1000000000 s"
    assert float(lines[0]["seconds"]) == int(lines[0]["value"]) / 1e9


def test_csv_has_metrics(report: Report) -> None:
    (layer, *_) = report.layers
    found = {
        line["quantity"]: (float(line["value"]), line["unit"], line["repetition"])
        for line in read(exports.to_csv(report))
        if line["name"] == layer.name and line["raw"] == ""
    }
    assert found == {name: (one.value, one.unit, "") for name, one in layer.metrics.items()}


def test_reports_follow_each_other(report: Report) -> None:
    later = replace(join([report, report]), created="2027-01-01T00:00:00Z")
    lines = read(exports.to_csv(report, later))
    assert len(lines) == len(read(exports.to_csv(report))) + len(read(exports.to_csv(later)))
    assert {line["created"] for line in lines} == {report.created, later.created}
    ticks = [line for line in lines if line["created"] == later.created and line["pass"] == "0"]
    assert [line["run"] for line in ticks if line["name"] == "conv_1"][:6] == [*"000111"]


def test_frame(report: Report) -> None:
    pytest.importorskip("pandas")
    frame = exports.to_pandas(report)
    assert list(frame.columns) == list(COLUMNS)
    layers = frame[(frame.quantity == "npu:macs") & (frame.origin == "layer")]
    assert layers.groupby("tag").value.median().tolist() == [1080, 2080, 3080]
    both = exports.to_pandas(report, replace(report, created="later"))
    assert len(both) == 2 * len(frame)
    times = both[both.quantity == "ticks"].groupby(["created", "name"]).seconds.median()
    assert times["later"]["conv_0"] == report.seconds(report.layers[0]).median


def test_frame_without_pandas(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pip install pandas"):
        exports.to_pandas(report)


def spans(events: list[dict[str, Any]], process: int = 1) -> list[tuple[str, int, float, float]]:
    """(name, depth, start, end) of the regions of a trace; fails if they do not nest."""
    stack: list[tuple[str, float]] = []
    found = []
    last = 0.0
    for event in events:
        if event["pid"] != process or event["ph"] not in "BE":
            continue
        assert event["ts"] >= last
        last = event["ts"]
        if event["ph"] == "B":
            stack.append((event["name"], event["ts"]))
            continue
        name, start = stack.pop()
        assert name == event["name"]
        found.append((name, len(stack), start, event["ts"]))
    assert not stack
    return found


def test_layers_are_inside_the_model_in_a_trace(report: Report) -> None:
    events = json.loads(json.dumps(exports.to_trace(report)))["traceEvents"]
    found = spans(events)
    assert len(found) == 3 * 4 and len(spans(events, 2)) == 3 * 4
    assert [one[:2] for one in found[:4]] == [
        ("conv_0", 1),
        ("conv_1", 1),
        ("conv_2", 1),
        ("toy", 0),
    ]
    assert found[1][2] == found[0][3]
    assert found[3][2] <= found[0][2] and found[2][3] <= found[3][3] <= found[4][2]
    counts = [one for one in events if one["ph"] == "C" and one["pid"] == 1]
    assert {"npu:macs"} < {one["name"] for one in counts}
    assert not {"core:cycles", "core:branches"} & {one["name"] for one in counts}
    macs = [one for one in counts if one["name"] == "npu:macs"]
    assert [one["args"] for one in macs[:2]] == [{"count": 1080}, {"count": 2080}]
    assert len(macs) == 3 * 3 and macs[1]["ts"] == found[1][2]
    labels = [one["args"] for one in events if one["name"] == "process_labels"]
    assert labels == [{"labels": "does not advance: core:cycles"}]


def test_a_model_that_seems_shorter_than_its_layers_still_holds_them() -> None:
    """Subtracting the cost of measuring can make it so."""
    rows = [row(100), row(100, tag=1), row(150, name="model", tag=2, origin=Origin.WHOLE)]
    found = spans(exports.to_trace(made_up(rows))["traceEvents"])
    name, depth, start, end = found[2]
    assert (name, depth, start) == ("model", 0, 0.0) and end == pytest.approx(0.2)


def test_several_reports_are_processes_of_their_own(report: Report) -> None:
    events = exports.to_trace(report, replace(report, created="later"))["traceEvents"]
    assert {one["pid"] for one in events} == {1, 2, 3, 4}
    names = [one["args"]["name"] for one in events if one["name"] == "process_name"]
    assert names[0] == f"toy on fake, pass 0, {report.created}"
    assert names[3] == "toy on fake, pass 1, later"


def test_perfetto_and_speedscope_take_the_trace(report: Report) -> None:
    """Perfetto merges ids 0 and 1. speedscope wants a time in each event, and takes name and
    arguments together for the name of the function (jlfwong/speedscope, trace-event.ts)."""
    events = exports.to_trace(report)["traceEvents"]
    assert all(one["pid"] > 0 and one["tid"] > 0 and "ts" in one for one in events)
    frames = {(one["name"], json.dumps(one["args"])) for one in events if one["ph"] in "BE"}
    assert len(frames) == 4
    assert '"operator": "conv2d"' in dict(frames)["conv_0"]
    assert {one["name"] for one in events if one["ph"] == "i"} == set()


def test_a_wrapped_value_is_marked_in_the_trace() -> None:
    events = exports.to_trace(profile(FakeBoard(wrapped=(1, 0)), repeat=2, counters=["macs"]))
    values = [one["args"] for one in events["traceEvents"] if one["ph"] == "C"]
    assert [[*one] for one in values[:3]] == [["count"], ["count (wrapped, too small)"], ["count"]]


def test_files_with_a_time_line_are_per_call() -> None:
    """A record of profile --batch 4 spans four calls."""
    rows = [
        row(400, {"unit:a": 40}, calls=4),
        row(4000, name="model", tag=1, origin=Origin.WHOLE, calls=4),
    ]
    rows = [
        replace(
            one,
            ticks=tuple(replace(each, calls=4) for each in one.ticks),
            counters=tuple(replace(each, calls=4) for each in one.counters),
        )
        for one in rows
    ]
    events = exports.to_trace(made_up(rows))["traceEvents"]
    assert spans(events)[:2] == [("layer", 1, 0.0, 0.1), ("model", 0, 0.0, 1.0)]
    assert next(one["args"] for one in events if one["ph"] == "C") == {"cycles": 10.0}
    (found,) = exports.to_speedscope(made_up(rows))["profiles"]
    assert found["endValue"] == pytest.approx(5.0)


def check_speedscope(document: dict[str, Any]) -> None:
    """The rules of speedscope's schema, and what its importer checks beyond it."""
    assert document["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert set(document) <= {
        "$schema",
        "shared",
        "profiles",
        "name",
        "activeProfileIndex",
        "exporter",
    }
    frames = document["shared"]["frames"]
    assert all(isinstance(one["name"], str) for one in frames)
    assert 0 <= document["activeProfileIndex"] < max(1, len(document["profiles"]))
    for one in document["profiles"]:
        assert set(one) == {"type", "name", "unit", "startValue", "endValue", "events"}
        assert (one["type"], one["unit"]) == ("evented", "microseconds")
        stack: list[int] = []
        last = one["startValue"]
        for event in one["events"]:
            assert set(event) == {"type", "frame", "at"} and 0 <= event["frame"] < len(frames)
            assert event["at"] >= last
            last = event["at"]
            if event["type"] == OPEN:
                stack.append(event["frame"])
            else:
                assert event["type"] == CLOSE and stack.pop() == event["frame"]
        assert not stack and last <= one["endValue"]


def test_speedscope(report: Report) -> None:
    document = json.loads(exports.speedscope.EXPORT.to_bytes(report))
    check_speedscope(document)
    assert [one["name"] for one in document["shared"]["frames"]] == [
        "conv_0",
        "conv_1",
        "conv_2",
        "toy",
    ]
    first, _ = document["profiles"]
    assert first["name"].endswith("pass 0") and len(first["events"]) == 3 * 4 * 2
    assert [one["frame"] for one in first["events"][:3]] == [3, 0, 0]
    check_speedscope(exports.to_speedscope(report, report))
    assert len(exports.to_speedscope(report, report)["profiles"]) == 4
    check_speedscope(exports.to_speedscope(made_up([])))
    rows = [row(7), row(3, tag=1, name="b"), row(9, tag=2, name="m", origin=Origin.WHOLE)]
    check_speedscope(exports.to_speedscope(made_up(rows)))


def test_node_data_has_every_source_node_of_a_fused_layer() -> None:
    rows = [
        row([900, 1000, 1100], {"npu:macs": 5}, name="conv", sources=("x_dq", "conv", "y_q")),
        row(3000, {"npu:macs": 7}, name="pool", tag=1, sources=("x_dq", "pool")),
        row(4000, {"npu:macs": 12}, name="model", tag=2, origin=Origin.WHOLE),
    ]
    found = exports.to_node_data(made_up(rows))
    assert found["time"]["results"] == {
        "x_dq": {"value": 3.0},
        "conv": {"value": 1.0},
        "y_q": {"value": 1.0},
        "pool": {"value": 3.0},
    }
    assert found["npu:macs"]["results"]["conv"] == {"value": 5.0}
    assert found["npu:macs"]["name"] == "npu:macs, cycles"


def test_a_layer_without_source_nodes_is_named_itself(report: Report) -> None:
    assert set(exports.to_node_data(report)["time"]["results"]) == {"conv_0", "conv_1", "conv_2"}


def test_the_package_of_model_explorer_takes_the_node_data(report: Report) -> None:
    builder = pytest.importorskip(
        "model_explorer.node_data_builder", reason="ai-edge-model-explorer is not installed"
    )
    for data in exports.to_node_data(report).values():
        results = {name: builder.NodeDataResult(**one) for name, one in data.pop("results").items()}
        gradient = [builder.GradientItem(**one) for one in data.pop("gradient")]
        builder.GraphNodeData(results=results, gradient=gradient, **data).to_json_string()


@pytest.mark.slow
def test_node_data_is_one_file_per_quantity(
    report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports.save(report, tmp_path / "r.json")
    path = tmp_path / "n.node-data.json"
    argv = ["show", str(tmp_path / "r.json"), "--model-explorer", str(path)]
    assert main(argv) == 0
    names = {one.name for one in tmp_path.glob("n.*")}
    assert {"n.node-data.json", "n.npu-macs.node-data.json"} < names
    path.unlink()
    assert main(argv) == 1
    assert "n.npu-macs.node-data.json exists; --force overwrites it" in capsys.readouterr().err
    assert path.exists()
    assert main([*argv, "--force"]) == 0


def test_show_makes_one_file_of_several_reports(
    report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exports.save(report, tmp_path / "a.json")
    exports.save(replace(report, created="later"), tmp_path / "b.json")
    both = [str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    argv = ["show", *both, "--csv", str(tmp_path / "r.csv"), "--trace", str(tmp_path / "r.t")]
    assert main([*argv, "--speedscope", str(tmp_path / "r.s")]) == 0
    assert capsys.readouterr().out.count("toy on fake") == 2
    lines = read((tmp_path / "r.csv").read_text())
    assert {line["created"] for line in lines} == {report.created, "later"}
    check_speedscope(json.loads((tmp_path / "r.s").read_text()))
    assert main(["show", *both, "--html", str(tmp_path / "r.html")]) == 2
    assert "--html saves one report, not 2" in capsys.readouterr().err
