# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Small ONNX models of kinds that were refused, or gave wrong values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from onnx import TensorProto, helper
from onnx_models import FLOAT, model
from references import check, onnx_reference
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError
from zephyr_counters.validate.inputs import rounds

ODD = np.float32([[np.nan, -1, 2], [np.inf, 0, -np.inf]])
NODE = helper.make_node
SMALL = [("x", FLOAT, [2, 3])], [("y", FLOAT, [2, 3])]

# A model, and inputs where not just any will do.
CASES: dict[str, Any] = {
    "integer exponent": (
        lambda: model([NODE("Pow", ["x", "e"], ["y"])], *SMALL, {"e": np.array(3, np.int64)}),
        None,
    ),
    "NaN through Relu": (lambda: model([NODE("Relu", ["x"], ["y"])], *SMALL), [ODD]),
    "NaN through Max": (
        lambda: model(
            [NODE("Max", ["x", "z"], ["y"])], [*SMALL[0], ("z", FLOAT, [2, 3])], SMALL[1]
        ),
        [ODD, ODD[::-1].copy()],
    ),
    "NaN through Clip": (
        lambda: model(
            [NODE("Clip", ["x", "low", "high"], ["y"])], *SMALL,
            {"low": np.float32(-0.5), "high": np.float32(1)},
        ),
        [ODD],
    ),
    "scalar": (
        lambda: model([NODE("Abs", ["x"], ["y"])], [("x", FLOAT, [])], [("y", FLOAT, [])]), None,
    ),
    "output that is an input": (
        lambda: model(
            [NODE("Relu", ["x"], ["z"]), NODE("Identity", ["x"], ["y"])], SMALL[0],
            [("z", FLOAT, [2, 3]), ("y", FLOAT, [2, 3])],
        ),
        None,
    ),
    "output that is a constant": (
        lambda: model(
            [NODE("Relu", ["x"], ["y"]), NODE("Shape", ["x"], ["s"])], SMALL[0],
            [SMALL[1][0], ("s", TensorProto.INT64, [2])],
        ),
        None,
    ),
    "open batch and shape arithmetic": (
        lambda: model(
            [
                NODE("Shape", ["x"], ["s"]), NODE("Gather", ["s", "i"], ["b"]),
                NODE("Concat", ["b", "m"], ["t"], axis=0), NODE("Reshape", ["x", "t"], ["f"]),
                NODE("Gemm", ["f", "w"], ["y"]),
            ],
            [("x", FLOAT, ["batch", 2, 3])], [("y", FLOAT, ["batch", 4])],
            {"i": np.array([0]), "m": np.array([-1]), "w": np.ones((6, 4), np.float32)},
        ),
        [np.ones((1, 2, 3), np.float32)],
    ),
    "unused indices of a pool": (
        lambda: model(
            [NODE("MaxPool", ["x"], ["y", "i"], kernel_shape=[2, 2])],
            [("x", FLOAT, [1, 1, 4, 4])], [("y", FLOAT, [1, 1, 3, 3])],
        ),
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_model_is_right(name: Any, tmp_path: Path) -> None:
    make, inputs = CASES[name]
    path = tmp_path / "model.onnx"
    onnx.save(make(), path)
    archive = compile_model(path)
    given = [inputs] if inputs else rounds(archive.inputs, 2)
    check(build(archive, tmp_path / "build", "-O0").run(given), onnx_reference(path, given))


def test_einsum_has_macs(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(
        model(
            [NODE("Einsum", ["x", "w"], ["y"], equation="bij,jk->bik", name="product")],
            [("x", FLOAT, [2, 3, 4])],
            [("y", FLOAT, [2, 3, 5])],
            {"w": np.ones((4, 5), np.float32)},
        ),
        path,
    )
    assert sum(layer.macs for layer in compile_model(path).layers) == 2 * 3 * 4 * 5


def test_nodes_without_a_name_are_called_like_their_result(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(model([NODE("Relu", ["x"], ["y"])], *SMALL), path)
    assert [layer.name for layer in compile_model(path).layers] == ["y"]


def test_a_negative_extent_is_an_open_one(tmp_path: Path) -> None:
    """Some exporters write so; as a batch it is 1."""
    for extents, shape in (([-1, 3], (1, 3)), ([2, -1], None)):
        ends = [("x", FLOAT, extents)], [("y", FLOAT, ["n", "m"])]
        path = tmp_path / "m.onnx"
        onnx.save(model([NODE("Relu", ["x"], ["y"])], *ends, check=False), path)
        if shape is not None:
            assert compile_model(path).inputs[0].shape == shape
        else:
            with pytest.raises(CompileError, match=r"input 'x' has the open shape \[2,\?\]"):
                compile_model(path)
