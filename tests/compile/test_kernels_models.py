# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The reference models with the kernels of each core, run there, against LiteRT and plain C."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnx_models
import pytest
from compile_fixtures import build
from models import REFERENCE_MODELS, shared_model
from onnx import helper
from zephyr_counters.compile import compile_model

from bench import emulated_core, kernels

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", REFERENCE_MODELS)
def test_model_gives_the_same_on_every_core(name: str, tmp_path: Path) -> None:
    if missing := emulated_core.missing():
        pytest.skip(missing)
    interpreter_module = pytest.importorskip("ai_edge_litert.interpreter")
    path = shared_model(name)
    portable = compile_model(path)
    inputs = kernels.random_inputs(portable)
    expected = build(portable, tmp_path / "here").run([inputs])[0][0]
    interpreter = interpreter_module.Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], inputs[0])
    interpreter.invoke()
    theirs = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    for mcpu in ("cortex-m4", "cortex-m55"):
        archive = compile_model(path, mcpu=mcpu)
        assert archive.metadata["core"]
        machine = emulated_core.CORES[mcpu]
        (output,) = emulated_core.run_model(machine, archive, inputs, tmp_path / mcpu).outputs
        if output.dtype == np.int8:
            np.testing.assert_array_equal(output, expected)
            assert np.abs(output.astype(int) - theirs.astype(int)).max() <= 1
        else:
            scale = np.abs(expected).max()
            assert np.abs(output - expected).max() <= 1e-5 * scale
            assert np.abs(output - theirs).max() <= 1e-5 * scale


@pytest.mark.parametrize("mcpu", ["cortex-m4", "cortex-m55"])
def test_floats_are_rounded_to_even(mcpu: str, tmp_path: Path) -> None:
    if missing := emulated_core.missing():
        pytest.skip(missing)
    ties = np.array([0.0, 0.3, 0.5, 0.7, 1.5, 2.5, 4194303.5, 4194304.5, 8388607.5, 1e30, np.inf])
    values = np.concatenate([ties, -ties, np.random.default_rng(0).normal(size=42) * 100]).astype(
        np.float32
    )
    shape = (1, values.size)
    made = onnx_models.model(
        [helper.make_node("Round", ["x"], ["y"])],
        [("x", onnx_models.FLOAT, shape)],
        [("y", onnx_models.FLOAT, shape)],
    )
    onnx.save(made, tmp_path / "model.onnx")
    archive = compile_model(tmp_path / "model.onnx", mcpu=mcpu)
    inputs = [values.reshape(shape)]
    machine = emulated_core.CORES[mcpu]
    (output,) = emulated_core.run_model(machine, archive, inputs, tmp_path / "run").outputs
    np.testing.assert_array_equal(output.view(np.int32), np.rint(inputs[0]).view(np.int32))
