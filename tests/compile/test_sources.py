# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which nodes of the model file a layer came from."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
import tflite
from models import shared_model
from zephyr_counters.compile import compile_model

DIGITS = Path(__file__).parents[2] / "examples" / "digits" / "digits_int8.onnx"


@pytest.mark.slow
def test_a_fused_layer_names_its_onnx_nodes(tmp_path: Path) -> None:
    archive = compile_model(DIGITS, target="c,mac-array", output=tmp_path / "digits.tar")
    stem = next(one for one in archive.layers if one.name == "stem")
    assert {"image_DequantizeLinear", "stem", "a1_QuantizeLinear"} <= {*stem.sources}
    named = {name for layer in archive.layers for name in layer.sources}
    nodes = onnx.load(DIGITS).graph.node
    assert named <= {one.name for one in nodes}
    # What is left is folded into constants, or a view, which takes no time.
    left = {one.op_type for one in nodes if one.name not in named}
    assert left <= {"DequantizeLinear", "QuantizeLinear", "Flatten"}


@pytest.mark.slow
def test_a_layer_names_the_tensors_that_tflite_operators_write(tmp_path: Path) -> None:
    path = shared_model("kws_ref_model.tflite")
    archive = compile_model(path, target="c", output=tmp_path / "kws.tar")
    graph = tflite.Model.GetRootAs(path.read_bytes(), 0).Subgraphs(0)
    written = {
        graph.Tensors(int(index)).Name().decode(): graph.Operators(number).OpcodeIndex()
        for number in range(graph.OperatorsLength())
        for index in graph.Operators(number).OutputsAsNumpy()
    }
    named = {name for layer in archive.layers for name in layer.sources}
    assert named < {*written} and len(named) == len(written) - 1  # a reshape is a view
