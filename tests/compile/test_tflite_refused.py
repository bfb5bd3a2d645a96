# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLite operators that are refused: by name, layer and file, and all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from micro_operators import BUILTIN, CUSTOM
from models_page import tflite_operators
from tflite_models import Builder
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError


def test_what_tensorflow_lite_micro_runs_has_a_converter() -> None:
    assert not (BUILTIN | CUSTOM) - set(tflite_operators())


def test_custom_operators_are_all_named(tmp_path: Path) -> None:
    made = Builder()
    names = ["Add2", "SignalMystery", "ZeroOut"]
    x = made.input([1, 4], "int16")
    results = [made.tensor([1, 4], "int16") for _ in names]
    for name, y in zip(names, results, strict=True):
        made.custom(name, [x], [y])
    path = made.save(tmp_path / "front.tflite", results)
    with pytest.raises(CompileError, match=r"front\.tflite: 3 operators") as caught:
        compile_model(path)
    for name, y in zip(names, results, strict=True):
        line = f"custom operator {name}, layer 't{y}': is defined by the runtime"
        assert line in caught.value.what


def test_code_of_vela_is_not_taken_for_a_model(tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([1, 4]), made.tensor([1, 4])
    made.custom("ethos-u", [x], [y])
    with pytest.raises(CompileError, match=r"layer 't1': is code for an Ethos-U"):
        compile_model(made.save(tmp_path / "vela.tflite", [y]))


@pytest.mark.parametrize("name", ["RFFT2D", "UNIQUE"])
def test_operators_that_micro_lacks_too(name: str, tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([1, 4], "float32"), made.tensor([1, 4], "float32")
    made.op(name, [x], [y])
    with pytest.raises(CompileError, match=rf"m\.tflite: operator {name}, layer 't1'"):
        compile_model(made.save(tmp_path / "m.tflite", [y]))


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ([1, 9], "peepholes"),
        ([1, 16], "projection"),
        ([1, 20], "projection"),
        ([], "coupled gates"),
    ],
)
def test_lstm_variants_on_integers_say_which(given: list[int], what: str, tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([1, 3, 4], "int8", 0.1), made.tensor([1, 3, 4], "int8", 0.1)
    inputs = [x, *([-1] * 23)]
    for index in given:
        inputs[index] = made.tensor([4], "int8", 0.1)
    options = "UnidirectionalSequenceLSTMOptions"
    made.op("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [y], options, fusedActivationFunction=4)
    with pytest.raises(CompileError, match=rf"layer 't1': its {what}.* on integers"):
        compile_model(made.save(tmp_path / "m.tflite", [y]))


def test_an_extent_of_0_is_not_called_open(tmp_path: Path) -> None:
    made = Builder()
    x, y = made.input([1, 0, 4], "float32"), made.tensor([1, 0, 4], "float32")
    made.op("TANH", [x], [y])
    with pytest.raises(CompileError, match=r"input 't0': the shape is empty"):
        compile_model(made.save(tmp_path / "m.tflite", [y]))
