# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Small float models of ONNX nodes, compiled, run and compared, to look at their plans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from compile_fixtures import build
from onnx import helper
from onnx_models import FLOAT, evaluate, model
from zephyr_counters.compile import compile_model


def node(op: str, inputs: str, outputs: str, **attributes: Any) -> Any:
    """A node of an ONNX model."""
    return helper.make_node(op, inputs.split(), outputs.split(), **attributes)


def run(nodes: Any, constants: Any, tmp_path: Path, outputs: Any, x: Any) -> Any:
    """Compile, run twice and compare with ONNX's reference; gives the archive."""
    inputs = [("x", FLOAT, x.shape)]
    untyped = model(nodes, inputs, [(n, FLOAT, None) for n in outputs], constants, check=False)
    wanted = evaluate(untyped, x=x)
    results = [(n, FLOAT, y.shape) for n, y in zip(outputs, wanted, strict=True)]
    path = tmp_path / "model.onnx"
    onnx.save(model(nodes, inputs, results, constants), path)
    archive = compile_model(path)
    for got in build(archive, tmp_path / "build", "-O0").run([[x], [x]]):
        for a, b in zip(got, wanted, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    return archive
