# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The five reference models: compiled, built, run, and compared with TVM and with LiteRT."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build, int8_inputs
from models import shared_model
from reference_compiler import Reference
from zephyr_counters.compile import compile_model

pytestmark = pytest.mark.slow

# name: MACs, RAM for activations (bytes), layers, most LSB off LiteRT, least top-1 agreement
INT8 = {
    "kws_ref_model": (2_656_768, 16_496, 12, 1, 1.0),
    "pretrainedResnet_quant": (12_501_632, 35_840, 12, 1, 1.0),
    "vww_96_int8": (7_489_664, 82_944, 30, 1, 1.0),
    "ad01_int8": (264_192, 1_408, 10, 1, None),
}
ROUNDS = 24


def litert(path: Any, inputs: Any) -> Any:
    interpreter_module = pytest.importorskip("ai_edge_litert.interpreter")
    interpreter = interpreter_module.Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    source, result = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    outputs = []
    for array in inputs:
        interpreter.set_tensor(source["index"], array)
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(result["index"]).copy())
    return np.stack(outputs)


def first_outputs(rounds: Any) -> Any:
    return np.stack([outputs[0] for outputs in rounds])


@pytest.fixture(scope="module", params=sorted(INT8))
def int8_case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = shared_model(request.param)
    archive = compile_model(path)
    program = build(archive, tmp_path_factory.mktemp(request.param))
    inputs = int8_inputs(archive.inputs[0].shape, ROUNDS)
    return request.param, path, program, inputs, first_outputs(program.run([[x] for x in inputs]))


def test_int8_model_agrees_with_tvm_on_the_host(int8_case: Any) -> None:
    _, path, _, inputs, outputs = int8_case
    reference = Reference(path)
    expected = np.stack([reference.run(array)[0] for array in inputs])
    # Softmax ends some of them, and the C library's expf is not LLVM's.
    assert np.abs(outputs.astype(int) - expected.astype(int)).max() <= 1
    assert np.mean(outputs != expected) < 0.01


def test_int8_model_agrees_with_litert(
    int8_case: Any, record_property: Callable[[str, object], None]
) -> None:
    name, path, _, inputs, outputs = int8_case
    _, _, _, most, agreement = INT8[name]
    expected = litert(path, inputs)
    error = np.abs(outputs.astype(int) - expected.astype(int))
    same = np.mean(
        outputs.reshape(ROUNDS, -1).argmax(axis=1) == expected.reshape(ROUNDS, -1).argmax(axis=1)
    )
    record_property("litert_error_lsb", {"max": int(error.max()), "mean": float(error.mean())})
    record_property("litert_top1_agreement", float(same))
    if most is not None:
        assert error.max() <= most
    if agreement is not None:
        assert same >= agreement


def test_int8_model_is_all_integers_and_small(int8_case: Any) -> None:
    name, _, program, _, _ = int8_case
    macs, activations, layers, _, _ = INT8[name]
    archive = program.archive
    assert sum(layer.macs for layer in archive.layers) == macs
    assert archive.memory.activations == activations < archive.memory.unplanned
    assert archive.memory.workspace == 0
    assert len(archive.layers) == layers
    for layer in archive.layers:
        if layer.macs:
            assert {tensor.dtype for tensor in (*layer.inputs, *layer.outputs)} <= {
                "int8",
                "int32",
            }
        assert layer.bytes_read == sum(tensor.nbytes for tensor in layer.inputs)
        assert layer.bytes_written == sum(tensor.nbytes for tensor in layer.outputs)
    assert len({layer.name for layer in archive.layers}) == layers


def test_running_again_without_new_inputs_gives_the_same(int8_case: Any) -> None:
    _, _, program, inputs, outputs = int8_case
    again = first_outputs(program.run([[array] for array in inputs[:4]], repeat=3))
    np.testing.assert_array_equal(again, outputs[:4])


def test_mac_array_agrees_to_the_last_bit(int8_case: Any, tmp_path: Path) -> None:
    _, path, _, inputs, outputs = int8_case
    archive = compile_model(path, "c,mac-array")
    assert archive.accelerators == ("mac-array",)
    for layer in archive.layers:
        assert (layer.accelerator == "mac-array") == (layer.macs > 0)
    program = build(archive, tmp_path)
    offloaded = first_outputs(program.run([[array] for array in inputs[:6]]))
    np.testing.assert_array_equal(offloaded, outputs[:6])


def test_float_model_agrees(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    path = shared_model("ad01_fp32")
    archive = compile_model(path)
    assert archive.memory.workspace == 0
    program = build(archive, tmp_path)
    rng = np.random.default_rng(2)
    shape = archive.inputs[0].shape
    inputs = [(rng.normal(size=shape) * rng.uniform(0.1, 5)).astype(np.float32) for _ in range(8)]
    inputs.append(np.linspace(-3, 3, shape[1], dtype=np.float32).reshape(shape))
    outputs = first_outputs(program.run([[array] for array in inputs]))
    reference = Reference(path)
    expected = np.stack([reference.run(array)[0] for array in inputs])
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-5)
    theirs = litert(path, inputs)
    scale = np.abs(theirs).max()
    error = float(np.abs(outputs - theirs).max() / scale)
    record_property("litert_error_relative", error)
    assert error < 1e-5


def test_same_model_same_bytes() -> None:
    path = shared_model("kws_ref_model")
    assert compile_model(path).to_bytes() == compile_model(path).to_bytes()


def test_progress_is_reported() -> None:
    lines: list[str] = []
    compile_model(shared_model("ad01_int8"), progress=lines.append)
    assert lines[0] == "importing ad01_int8.tflite"
    assert len(lines) == 3
