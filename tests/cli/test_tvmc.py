# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The command line of tvmc, as far as it needs no board."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from zephyr_counters.cli import tvmc, tvmc_upstream, tvmc_upstream_profile
from zephyr_counters.cli.inputs import make_inputs
from zephyr_counters.cli.project_options import parse
from zephyr_counters.cli.tvmc_compile import parse_shapes
from zephyr_counters.errors import UsageError
from zephyr_counters.formats.model_archive import Tensor
from zephyr_counters.project import template_dir

WANTED = (
    Tensor("image", (1, 2, 3), "float32"),
    Tensor("mask", (2,), "int8"),
    Tensor("flag", (3,), "bool"),
)


@pytest.fixture(autouse=True)
def no_upstream(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with today's TVM."""
    monkeypatch.setattr(tvmc_upstream, "find", lambda: None)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    try:
        code = tvmc.main(argv)
    except SystemExit as error:
        code = int(error.code or 0)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in ([], ["compile"], ["micro"], ["micro", "create"], ["micro", "build"], ["run"]):
        code, out, _ = run(capsys, *argv, "--help")
        assert code == 0 and "usage: tvmc" in out


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["micro"],
        ["compile"],
        ["run", "p"],
        ["run", "p", "--device", "cuda"],
        ["run", "p", "--device", "micro", "--fill-mode", "twos"],
        ["micro", "create", "p", "m.tar", "arduino"],
        ["micro", "create", "p", "m.tar", "template"],
        ["micro", "create", "p", "m.tar", "--project-option", "board"],
        ["micro", "create", "p", "m.tar", "--project-option", "board=a", "board=b"],
        ["compile", "m.onnx", "--input-shapes", "x"],
        ["compile", "m.onnx", "-f", "so"],
    ],
)
def test_wrong_arguments(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    code, out, err = run(capsys, *argv)
    assert code == 2 and not out and err.rstrip()


@pytest.mark.parametrize("name", ["build", "flash"])
def test_no_project(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    code, _, err = run(capsys, "micro", name, str(tmp_path / "nowhere"))
    assert code == 1 and "not a project" in err and "hint: tvmc micro create" in err


def test_run_checks_first(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for option in ("--repeat", "--number", "--print-top"):
        code, _, err = run(capsys, "run", "--device", "micro", str(tmp_path), option, "0")
        assert code == 2 and f"{option} 0 is not above 0" in err
    where = str(tmp_path / "no/such.npz")
    code, _, err = run(capsys, "run", "--device", "micro", str(tmp_path), "-o", where)
    assert code == 2 and "no such folder" in err


def test_list_options(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "micro", "create", "--list-options")
    # Those of the board's port too, which later commands take from the project.
    assert code == 0 and "arena_size_bytes" in out and "baudrate" in out
    code, out, _ = run(capsys, "run", "--list-options")
    assert code == 0 and "arena_size_bytes" not in out and "baudrate" in out


def test_options() -> None:
    assert parse(["board=posix", "compile_definitions=A=1 B=2"]) == {
        "board": "posix",
        "compile_definitions": "A=1 B=2",
    }
    for bad in (["board"], ["=x"], ["a=1", "a=2"]):
        with pytest.raises(UsageError):
            parse(bad)


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("x:[1,2]", {"x": (1, 2)}),
        (" a/b:0:[1, 2 ,3]  c.d:[4] ", {"a/b:0": (1, 2, 3), "c.d": (4,)}),
        ("scalar:[]", {"scalar": ()}),
    ],
)
def test_shapes(text: str, shapes: dict[str, tuple[int, ...]]) -> None:
    assert parse_shapes(text) == shapes


@pytest.mark.parametrize(
    "text",
    ["", "x", "x:1,2", "x:[1", "x:[-1]", "x:[a]", "x:[1] x:[2]", ":[1]", "x:[1],y:[2]"],
)
def test_bad_shapes(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        parse_shapes(text)


def test_inputs_are_filled() -> None:
    for mode, value in (("zeros", 0), ("ones", 1)):
        for tensor, array in zip(WANTED, make_inputs(WANTED, {}, mode).values(), strict=True):
            assert array.shape == tensor.shape and array.dtype == tensor.dtype
            assert (array == value).all()
    first, second = make_inputs(WANTED, {}, "random"), make_inputs(WANTED, {}, "random")
    assert list(first) == ["image", "mask", "flag"]
    for tensor in WANTED:
        assert first[tensor.name].dtype == tensor.dtype
        assert (first[tensor.name] == second[tensor.name]).all()
    assert abs(first["image"]).max() <= 1 and first["mask"].min() >= 0


def test_inputs_are_checked() -> None:
    image = np.ones((1, 2, 3), "float32")
    made = make_inputs(WANTED, {"image": image}, "zeros")
    assert made["image"] is image and not made["mask"].any()
    for given, text in (
        ({"picture": image}, r"'picture' is not one of the model's\n.*image float32\[1, 2, 3\]"),
        ({"image": image[0]}, r"'image' is float32\[2, 3\], the model takes float32\[1, 2, 3\]"),
        (
            {"image": image.astype("float64")},
            r"'image' is float64\[1, 2, 3\], the model takes float32\[1, 2, 3\]",
        ),
    ):
        with pytest.raises(UsageError, match=text):
            make_inputs(WANTED, given, "zeros")


def test_upstream_runs_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where TVM has a tvmc of its own, ours hands everything on to it."""
    monkeypatch.undo()
    (tmp_path / "driver" / "tvmc").mkdir(parents=True)
    (tmp_path / "driver" / "tvmc" / "main.py").touch()
    seen: list[list[str]] = []

    def upstream(argv: list[str]) -> int:
        # What TVM's parsers look at besides.
        assert sys.argv == ["tvmc", *argv]
        seen.append(argv)
        return 4

    package, module = ModuleType("tvm.driver.tvmc"), ModuleType("tvm.driver.tvmc.main")
    module._main = upstream  # type: ignore[attr-defined]
    for name, value in (
        ("tvm", ModuleType("tvm")),
        ("tvm.driver", ModuleType("tvm.driver")),
        ("tvm.driver.tvmc", package),
        ("tvm.driver.tvmc.main", module),
    ):
        value.__path__ = []
        value.__spec__ = argparse.Namespace(submodule_search_locations=[str(tmp_path)])  # type: ignore[assignment]
        monkeypatch.setitem(sys.modules, name, value)
    before = sys.argv
    assert tvmc.main(["run", "--device", "micro", "p", "--profile"]) == 4
    assert seen == [["run", "--device", "micro", "p"]]
    assert sys.argv is before


OURS = ["template", "--template-dir", str(template_dir())]


@pytest.mark.parametrize(
    ("argv", "handed_on"),
    [
        (["compile", "m.onnx", "--target", "c"], None),
        (["micro", "--help"], None),
        (["micro", "create", "p", "m.tar", "zephyr", "--project-option", "board=x"], None),
        (["micro", "build", "p", "template", "--template-dir", "t"], None),
        (["micro", "build", "p"], ["micro", "build", "p", *OURS]),
        (["micro", "flash", "p", "zephyr-counters"], ["micro", "flash", "p", *OURS]),
        (
            ["micro", "create", "p", "m.tar", "--template", "zephyr-counters"],
            ["micro", "create", "p", "m.tar", *OURS],
        ),
        (
            ["micro", "create-project", "-f", "p", "m.tar", "--project-option", "a=1", "b=2"],
            [
                "micro",
                "create-project",
                "-f",
                "p",
                "m.tar",
                *OURS,
                "--project-option",
                "a=1",
                "b=2",
            ],
        ),
    ],
)
def test_what_upstream_is_told(argv: list[str], handed_on: list[str] | None) -> None:
    assert tvmc_upstream.translated(argv) == (handed_on or argv)


@pytest.mark.parametrize(
    ("argv", "handed_on"),
    [
        (["run", "--device", "micro", "P", "--profile", "--repeat", "3"], True),
        (["run", "--profile", "--device=micro", "-o", "out.npz", "P"], True),
        (["run", "--device", "micro", "P"], False),
        (["run", "--device", "cpu", "P", "--profile"], False),
        (["run", "--device", "micro", "P", "--profile", "--help"], False),
        (["compile", "--profile", "P"], False),
    ],
)
def test_what_is_profiled_for_upstream(tmp_path: Path, argv: list[str], handed_on: bool) -> None:
    """Its own tvmc refuses to profile boards, so it only runs the model."""
    argv = [str(tmp_path) if word == "P" else word for word in argv]
    told, profiled = tvmc_upstream_profile.taken(argv)
    assert told == [word for word in argv if not handed_on or word != "--profile"]
    assert (profiled is not None) == handed_on
    if profiled is not None:
        assert profiled.path == tmp_path.resolve()
        assert profiled.repeat == (3 if "--repeat" in argv else 10)
