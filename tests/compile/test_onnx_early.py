# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ONNX models of the first opsets, which no runtime runs any more: values by NumPy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from onnx import helper
from onnx_models import FLOAT
from zephyr_counters.compile import compile_model

X = np.random.default_rng(7).normal(size=(3, 3, 3, 3)).astype(np.float32)
COLUMN = np.float32([1, -2, 4])
NODE = helper.make_node

CASES: dict[str, Any] = {
    "add along an axis": (
        1, NODE("Add", ["x", "c"], ["y"], axis=1, broadcast=1), X + COLUMN[:, None, None],
    ),
    "divide along an axis": (
        6, NODE("Div", ["x", "c"], ["y"], axis=2, broadcast=1), X / COLUMN[:, None],
    ),
    "multiply along the last axis": (
        6, NODE("Mul", ["x", "c"], ["y"], broadcast=1), X * COLUMN,
    ),
    "reshape by an attribute": (1, NODE("Reshape", ["x"], ["y"], shape=[9, 9]), X.reshape(9, 9)),
    "concatenation without an axis": (
        1, NODE("Concat", ["x", "x"], ["y"]), np.concatenate([X, X], 1),
    ),
    "slice by attributes": (
        9, NODE("Slice", ["x"], ["y"], starts=[1, 0], ends=[3, -1], axes=[0, 2]), X[1:3, :, :-1],
    ),
    "slice of the first axes": (9, NODE("Slice", ["x"], ["y"], starts=[1], ends=[9]), X[1:]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_operator_of_an_early_opset(name: str, tmp_path: Path) -> None:
    opset, node, wanted = CASES[name]
    info = helper.make_tensor_value_info
    constants = [helper.make_tensor("c", FLOAT, [3], COLUMN)] if "c" in node.input else []
    graph = helper.make_graph(
        [node],
        "early",
        [info("x", FLOAT, X.shape), *(info(c.name, FLOAT, c.dims) for c in constants)],
        [info("y", FLOAT, wanted.shape)],
        constants,
    )
    opsets = [helper.make_opsetid("", opset)]
    path = tmp_path / "m.onnx"
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=3), path)
    got = build(compile_model(path), tmp_path / "build", "-O0").run([[X]])[0][0]
    np.testing.assert_allclose(got, wanted, rtol=1e-6)
