# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compiler passes, the choice among kernels, and compile time."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from onnx import helper
from onnx_models import FLOAT, Quantized, model
from tvm import relax
from zephyr_counters.compile import compile_model, graph, pipeline, target
from zephyr_counters.errors import CompileError
from zephyr_counters.extensions.kernel import Candidate, CFile
from zephyr_counters.extensions.operator import Activation
from zephyr_counters.extensions.tensor_ir import c_call


def tanh_for_sigmoid(model: Any, target: Any) -> Any:
    """A pass: every sigmoid becomes a tanh."""
    steps = []
    for step in model.steps:
        if graph.op_name(step.value) == "sigmoid":
            step = dataclasses.replace(step, value=relax.op.tanh(step.value.args[0]))
        steps.append(step)
    return graph.Graph(model.params, steps, model.outputs)


def test_a_pass_is_a_function_in_the_list(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    node = helper.make_node("Sigmoid", ["x"], ["y"])
    onnx.save(model([node], [("x", FLOAT, [5])], [("y", FLOAT, [5])]), path)
    archive = compile_model(path, passes=(*pipeline.PASSES, tanh_for_sigmoid))
    x = np.linspace(-2, 2, 5, dtype=np.float32)
    ((y,),) = build(archive, tmp_path).run([[x]])
    np.testing.assert_allclose(y, np.tanh(x), rtol=1e-6)


class Tables:
    """A library with two kernels for activations; one of them is wrong, to tell them apart."""

    name = "tables"

    def __init__(self, **estimates: Any) -> None:
        self.estimates = estimates

    def candidates(self, op: Any) -> Iterator[Any]:
        if isinstance(op, Activation):
            for name, estimate in self.estimates.items():
                yield Candidate(name, partial(self.lower, op, name), estimate)

    def lower(self, op: Any, name: Any) -> Any:
        text = f"#include <stdint.h>\nint32_t {name}_run(int8_t *x, int8_t *y) {{ return 0; }}\n"
        return c_call(name, op, f"{name}_run", files=[CFile(f"{name}.c", text)])


@pytest.fixture
def sigmoid(tmp_path: Path) -> Any:
    q = Quantized(seed=1)
    path = tmp_path / "model.onnx"
    onnx.save(q.finish(q.node("Sigmoid", [q.input((1, 30))]), (1, 30), 1 / 256, -128), path)
    return path


def kernels(path: Any, **changes: Any) -> Any:
    wanted = dataclasses.replace(target.parse("c"), **changes)
    archive = compile_model(path, wanted)
    return list(archive.kernels), [layer.accelerator for layer in archive.layers]


def test_the_cheapest_of_all_libraries_is_taken(sigmoid: Any) -> None:
    a, b = Tables(slow=300, quick=100), Tables(quicker=50, slower=500)
    assert kernels(sigmoid, libraries=(a, b)) == (["quicker"], [None])
    assert kernels(sigmoid, libraries=(a,)) == (["quick"], [None])
    assert kernels(sigmoid, libraries=(b, a), choose=lambda op, found: found[-1])[0] == ["quick"]


def test_extensions_come_first_in_their_order(sigmoid: Any) -> None:
    a, b, c = Tables(slow=300), Tables(quick=100), Tables(quicker=1)
    assert kernels(sigmoid, libraries=(c,), extensions=(a, b)) == (["slow"], ["tables"])


def test_two_texts_of_one_c_file_are_refused(sigmoid: Any, tmp_path: Path) -> None:
    texts = iter(("int a;\n", "int b;\n"))

    class Clash(Tables):
        def lower(self, op: Any, name: Any) -> Any:
            return c_call(name, op, "f", files=[CFile("same.c", next(texts))])

    q = Quantized(seed=1)
    y = q.requantize(q.node("Sigmoid", [q.input((1, 30))]))
    path = tmp_path / "two.onnx"
    onnx.save(q.finish(q.node("Tanh", [y]), (1, 30), 1 / 128, 0), path)
    with pytest.raises(CompileError, match=r"two files are called same\.c"):
        kernels(path, libraries=(Clash(k=1),))


def chain(layers: Any) -> Any:
    """Alternating layers that TVM does not fuse into one another."""
    nodes, name = [], "x"
    for index in range(layers):
        made = f"t{index}"
        nodes.append(helper.make_node("Softmax", [name], [made], name=f"softmax{index}"))
        name = made
    nodes[-1].output[0] = "y"
    return model(nodes, [("x", FLOAT, [1, 8])], [("y", FLOAT, [1, 8])])


@pytest.mark.slow
def test_compile_time_is_linear_in_layers(tmp_path: Path) -> None:
    path, seconds = tmp_path / "model.onnx", {}
    for layers in (150, 1500):
        onnx.save(chain(layers), path)
        start = time.process_time()
        archive = compile_model(path)
        seconds[layers] = time.process_time() - start
        assert len(archive.layers) == layers
        assert archive.layers[-1].name == f"softmax{layers - 1}"
    assert seconds[1500] < 20
