# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Profiles on the posix board, of firmware whose limits are small enough to be met."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from zephyr_counters import resources
from zephyr_counters.cli.main import main
from zephyr_counters.errors import BoardError, RecordsLost, UsageError
from zephyr_counters.measure import profile, profile_function, profile_regions
from zephyr_counters.report import Report, compare, exports, table

from bench import more_work

pytestmark = pytest.mark.slow

pytest.importorskip("tvm", reason="needs apache-tvm, which compiles the model")
if shutil.which("cc") is None:
    pytest.skip("needs a C compiler", allow_module_level=True)

COUNTERS = ["host-cycles:*", "host-rusage:*", "mac-array:*"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from zephyr_counters.compile import compile_model
    from zephyr_counters.project import create

    folder = tmp_path_factory.mktemp("profile")
    model = resources.path("examples") / "digits" / "digits_int8.onnx"
    compile_model(model, target="c,mac-array", output=folder / "digits.tar")
    made = create(
        "zephyr-counters",
        folder / "digits.tar",
        folder / "project",
        {"board": "posix", "record_buffer_bytes": 4096},
    )
    made.build()
    return made


@pytest.fixture(scope="module")
def board(project: Any) -> Iterator[Any]:
    from zephyr_counters.board.board import Board

    with Board(project) as opened:
        yield opened


@pytest.fixture(scope="module")
def image() -> Any:
    with np.load(resources.path("examples") / "digits" / "heldout.npz") as held_out:
        return held_out["image"][:1]


@pytest.fixture(scope="module")
def report(board: Any, image: Any) -> Report:
    return profile(board, [image], counters=COUNTERS, repeat=12)


def test_every_layer_is_there_with_all_repetitions(report: Report, project: Any) -> None:
    assert [row.name for row in report.layers] == [one.name for one in project.archive.layers]
    for row in report.rows:
        for series in (*row.ticks, *row.counters):
            assert len(series.raw) == 12, (row.name, series.name)
    assert len(report.passes) == 2


def test_the_accelerator_counts_the_same_every_time_and_layers_add_up(report: Report) -> None:
    """Its cycle model is deterministic, so this is exact, over chunks and passes."""
    for name in ("jobs", "busy-cycles", "stall-cycles", "macs", "bytes-in", "bytes-out", "tiles"):
        whole = report.whole.series(f"mac-array:{name}")
        assert len(set(whole.values)) == 1, name
        layers = [row.series(f"mac-array:{name}").values[0] for row in report.layers]
        assert sum(layers) == whole.values[0] > 0, name


def test_records_of_several_calls_are_per_call(board: Any, image: Any, report: Report) -> None:
    batched = profile(board, [image], counters=COUNTERS, repeat=3, warmup=1, batch=7)
    for name in ("mac-array:jobs", "mac-array:macs", "mac-array:busy-cycles"):
        for one, other in zip(report.rows, batched.rows, strict=True):
            assert other.statistics(name).mean == one.statistics(name).mean, (name, one.name)
    tick = 1 / batched.catalog.clock_hz
    assert all(
        batched.seconds(row).min < 10 * report.seconds(row).max + tick for row in batched.rows
    )


def test_the_demo_has_the_kernel_that_bench_compare_calls_more_often(project: Any) -> None:
    text = (project.path / more_work.PLAN).read_text()
    assert more_work.patched(text).count("more_work") == 2
    with pytest.raises(ValueError, match=more_work.KERNEL):
        more_work.patched("")


def test_macs_are_those_of_the_metadata(report: Report) -> None:
    """mac-array counts padding, too, so it counts at least what the layer needs."""
    for row in report.layers:
        counted = row.series("mac-array:macs").values[0]
        assert (counted >= row.macs > 0) if row.accelerator else counted == 0


def test_metrics_of_the_accelerator(report: Report) -> None:
    row = next(row for row in report.layers if row.accelerator)
    assert 0 < row.metrics["mac-array:utilization"].value <= 100
    assert 0 < row.metrics["mac-array:stalled"].value < 100
    assert row.metrics["tensors:MACs/byte"].value > 0


def test_time_adds_up(report: Report) -> None:
    """Layers follow each other inside the whole: their sum is not more, but for the correction."""
    for repetition in range(12):
        total = sum(row.ticks[0].raw[repetition] for row in report.layers)
        assert total <= report.whole.ticks[0].raw[repetition]


def test_exports(report: Report, tmp_path: Path) -> None:
    assert exports.from_json(exports.to_json(report)) == report
    text = table.render(report)
    assert "mac-array" in text and "whole model" in text and "Cost of measuring" in text
    comparison = compare(report, report)
    assert not any(one.significant for pair in comparison.pairs for one in pair.differences)


def test_opaque_bytes(report: Report) -> None:
    for row in report.layers:
        (log,) = row.opaque
        assert bool(log.data[0]) == (row.accelerator is not None)


def test_the_buffer_holds_no_more_than_some_repetitions(board: Any, image: Any) -> None:
    told: list[int] = []
    found = profile(
        board, [image], counters=["cycles"], repeat=100, progress=lambda done, _: told.append(done)
    )
    assert found.seconds(found.whole).n == 100
    assert len(told) > 5


def test_a_function(board: Any, project: Any) -> None:
    kernel = project.archive.layers[0]
    tensors = [
        board.tensor(np.zeros(one.shape, one.dtype)) for one in (*kernel.inputs, *kernel.outputs)
    ]
    found = profile_function(board, kernel.kernel, 5, 4, tensors, counters=["cycles"])
    (row,) = found.rows
    assert (row.name, row.calls, found.seconds(row).n) == (kernel.kernel, 5, 4)
    with pytest.raises(BoardError):
        profile_function(board, "nothing", 5, 4, tensors, counters=["cycles"])


def test_regions(board: Any) -> None:
    def run() -> None:
        with board.region(5):
            board.run()
        board.run()

    found = profile_regions(board, run, counters=["mac-array:*"], names={5: "inference"})
    (row,) = found.rows
    assert row.name == "inference"
    assert row.statistics("mac-array:jobs").median > 0


def test_a_selection_refused(board: Any) -> None:
    with pytest.raises(UsageError, match="no counter matches 'mac-array:bussy-cycles'"):
        profile(board, counters=["mac-array:bussy-cycles"])
    unavailable = [one for one in board.catalog().providers if one.unavailable]
    for provider in unavailable:
        with pytest.raises(UsageError, match="is unavailable"):
            profile(board, counters=[f"{provider.name}:*"])


def test_the_buffer_is_too_small(board: Any) -> None:
    """A region that leaves more records than the buffer holds loses some, and that is an error."""

    def run() -> None:
        board.call("model.profile", 60)

    with pytest.raises(RecordsLost):
        profile_regions(board, run, counters=["cycles"])


@pytest.mark.slow
def test_command(project: Any, image: Any, tmp_path: Path, capsys: Any) -> None:
    np.savez(tmp_path / "in.npz", **{project.archive.inputs[0].name: image})
    arguments = ["profile", str(project.path), "--inputs", str(tmp_path / "in.npz")]
    files = [tmp_path / name for name in ("r.json", "r.csv", "r.trace")]
    outputs = ["--json", str(files[0]), "--csv", str(files[1]), "--trace", str(files[2])]
    limits = ["--counters", "cycles,mac-array:*", "--repeat", "3", "--runs", "1"]
    limits += ["--blobs", str(tmp_path / "b")]
    assert main([*arguments, *outputs, *limits, "--top", "3"]) == 0
    text = capsys.readouterr().out
    assert "sum of layers" in text and " more " in text
    assert all(path.stat().st_size > 500 for path in files)
    assert main(["profile", str(project.path), *outputs, *limits]) == 2
    capsys.readouterr()
    catalog = str(tmp_path / "b" / "catalog.cbor")
    assert main(["decode", str(tmp_path / "b" / "records-0-0.bin"), "--catalog", catalog]) == 0
    text = capsys.readouterr().out
    assert project.archive.layers[1].name in text and "mac-array:job-log" in text
    assert main(["events", str(project.path)]) == 0
    text = capsys.readouterr().out
    assert "mac-array:busy-cycles" in text and "host-cycles:cycles" in text
    assert main(["profile", str(project.path), "--sort", "nothing"]) == 2


@pytest.mark.slow
def test_a_model_smaller_than_the_cost_of_measuring_says_so(tmp_path: Path) -> None:
    """One layer that moves a few bytes: a note, and no difference of two uncertain numbers."""
    from onnx import TensorProto, helper, save
    from zephyr_counters.compile import compile_model
    from zephyr_counters.project import create

    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]) for name in "xy"]
    node = helper.make_node("Relu", ["x"], ["y"], name="only")
    graph = helper.make_graph([node], "tiny", value[:1], value[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    save(model, tmp_path / "tiny.onnx")
    compile_model(tmp_path / "tiny.onnx", target="c", output=tmp_path / "tiny.tar")
    made = create("zephyr-counters", tmp_path / "tiny.tar", tmp_path / "p", {"board": "posix"})
    made.build()
    found = profile(made, counters=["host-clock:time"], repeat=20)
    (note,) = [one for one in found.notes if "than measuring it costs" in one]
    assert note.startswith("the model takes less time (")
    lines = table.render(found).splitlines()
    (rest,) = [line for line in lines if line.startswith(" not in a layer")]
    assert rest.split() == ["not", "in", "a", "layer"]


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_until_it_is_told_to_stop(project: Any, ending: signal.Signals) -> None:
    """A script of the user's own reaches the board with nothing but TVM."""
    from tvm import rpc

    command = [sys.executable, "-m", "zephyr_counters.cli.main", "serve", str(project.path)]
    with subprocess.Popen(
        [*command, "--port", "0", "--key", "mine"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            said = process.stdout.readline()
            port = int(said.rpartition(",")[0].rpartition(":")[2])
            session = rpc.connect("127.0.0.1", port, "mine")
            assert bytes(session.get_function("hwcnt.catalog")())[0] == 0x8F
            session._sess.get_function("CloseRPCConnection")()
        finally:
            process.send_signal(ending)
        assert process.wait(30) == (130 if ending == signal.SIGINT else 0)
