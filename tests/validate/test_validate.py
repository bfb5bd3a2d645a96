# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Validation of compiled models, and the state that it meets on a board."""

from __future__ import annotations

import importlib.util
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import compiler
from models import SHARED, shared_model
from signal_models import CASES, save
from tflite_models import Builder
from zephyr_counters import resources
from zephyr_counters.board.board import Board
from zephyr_counters.cli import tvmc
from zephyr_counters.cli.main import main
from zephyr_counters.cli.validating import deliver
from zephyr_counters.compile import compile_model
from zephyr_counters.compile.kernels import libraries_for
from zephyr_counters.compile.source import Source, read
from zephyr_counters.errors import UsageError, ValidationError
from zephyr_counters.extensions.kernel import Candidate, Target
from zephyr_counters.extensions.operator import MatrixProduct, Operator
from zephyr_counters.formats.model_archive import Layer, Tensor
from zephyr_counters.measure.profile import profile
from zephyr_counters.project import create
from zephyr_counters.validate import on_board, on_host, process
from zephyr_counters.validate.comparison import compare
from zephyr_counters.validate.inputs import rounds
from zephyr_counters.validate.layers import layer_differences
from zephyr_counters.validate.reference import reference

pytestmark = pytest.mark.slow


def counting_model(path: Any) -> Any:
    """The result is the sum of the last three inputs."""
    b = Builder()
    x = b.input((1, 4), "float32")
    feature = b.tensor((4, 4), "float32", data=np.eye(4))
    time = b.tensor((4, 3), "float32", data=np.ones((4, 3)))
    bias = b.tensor((4,), "float32", data=np.zeros(4))
    state = b.tensor((1, 12), "float32", variable=True)
    y = b.tensor((1, 4), "float32")
    b.op("SVDF", [x, feature, time, bias, state], [y], "SVDFOptions", rank=1)
    return b.save(path, [y])


def test_differences_are_of_steps_or_of_parts() -> None:
    of_integers = compare("y", [np.int8([1, 2, 9])], [np.int8([1, 4, 9])])
    assert (of_integers.largest, of_integers.top1) == (2, 1)
    assert of_integers.within(2, 0) and not of_integers.within(1, 0)
    of_floats = compare("y", [np.float32([1, -2])], [np.float32([1, -1])])
    assert of_floats.largest == 1 and not of_floats.within(5, 0.1)
    of_steps = compare("y", [np.float32([0.5, 0.75])], [np.float32([0.25, 0.75])], 0.25)
    assert of_steps.integer and of_steps.largest == 1
    lost = compare("y", [np.float32([np.nan, 1])], [np.float32([0, 1])])
    assert lost.largest == np.inf
    other = compare("y", [np.float32([1])], [np.float32([1, 2])])
    assert other.largest == np.inf and not other.within(99, 99)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Any:
    compiler()
    folder = tmp_path_factory.mktemp("counting")
    path = counting_model(folder / "counting.tflite")
    compile_model(path, output=folder / "counting.tar")
    made = create(
        "zephyr-counters", folder / "counting.tar", folder / "project", {"board": "posix"}
    )
    made.build()
    return made, path


def test_state_is_kept_and_reset(project: Any) -> None:
    made, _ = project
    with Board(made) as board:
        board.set_input(0, np.full((1, 4), 2, np.float32))
        seen = []
        for _ in range(3):
            board.run()
            seen.append(float(board.get_output(0)[0, 0]))
        board.reset()
        board.run()
        seen.append(float(board.get_output(0)[0, 0]))
    assert seen == [2, 4, 6, 2]


def test_each_repetition_of_a_profile_starts_from_the_first_state(project: Any) -> None:
    made, _ = project
    with Board(made) as board:
        board.set_input(0, np.full((1, 4), 2, np.float32))
        board.run()
        report = profile(board, repeat=3)
        seen = float(board.get_output(0)[0, 0])
    assert seen == 2
    assert "each repetition starts from the model's first state (48 bytes)" in report.notes


@pytest.mark.slow
def test_a_board_agrees_with_litert(project: Any) -> None:
    pytest.importorskip("ai_edge_litert")
    made, path = project
    with Board(made) as board:
        found = on_board(board, made.archive, path)
    assert found.passed and found.differences[0].largest == 0


