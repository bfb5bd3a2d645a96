# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ONNX's If: the branch that the model's shapes choose; refused if inputs choose it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from onnx import parser
from references import check, onnx_reference
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError

# The inner If takes its branch by a constant of the file; both outer branches use the name "t".
BY_SHAPE = """
<ir_version: 8, opset_import: ["" : 17]>
branches (float[N, 4] x) => (float[N, 4] y, float[N, 4] z)
<int64[1] one = {1}, int64[1] first = {0}, bool yes = {1}>
{
    shape = Shape(x)
    rows = Gather(shape, first)
    alone = Equal(rows, one)
    chosen = Squeeze(alone)
    y = If(chosen) <
        then_branch = once () => (float[N, 4] a)
        <float[1] half = {0.5}> { t = Mul(x, half) a = Add(t, x) },
        else_branch = often () => (float[N, 4] b)
        { b = If(yes) <
            then_branch = inner () => (float[N, 4] c) { t = Relu(x) c = Neg(t) },
            else_branch = never () => (float[N, 4] d) { d = Exp(x) } > }
    >
    z = If(chosen) <
        then_branch = same () => (float[N, 4] e) { e = Identity(x) },
        else_branch = other () => (float[N, 4] f) { t = Tanh(x) f = Identity(t) }
    >
}
"""


def saved(text: str, path: Path) -> Path:
    onnx.save(parser.parse_model(text), path)
    return path


@pytest.mark.parametrize("rows", [1, 3])
def test_shapes_choose_the_branch(rows: int, tmp_path: Path) -> None:
    path = saved(BY_SHAPE, tmp_path / "model.onnx")
    archive = compile_model(path, input_shapes={"x": [rows, 4]})
    assert all("Exp" not in str(layer.ops) for layer in archive.layers)
    rng = np.random.default_rng(rows)
    rounds: Any = [[rng.normal(size=(rows, 4)).astype(np.float32)]]
    check(build(archive, tmp_path / "build", "-O0").run(rounds), onnx_reference(path, rounds))


def test_a_branch_that_an_input_chooses_is_refused(tmp_path: Path) -> None:
    text = BY_SHAPE.replace("(float[N, 4] x)", "(float[N, 4] x, bool chosen)", 1)
    text = text.replace("    chosen = Squeeze(alone)\n", "")
    with pytest.raises(CompileError) as caught:
        compile_model(saved(text, tmp_path / "model.onnx"))
    assert caught.value.what.count("its condition chosen depends on inputs") == 2
    assert "operator If, layer 'y'" in caught.value.what
