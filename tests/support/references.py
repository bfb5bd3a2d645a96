# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Right results of models: by LiteRT's kernels, or by ONNX's reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator


def litert(path: Path | str, rounds: Any, *, delegates: bool = True) -> Any:
    """Outputs of each round of inputs, in one session, with or without XNNPACK's kernels."""
    module = pytest.importorskip("ai_edge_litert.interpreter")
    options = {}
    if not delegates:
        kind = module.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        options["experimental_op_resolver_type"] = kind
    interpreter = module.Interpreter(str(path), num_threads=1, **options)
    interpreter.allocate_tensors()
    results = []
    for inputs in rounds:
        for detail, array in zip(interpreter.get_input_details(), inputs, strict=True):
            interpreter.set_tensor(detail["index"], array)
        interpreter.invoke()
        details = interpreter.get_output_details()
        results.append([np.array(interpreter.get_tensor(item["index"])) for item in details])
    return results


def onnx_reference(path: Path | str, rounds: Any) -> Any:
    """Outputs of each round of inputs by ONNX's own implementation."""
    model = onnx.load(path)
    constants = {item.name for item in model.graph.initializer}
    names = [item.name for item in model.graph.input if item.name not in constants]
    evaluator = ReferenceEvaluator(model)
    return [
        [np.asarray(x) for x in evaluator.run(None, dict(zip(names, inputs, strict=True)))]
        for inputs in rounds
    ]


def check(got: Any, wanted: Any, *, steps: int = 0, part: float = 1e-5) -> None:
    """Compare results: integers within `steps`, floats within a part of the largest magnitude."""
    assert len(got) == len(wanted)
    for a_round, b_round in zip(got, wanted, strict=True):
        assert len(a_round) == len(b_round)
        for a, b in zip(a_round, b_round, strict=True):
            assert (a.shape, a.dtype) == (b.shape, b.dtype)
            if a.dtype.kind in "iub":
                difference = np.abs(a.astype(np.int64) - b.astype(np.int64))
                assert difference.max(initial=0) <= steps, (a, b)
            else:
                finite = np.abs(b[np.isfinite(b)])
                limit = part * max(1e-6, finite.max(initial=0))
                np.testing.assert_allclose(a, b, rtol=0, atol=limit, equal_nan=True)