@pytest.mark.slow
def test_another_model_is_refused(project: Any, tmp_path: Path) -> None:
    made, path = project
    other = tmp_path / "counting.tflite"
    other.write_bytes(path.read_bytes() + b"\0")
    with Board(made) as board, pytest.raises(UsageError, match="is not the file"):
        on_board(board, made.archive, other)


@pytest.mark.slow
def test_the_command_validates_with_given_inputs(
    project: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("ai_edge_litert")
    made, path = project
    values = tmp_path / "inputs.npz"
    np.savez(values, t0=np.arange(12, dtype=np.float32).reshape(3, 1, 4))
    arguments = ["validate", str(made.path), "--model", str(path), "--inputs", str(values)]
    assert main(arguments) == 0
    assert "compared with LiteRT on 3 inputs" in capsys.readouterr().out
    np.savez(values, wrong=np.zeros(4, np.float32))
    assert main(arguments) == 2
    assert "the inputs are called t0" in capsys.readouterr().err


def test_an_input_of_another_size_is_no_layer_difference() -> None:
    """Layers whose tensor has another type or size are run, and not compared."""
    archive: Any = types.SimpleNamespace(
        layers=[
            Layer(
                0, "a", "k", ("x",), (), (Tensor("a", (2,), "int8"),), 0, 0, 0, None, tensor="ta"
            ),
            Layer(
                1, "b", "k", ("x",), (), (Tensor("b", (2,), "int8"),), 0, 0, 0, None, tensor="tb"
            ),
            Layer(2, "c", "k", ("x",), (), (Tensor("c", (2,), "int8"),), 0, 0, 0, None),
        ]
    )
    ran: list[int] = []
    board: Any = types.SimpleNamespace(
        run_layer=ran.append, layer_tensor=lambda layer, argument, nbytes: b"\1\5"
    )
    wanted = {"ta": (np.uint8([1, 2]), None), "tb": (np.int8([1, 2]), None)}
    found = layer_differences(board, archive, wanted)
    assert ran == [0, 1, 2]
    assert [(one.layer, one.difference.largest) for one in found] == [("b", 3)]


def layered_model(path: Path) -> Path:
    """Four matrix products, one after the other; the last adds the input."""
    b = Builder()
    rng = np.random.default_rng(4)
    x = last = b.input((1, 16), "int8", 0.05)
    for width in (16, 16, 24, 16):
        rows = int(b.tensors[last].shape[1])
        weight = b.tensor(
            (width, rows), "int8", 0.02, data=rng.integers(-60, 61, (width, rows), np.int8)
        )
        bias = b.tensor((width,), "int32", 0.001, data=np.zeros(width))
        y = b.tensor((1, width), "int8", 0.05)
        b.op("FULLY_CONNECTED", [last, weight, bias], [y], "FullyConnectedOptions")
        last = y
    result = b.tensor((1, 16), "int8", 0.06)
    b.op("ADD", [last, x], [result], "AddOptions")
    return b.save(path, [result])


class WrongProducts:
    """A kernel library whose products of 24 results are two steps off."""

    name = "wrong"

    def candidates(self, op: Operator) -> list[Candidate]:
        """Those of portable kernels, for another zero point."""
        if not isinstance(op, MatrixProduct) or op.y.channels != 24:
            return []
        wrong = replace(op, y_zero=op.y_zero + 2)
        return [
            replace(found, estimate=0.0)
            for library in libraries_for(frozenset())
            for found in library.candidates(wrong)
        ]


@pytest.mark.slow
def test_layers_name_a_wrong_kernel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ai_edge_litert")
    compiler()
    path = layered_model(tmp_path / "layered.tflite")
    target = Target("c", (WrongProducts(), *libraries_for(frozenset())))
    wrong = compile_model(path, target)
    right = compile_model(path)
    assert [layer.tensor for layer in right.layers] == ["t3", "t6", "t9", "t13"]
    found = on_host(wrong, path, lambda: right, layers=True)
    assert (found.board, found.portable) == ("posix", None)
    validation = found.validation
    assert not validation.passed and validation.first is not None
    assert validation.first.layer == "t9" and validation.first.difference.largest == 2
    assert [one.difference.largest for one in validation.layers[:2]] == [0, 0]
    with pytest.raises(ValidationError, match="it begins at layer 2, 't9' \\(matmul"):
        deliver(validation)
    assert "4 layers compared" in capsys.readouterr().out


@pytest.mark.slow
def test_a_board_runs_layer_by_layer(
    project: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also with state, which must be what it was when the input's run began."""
    pytest.importorskip("ai_edge_litert")
    made, path = project
    assert made.archive.memory.state > 0
    assert main(["validate", str(made.path), "--model", str(path), "--layers"]) == 0
    assert "none is beyond the limit" in capsys.readouterr().out


@pytest.mark.slow
def test_kernels_of_a_core_are_verified_or_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Zephyr no emulated board can be built."""
    pytest.importorskip("ai_edge_litert")
    compiler()
    monkeypatch.setenv("ZEPHYR_BASE", str(tmp_path))
    path = layered_model(tmp_path / "layered.tflite")
    output = str(tmp_path / "m.tar")
    command = ["compile", "--verify", "--target-c-mcpu", "cortex-m4", "-o", output, str(path)]
    assert tvmc.main(command) == 0
    printed = capsys.readouterr().out
    assert "verified with portable kernels, not those for cortex-m4 (mps2_an386: " in printed
    assert "0 steps" in printed


@pytest.mark.parametrize("option", [["--layers"], ["--tolerance", "2"]])
def test_options_of_verify_need_it(
    option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tvmc.main(["compile", *option, "-o", str(tmp_path / "m.tar"), "m.tflite"]) == 2
    assert f"{option[0]} needs --verify" in capsys.readouterr().err


@pytest.mark.slow
def test_compile_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ai_edge_litert")
    model = shared_model("kws_ref_model")
    assert SHARED / "models" in model.parents
    assert tvmc.main(["compile", "--verify", "-o", str(tmp_path / "m.tar"), str(model)]) == 0
    printed = capsys.readouterr().out
    assert "0 steps" in printed and "100%" in printed


def test_onnx_reference_runs_models_of_opsets_that_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bundled model is of opset 17, whose DequantizeLinear onnx.reference does not have."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    digits = read(resources.path("examples") / "digits" / "digits_int8.onnx")
    found = reference(digits, "onnx").run([np.zeros((1, 1, 8, 8), np.float32)])
    assert [array.shape for array in found] == [(1, 10)]


def test_a_runtime_that_cannot_run_the_model_is_an_error(tmp_path: Path) -> None:
    damaged = tmp_path / "model.tflite"
    damaged.write_bytes(b"\x1c\0\0\0TFL3" + bytes(64))
    with pytest.raises(UsageError, match=r"model\.tflite: LiteRT cannot run it: \w+"):
        reference(read(damaged), "tflite")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="torch is installed")
def test_a_runtime_that_is_not_installed_is_named() -> None:
    with pytest.raises(UsageError, match="validation needs PyTorch") as caught:
        reference(Source(Path("net.pt2"), b""), "pytorch")
    assert caught.value.hint == "pip install 'zephyr-counters[pytorch]'"


def test_a_runtime_that_crashes_does_not_end_the_program(tmp_path: Path) -> None:
    """LiteRT corrupts its memory with 8-bit SVDF, and then crashes or does not."""
    pytest.importorskip("ai_edge_litert")
    model = shared_model("zoo/tflm_keyword_scrambled_8bit.tflite")
    try:
        results = process.run(read(model), "tflite", rounds([Tensor("x", (1, 96), "int16")], 2))
        assert [array.shape for array in results.outputs[1]] == [(1, 2)]
    except UsageError as error:
        assert "the tflite runtime crashed" in error.what
        assert error.hint == "pip install tflite-micro"
    damaged = tmp_path / "model.tflite"
    damaged.write_bytes(b"\x1c\0\0\0TFL3" + bytes(64))
    with pytest.raises(UsageError, match=r"model\.tflite: LiteRT cannot run it: \w+"):
        process.run(read(damaged), "tflite", [[np.zeros(1)]])


@pytest.mark.skipif(importlib.util.find_spec("tflite_micro") is not None, reason="it is installed")
def test_signal_operators_ask_for_tensorflow_lite_micro(tmp_path: Path) -> None:
    path = save(tmp_path / "delay.tflite", [CASES["delay"]])
    with pytest.raises(UsageError, match=r"delay\.tflite: has operators that only") as caught:
        reference(read(path), "tflite")
    assert caught.value.hint == "pip install tflite-micro"
