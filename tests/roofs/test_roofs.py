# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Roofs measured on a board, and what later profiles make of them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from compile_fixtures import compiler
from made_up import report, row
from zephyr_counters import resources
from zephyr_counters.blob.catalog import ClockKind
from zephyr_counters.cli.main import main
from zephyr_counters.errors import ProjectError
from zephyr_counters.formats.core import features
from zephyr_counters.measure import profile, roofs_file
from zephyr_counters.project import Project, create
from zephyr_counters.report import exports
from zephyr_counters.report.explain import Word, explain, roofs_of
from zephyr_counters.report.roof import Roof, RoofUnit
from zephyr_counters.roofs.micro_kernels import micro_kernels

SOURCES = Path(__file__).parents[2] / "host/src/zephyr_counters/roofs/c"
CORES = {
    "cortex-m0": [],
    "cortex-m3": [],
    "cortex-m4": ["-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"],
    "cortex-m55": ["-mfloat-abi=hard"],
}
ROOFS = (
    Roof("loads", RoofUnit.BYTES, 8e9),
    Roof("stores", RoofUnit.BYTES, 4e9),
    Roof("MACs", RoofUnit.MACS, 2e9),
)


@pytest.mark.parametrize("core", CORES)
def test_each_core_s_micro_kernels_compile(core: str, tmp_path: Path) -> None:
    gcc = shutil.which("arm-none-eabi-gcc")
    if gcc is None:
        pytest.skip("no arm-none-eabi-gcc")
    chosen = list(micro_kernels(features(core), 8192))
    assert ("int8 MACs, vectors" in [one.name for one in chosen]) == (core == "cortex-m55")
    for file in {one.file for one in chosen}:
        flags = [f"-mcpu={core}", "-mthumb", *CORES[core], "-O2", "-Wall", "-Wextra", "-Werror"]
        subprocess.run([gcc, *flags, "-c", SOURCES / file, "-o", tmp_path / "o"], check=True)


def test_measured_roofs_are_what_layers_are_held_against() -> None:
    """Also where durations are those of a simulation: the roofs are in the same time."""
    layers = [
        row(1000, name="busy", macs=1900, bytes_read=100, bytes_written=0),
        row(1000, name="streams", tag=1, macs=100, bytes_read=7000, bytes_written=500),
        row(1000, name="neither", tag=2, macs=100, bytes_read=100, bytes_written=0),
    ]
    made = replace(report(layers, clock=ClockKind.HOST), roofs=ROOFS)
    limits = roofs_of(made)
    assert (limits.macs_per_cycle, limits.bytes_per_cycle) == (2.0, 8.0)
    found = {one.row.name: one for one in explain(made)}
    assert found["busy"].word is Word.COMPUTE and found["streams"].word is Word.MEMORY
    assert found["neither"].word not in (Word.COMPUTE, Word.MEMORY)
    assert "measured on the board" in found["streams"].finding.source
    assert exports.from_json(exports.to_json(made)).roofs == ROOFS
    without = {one.row.name: one.word for one in explain(replace(made, roofs=()))}
    assert without["streams"] is not Word.MEMORY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 2, "roofs": []}',
        '{"format": 1}',
        '{"format": 1, "roofs": [{"name": "x", "unit": "bytes"}]}',
        '{"format": 1, "roofs": [{"name": "x", "unit": "bytes", "per_second": NaN}]}',
        "[" * 100_000,
    ],
)
def test_a_damaged_file_is_an_error(text: str, tmp_path: Path) -> None:
    (tmp_path / roofs_file.FILE).write_text(text)
    with pytest.raises(ProjectError, match=r"roofs\.json: cannot be read") as caught:
        roofs_file.load(tmp_path)
    assert "zephyr-counters roofs PROJECT" in str(caught.value)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    assert roofs_file.load(tmp_path) == ()
    roofs_file.save(tmp_path, ROOFS)
    assert roofs_file.load(tmp_path) == ROOFS


@pytest.mark.slow
def test_on_a_board(tmp_path: Path, capsys: Any) -> None:
    """Every roof is measured and shown, and a profile knows them afterwards."""
    from zephyr_counters.compile import compile_model

    compiler()
    archive = tmp_path / "model.tar"
    compile_model(resources.path("examples") / "digits/digits_int8.onnx", output=archive)
    project = create("zephyr-counters", archive, tmp_path / "project", {"board": "posix"})
    project.build()
    assert main(["roofs", str(project.path), "--repeat", "30"]) == 0
    shown = capsys.readouterr().out
    roofs = roofs_file.load(project.path)
    assert len(roofs) == 8 and all(one.name in shown for one in roofs)
    rate = {one.name: one.per_second for one in roofs}
    # How they compare depends on what else this machine does.
    assert rate["loads from RAM, 2 KiB"] > 1e8
    assert 1e8 < rate["int32 MACs, single"] < 1e11
    assert profile(Project.open(project.path), repeat=2).roofs == roofs
