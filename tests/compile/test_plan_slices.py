# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Slices and splits that are views of their source's memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx_plans
import pytest
from compile_fixtures import build
from onnx_models import Quantized, evaluate
from onnx_plans import node
from references import litert
from tflite_models import Builder
from tvm import te
from zephyr_counters.compile import compile_model
from zephyr_counters.compile.plan.slices import start
from zephyr_counters.measure.lifetimes import live_at

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(11)
X: Any = (1, 4, 6, 4)


def copied(shape: Any, *stages: Any) -> int | None:
    """Where the elements lie of stages that each index what is before them."""
    x = last = te.placeholder(shape, "float32", "x")
    for extents, indices in stages:
        last = moved(last, extents, indices)
    return start(te.create_prim_func([x, last]))


def moved(source: Any, extents: Any, indices: Any) -> Any:
    """Elements of a tensor."""
    return te.compute(extents, lambda *axes: source[indices(*axes)])


def test_rows_in_one_piece_of_memory() -> None:
    rows = ((1, 2, 8), lambda i, j, k: (i, j + 2, k))
    assert copied((1, 4, 8), rows) == 16
    assert copied((1, 4, 8), rows, ((16,), lambda i: (0, i // 8, i % 8))) == 16
    assert copied((1, 4, 8), ((1, 1, 4), lambda i, j, k: (i, j + 1, k + 4))) == 12
    assert copied((1, 4, 8), ((1, 4, 8), lambda i, j, k: (i, j, k))) == 0


@pytest.mark.parametrize(
    ("extents", "indices"),
    [
        ((1, 2, 8), lambda i, j, k: (i, j * 2, k)),
        ((1, 4, 4), lambda i, j, k: (i, j, k + 4)),
        ((1, 1, 8), lambda i, j, k: (i, j, 7 - k)),
        ((4,), lambda i: (0, i, i)),
        ((1, 8, 4), lambda i, j, k: (i, k, j)),
    ],
)
def test_elements_apart_or_in_another_order(extents: Any, indices: Any) -> None:
    assert copied((1, 4, 8), (extents, indices)) is None


def ints(*values: int) -> Any:
    """A constant of int64."""
    return np.array(values, np.int64)


CONV = {"w": RNG.standard_normal((4, 4, 3, 3)).astype(np.float32) * 0.3,
        "v": RNG.standard_normal((2, 2, 3, 3)).astype(np.float32) * 0.3,
        "u": RNG.standard_normal((4, 2, 3, 3)).astype(np.float32) * 0.3}  # fmt: skip
SAME = {"pads": [1, 1, 1, 1]}


def run(nodes: Any, constants: Any, tmp_path: Path, outputs: Any, shape: Any = X) -> Any:
    """Run a model with an input of a shape."""
    x = RNG.standard_normal(shape).astype(np.float32)
    return onnx_plans.run(nodes, constants, tmp_path, outputs, x)


def copies(archive: Any) -> int:
    """How many layers only slice."""
    return sum({"split", "strided_slice"} >= set(layer.ops) for layer in archive.layers)


def test_parts_of_a_split_are_views(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x w", "c", **SAME),
        node("Split", "c", "a b", axis=1, num_outputs=2),
        node("Conv", "a v", "d", **SAME),
        node("Conv", "b v", "e", **SAME),
        node("Concat", "d e", "y", axis=1),
    ]
    archive = run(nodes, CONV, tmp_path, ["y"])
    assert copies(archive) == 0
    assert len(archive.layers) == 3, "the concat is none, either"
    reads = [layer.inputs[0] for layer in archive.layers[1:3]]
    source = archive.layers[0].outputs[0]
    assert {tensor.name for tensor in reads} == {source.name}
    assert {tensor.nbytes for tensor in reads} == {source.nbytes // 2}
    live = [live_at(archive.layers, step).get(source.name) for step in range(3)]
    assert live == [source.nbytes] * 3


@pytest.mark.slow
def test_a_part_that_is_not_aligned_or_not_in_one_piece_is_copied(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x w", "c", **SAME),
        node("Split", "c", "a b", axis=1, num_outputs=2),
        node("Conv", "a v", "d", **SAME),
        node("Conv", "b v", "y", **SAME),
    ]
    assert copies(run(nodes, CONV, tmp_path, ["d", "y"], [1, 4, 3, 3])) == 1
    nodes[1] = node("Split", "c", "a b", axis=3, num_outputs=2)
    nodes[2:] = [node("Conv", "a w", "d", **SAME), node("Conv", "b w", "y", **SAME)]
    assert copies(run(nodes, CONV, tmp_path, ["d", "y"])) == 2


def test_slices_of_inputs_and_slices_that_are_results_are_copied(tmp_path: Path) -> None:
    nodes = [
        node("Slice", "x begin end axis", "a"),
        node("Conv", "a u", "c", **SAME),
        node("Slice", "c begin end axis", "y"),
    ]
    constants = {**CONV, "begin": ints(2), "end": ints(4), "axis": ints(1)}
    assert copies(run(nodes, constants, tmp_path, ["y"])) == 2


def test_a_slice_of_a_reshape_of_a_slice_is_a_view(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x w", "c", **SAME),
        node("Slice", "c two four one", "a"),
        node("Conv", "a v", "d", **SAME),
        node("Reshape", "a shape", "r"),
        node("Slice", "r two four one", "s"),
        node("Softmax", "s", "p", axis=2),
        node("Softmax", "r", "q", axis=2),
    ]
    constants = {
        **CONV, "one": ints(1), "two": ints(2), "four": ints(4), "shape": ints(1, 4, 12),
    }  # fmt: skip
    archive = run(nodes, constants, tmp_path, ["c", "d", "p", "q"])
    assert copies(archive) == 0


def test_a_small_slice_does_not_keep_a_large_tensor(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x w", "c", **SAME),
        node("Slice", "c zero one axis", "a"),
        node("Conv", "c w", "d", **SAME),
        node("Conv", "d w", "e", **SAME),
        node("Conv", "a thin", "b", **SAME),
        node("GlobalAveragePool", "e", "f"),
        node("Conv", "f big", "g"),
        node("Mul", "b g", "y"),
    ]
    constants = {
        **CONV, "zero": ints(0), "one": ints(1), "axis": ints(1),
        "thin": RNG.standard_normal((64, 1, 3, 3)).astype(np.float32),
        "big": RNG.standard_normal((64, 4, 1, 1)).astype(np.float32),
    }  # fmt: skip
    archive = run(nodes, constants, tmp_path, ["y"], [1, 4, 16, 16])
    assert copies(archive) == 1


def test_an_int8_network(tmp_path: Path) -> None:
    """Slices between equal scales, as onnxruntime quantizes them."""
    made = Quantized()
    scales: Any = {"scale": 0.1, "zero": -5}
    kernel, scale = made.weight([4, 4, 3, 3])
    x = made.node("Conv", [made.input([1, 4, 4, 4]), kernel, made.bias(4, scale * 0.05)], **SAME)
    x = made.requantize(x, **scales)
    parts = [
        made.requantize(part, **scales)
        for part in made.node("Split", [x], outputs=2, axis=1, num_outputs=2)
    ]
    ends = []
    for part in parts:
        kernel, scale = made.weight([2, 2, 3, 3])
        y = made.node("Conv", [part, kernel, made.bias(2, scale * 0.1)], **SAME)
        ends.append(made.requantize(y, **scales))
    network = made.finish(made.node("Concat", ends, axis=1), [1, 4, 4, 4])
    path = tmp_path / "model.onnx"
    onnx.save(network, path)
    archive = compile_model(path)
    assert len(archive.layers) == 3
    values = RNG.integers(-128, 128, (1, 4, 4, 4)).astype(np.int8)
    ((got,),) = build(archive, tmp_path / "build").run([[values]])
    (wanted,) = evaluate(network, **{archive.inputs[0].name: values})
    assert np.abs(got.astype(int) - wanted.astype(int)).max() <= 1


@pytest.mark.parametrize("operator", ["SPLIT", "SLICE"])
def test_tflite(operator: str, tmp_path: Path) -> None:
    b = Builder()
    x = b.input(X, "int8", 0.05, -7)

    def conv(source: Any, shape: Any) -> Any:
        data = RNG.integers(-127, 128, (4, 3, 3, 4))
        weight = b.tensor(data.shape, "int8", 0.02, 0, data=data)
        bias = b.tensor((4,), "int32", 0.001, 0, data=RNG.integers(-500, 500, 4))
        y = b.tensor(shape, "int8", 0.05, -7)
        b.op("CONV_2D", [source, weight, bias], [y], "Conv2DOptions", strideH=1, strideW=1,
             dilationHFactor=1, dilationWFactor=1)  # fmt: skip
        return y

    half = (1, 2, 6, 4)
    c = conv(x, X)
    parts = [b.tensor(half, "int8", 0.05, -7) for _ in range(2)]
    if operator == "SPLIT":
        axis = b.tensor((), "int32", data=np.array(1))
        b.op("SPLIT", [axis, c], parts, "SplitOptions", numSplits=2)
    else:
        for k, part in enumerate(parts):
            begin = b.ints([0, 2 * k, 0, 0])
            b.op("SLICE", [c, begin, b.ints(half)], [part], "SliceOptions")
    path = b.save(tmp_path / "model.tflite", [conv(part, half) for part in parts])
    archive = compile_model(path)
    assert [layer.ops for layer in archive.layers if not layer.macs] == []
    values = RNG.integers(-128, 128, X).astype(np.int8)
    (got,) = build(archive, tmp_path / "build").run([[values]])
    (wanted,) = litert(path, [[values]], delegates=False)
    for a, y in zip(got, wanted, strict=True):
        assert np.abs(a.astype(int) - y.astype(int)).max() <= 1
