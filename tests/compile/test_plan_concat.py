# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Concats whose inputs are written to their places in the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx_plans
import pytest
from compile_fixtures import build
from onnx_plans import node
from references import litert
from tflite_models import Builder
from tvm import te, tirx
from zephyr_counters.compile import compile_model
from zephyr_counters.compile.plan.slices import pieces
from zephyr_counters.measure.lifetimes import live_at

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(12)
X: Any = (1, 4, 4, 4)
SAME = {"pads": [1, 1, 1, 1]}
CONSTANTS = {
    "w": RNG.standard_normal((4, 4, 3, 3)).astype(np.float32) * 0.3,
    "v": RNG.standard_normal((8, 4, 3, 3)).astype(np.float32) * 0.3,
    "odd": RNG.standard_normal((3, 4, 3, 3)).astype(np.float32) * 0.3,
    "shape": np.array([1, -1, 2], np.int64),
}  # fmt: skip


def joined(axis: int, *shapes: Any) -> Any:
    """Where the inputs of a concat are."""
    parts = [te.placeholder(shape, "float32", f"x{i}") for i, shape in enumerate(shapes)]
    extents = [shape[axis] for shape in shapes]
    whole = list(shapes[0])
    whole[axis] = sum(extents)

    def element(*index: Any) -> Any:
        value = None
        start = 0
        for part, extent in zip(parts, extents, strict=True):
            place = [*index[:axis], index[axis] - start, *index[axis + 1 :]]
            taken = part[tuple(place)]
            value = (
                taken if value is None else tirx.if_then_else(index[axis] >= start, taken, value)
            )
            start += extent
        return value

    return pieces(te.create_prim_func([*parts, te.compute(whole, element, "y")]))


def test_pieces_of_memory() -> None:
    assert joined(1, (1, 4, 3), (1, 2, 3), (1, 5, 3)) == [0, 12, 18]
    assert joined(0, (2, 4), (3, 4)) == [0, 8]
    assert joined(1, (2, 4, 3), (2, 2, 3)) is None
    assert joined(2, (1, 4, 3), (1, 4, 5)) is None


def run(nodes: Any, tmp_path: Path, outputs: Any = ("y",)) -> Any:
    """Run a model of this file's input and constants."""
    x = RNG.standard_normal(X).astype(np.float32)
    return onnx_plans.run(nodes, CONSTANTS, tmp_path, outputs, x)


def concats(archive: Any) -> int:
    """How many layers join tensors."""
    return sum("concat" in layer.ops for layer in archive.layers)


HEADS = [
    node("Conv", "x w", "c", **SAME),
    node("Conv", "c w", "a", **SAME),
    node("Conv", "c v", "b", **SAME),
    node("Reshape", "a shape", "p"),
    node("Reshape", "b shape", "q"),
    node("Concat", "p q", "j", axis=1),
]
"""As detectors join the boxes of feature maps."""


def test_heads_of_a_detector(tmp_path: Path) -> None:
    archive = run([*HEADS, node("Softmax", "j", "y", axis=2)], tmp_path)
    assert concats(archive) == 0
    assert len(archive.layers) == 4
    a, b = (archive.layers[step].outputs[0] for step in (1, 2))
    whole = archive.layers[3].inputs[0]
    assert a.name == b.name == whole.name
    assert whole.nbytes == a.nbytes + b.nbytes
    live = [live_at(archive.layers, step).get(whole.name) for step in range(4)]
    assert live == [None, *[whole.nbytes] * 3]


def test_a_result_of_the_model(tmp_path: Path) -> None:
    archive = run([*HEADS[:-1], node("Concat", "p q", "y", axis=1)], tmp_path)
    assert concats(archive) == 0
    assert archive.outputs[0].name == "y"


def test_joined_twice(tmp_path: Path) -> None:
    nodes = [
        *HEADS,
        node("Conv", "c w", "d", **SAME),
        node("Reshape", "d shape", "r"),
        node("Concat", "j r", "k", axis=1),
        node("Softmax", "k", "y", axis=2),
    ]
    assert concats(run(nodes, tmp_path)) == 0


@pytest.mark.parametrize(
    ("nodes", "why"),
    [
        ([*HEADS[:3], node("Concat", "x a", "j", axis=1)], "the model's input"),
        ([HEADS[0], node("Concat", "c c", "j", axis=1)], "one tensor twice"),
        ([*HEADS[:3], node("Concat", "a b", "j", axis=1), node("Concat", "a c", "k", axis=1),
          node("Concat", "j k", "m", axis=1)], "a part of two tensors"),
        ([*HEADS[:2], node("Concat", "c a", "j", axis=1)], "a part that another is made of"),
    ],
)  # fmt: skip
def test_what_stays_a_copy(nodes: Any, why: str, tmp_path: Path) -> None:
    last = nodes[-1].output[0]
    assert concats(run([*nodes, node("Softmax", last, "y", axis=3)], tmp_path)) >= 1, why


def test_a_result_that_is_joined_is_copied(tmp_path: Path) -> None:
    archive = run([*HEADS, node("Softmax", "j", "y", axis=2)], tmp_path, ["a", "y"])
    assert concats(archive) == 1


def test_parts_that_are_not_aligned(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x odd", "c", **SAME),
        node("AveragePool", "c", "a", kernel_shape=[2, 2]),
        node("MaxPool", "c", "b", kernel_shape=[2, 2]),
        node("Concat", "a b", "j", axis=1),
        node("Softmax", "j", "y", axis=3),
    ]
    assert concats(run(nodes, tmp_path)) == 1


def test_tflite_int8(tmp_path: Path) -> None:
    b = Builder()
    x = b.input(X, "int8", 0.05, -7)

    def conv(source: Any) -> Any:
        weight = b.tensor((4, 3, 3, 4), "int8", 0.02, 0, data=RNG.integers(-127, 128, (4, 3, 3, 4)))
        bias = b.tensor((4,), "int32", 0.001, 0, data=RNG.integers(-500, 500, 4))
        y = b.tensor(X, "int8", 0.05, -7)
        b.op("CONV_2D", [source, weight, bias], [y], "Conv2DOptions", strideH=1, strideW=1,
             dilationHFactor=1, dilationWFactor=1)  # fmt: skip
        return y

    first = conv(x)
    whole = b.tensor((1, 8, 4, 4), "int8", 0.05, -7)
    b.op("CONCATENATION", [conv(first), conv(first)], [whole], "ConcatenationOptions", axis=1)
    y = b.tensor((1, 8, 4, 4), "int8", 1 / 256, -128)
    b.op("LOGISTIC", [whole], [y])
    path = b.save(tmp_path / "model.tflite", [y])
    archive = compile_model(path)
    assert concats(archive) == 0
    values = RNG.integers(-128, 128, X).astype(np.int8)
    (got,) = build(archive, tmp_path / "build").run([[values]])
    (wanted,) = litert(path, [[values]], delegates=False)
    # LiteRT rounds twice, and the second convolution adds these differences up.
    assert np.abs(got[0].astype(int) - wanted[0].astype(int)).max() <= 4
