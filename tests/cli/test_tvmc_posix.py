# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""tvmc from a model to its outputs, on the posix board with the real device code."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from zephyr_counters import resources
from zephyr_counters.cli import tvmc
from zephyr_counters.report import exports

pytestmark = pytest.mark.slow

pytest.importorskip("tvm", reason="apache-tvm is not installed")
if shutil.which("cc") is None:
    pytest.skip("no C compiler", allow_module_level=True)

DIGITS = resources.path("examples") / "digits"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled model, compiled, created, built and flashed."""
    folder = tmp_path_factory.mktemp("tvmc")
    archive, made = str(folder / "digits.tar"), folder / "digits"
    model = str(DIGITS / "digits_int8.onnx")
    assert tvmc.main(["compile", model, "--target", "c", "-f", "mlf", "-o", archive]) == 0
    option = ["--project-option", "board=posix", "record_buffer_bytes=8192"]
    create = ["micro", "create", str(made), archive, "--template", "zephyr-counters", *option]
    assert tvmc.main(create) == 0
    for command in ("build", "flash"):
        assert tvmc.main(["micro", command, str(made)]) == 0
    return made


def run(project: Path, *argv: str) -> int:
    """The exit code of tvmc run."""
    return tvmc.main(["run", "--device", "micro", str(project), *argv])


def save(path: Path, **arrays: Any) -> str:
    """The name of an .npz file of these arrays."""
    np.savez(path, **arrays)
    return str(path)


def test_outputs(project: Path, tmp_path: Path) -> None:
    with np.load(DIGITS / "heldout.npz") as held_out:
        image, label = held_out["image"][:1], held_out["label"][0]
    name = project_input(project)
    inputs = save(tmp_path / "in.npz", **{name: image})
    assert run(project, "-i", inputs, "-o", str(tmp_path / "out")) == 0
    with np.load(tmp_path / "out") as outputs:
        assert list(outputs) == ["output_0"]
        assert outputs["output_0"].shape == (1, 10)
        assert outputs["output_0"].argmax() == label


def project_input(project: Path) -> str:
    """The name of the model's input."""
    from zephyr_counters.project import Project

    return Project.open(project).archive.inputs[0].name


@pytest.mark.slow
def test_fill_modes(project: Path, tmp_path: Path) -> None:
    results = []
    for mode in ("zeros", "ones", "random", "random"):
        path = tmp_path / "out.npz"
        assert run(project, "--fill-mode", mode, "--outputs", str(path)) == 0
        with np.load(path) as outputs:
            results.append(outputs["output_0"])
    assert (results[0] != results[1]).any()
    assert (results[2] == results[3]).all()


def test_print(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--print-time", "--repeat", "2", "--number", "3", "--print-top", "4", "--profile")
    assert run(project, *options) == 0
    out = capsys.readouterr().out
    assert "Execution time summary" in out and "median (ms)" in out
    top = out.split("output_0")[1].split("Execution time summary")[0].splitlines()
    assert len(top[2:]) == 4
    assert "whole model" in out and "host-clock" in out


@pytest.mark.slow
def test_profile_with_options_and_exports(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "r.json")
    options = ("--profile", "--counters", "host-clock:*", "--lock-interrupts", "--repeat", "3")
    page = tmp_path / "r.html"
    files = ("--json", path, "--csv", str(tmp_path / "r.csv"), "--html", str(page))
    assert run(project, *options, *files, "--explain") == 0
    report = exports.load(path)
    assert {one.name.partition(":")[0] for one in report.counters} == {"host-clock"}
    assert report.passes[0].interrupts_locked and len(report.whole.ticks[0].raw) == 3
    assert (tmp_path / "r.csv").read_text().startswith("board,")
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    out = capsys.readouterr().out
    assert "Interrupts were locked" in out and "  Try: " in out
    assert run(project, *options, "--json", path) == 2
    assert "--force overwrites it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arrays", "text"),
    [
        ({"other": np.zeros(1)}, "input 'other' is not one of the model's"),
        (
            {"": np.zeros((1, 8, 8), "float32")},
            "float32[1, 8, 8], the model takes float32[1, 1, 8, 8]",
        ),
        ({"": np.zeros((1, 1, 8, 8))}, "float64[1, 1, 8, 8], the model takes float32[1, 1, 8, 8]"),
    ],
)
def test_wrong_inputs(
    project: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arrays: dict[str, Any],
    text: str,
) -> None:
    named = {name or project_input(project): array for name, array in arrays.items()}
    assert run(project, "-i", save(tmp_path / "in.npz", **named)) == 2
    assert text in capsys.readouterr().err


def test_wrong_files(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.npz").write_text("hello")
    for name in ("text.npz", "absent.npz"):
        assert run(project, "-i", str(tmp_path / name)) == 2
        assert "not a .npz file" in capsys.readouterr().err


def test_wrong_option(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "--project-option", "arena_size_bytes=4096") == 2
    assert "not of open_transport" in capsys.readouterr().err


def test_option_reaches_the_firmware(project: Path) -> None:
    from zephyr_counters.board.board import Board
    from zephyr_counters.project import Project

    with Board(Project.open(project)) as board:
        assert board.catalog().record_bytes == 8192
        assert board.model_info().hash == Project.open(project).archive.hash


def test_not_built(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = str(project / "model.tar")
    assert tvmc.main(["micro", "create", str(tmp_path / "p"), archive]) == 0
    assert run(tmp_path / "p") == 1
    assert "hint: build the project first" in capsys.readouterr().err


def test_a_process_has_nothing_to_flash(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tvmc.main(["micro", "flash", str(project)]) == 0
    said = capsys.readouterr().out
    assert said == "posix has nothing to flash: its firmware runs on this machine\n"


def test_model_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = str(DIGITS / "digits_int8.onnx")
    output = str(tmp_path / "m.tar")
    assert tvmc.main(["compile", model, "--model-format", "tflite", "-o", output]) == 2
    assert "looks like onnx, not tflite" in capsys.readouterr().err
    assert tvmc.main(["compile", model, "-o", str(tmp_path / "no/m.tar")]) == 2
    assert tvmc.main(["compile", str(tmp_path / "absent.onnx"), "-o", output]) == 1
    assert not list(tmp_path.iterdir())
