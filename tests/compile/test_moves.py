# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Pads and transposes that the operators around them take over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from onnx import helper
from onnx_models import FLOAT, Quantized, evaluate, model
from zephyr_counters.compile import compile_model

RNG = np.random.default_rng(7)
X: Any = [1, 6, 5, 3]


def weights(*shape: int) -> Any:
    """Random float weights."""
    return RNG.standard_normal(shape).astype(np.float32) * 0.3


def run(nodes: Any, constants: Any, tmp_path: Path, shape: Any = X, outputs: Any = None) -> Any:
    """Compile, run and compare with ONNX's reference; gives the layers' operators."""
    names = outputs or [nodes[-1].output[0]]
    inputs = [("x", FLOAT, shape)]
    x = RNG.standard_normal(shape).astype(np.float32)
    untyped = model(nodes, inputs, [(n, FLOAT, None) for n in names], constants, check=False)
    wanted = evaluate(untyped, x=x)
    results = [(n, FLOAT, y.shape) for n, y in zip(names, wanted, strict=True)]
    path = tmp_path / "model.onnx"
    onnx.save(model(nodes, inputs, results, constants), path)
    archive = compile_model(path)
    got = build(archive, tmp_path / "build", "-O0").run([[x]])[0]
    for a, b in zip(got, wanted, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    return [layer.ops for layer in archive.layers]


def node(op: str, inputs: str, output: str, **attributes: Any) -> Any:
    """A node with one result."""
    return helper.make_node(op, inputs.split(), [output], **attributes)


TO_FIRST, TO_LAST = [0, 3, 1, 2], [0, 2, 3, 1]
CHAIN = [
    node("Transpose", "x", "t", perm=TO_FIRST),
    node("Conv", "t w", "c", pads=[1, 1, 1, 1]),
    node("Relu", "c", "r"),
    node("MaxPool", "r", "m", kernel_shape=[2, 2]),
]
W = {"w": weights(4, 3, 3, 3)}


def transposes(layers: Any) -> int:
    """How many layers transpose."""
    return sum("permute_dims" in ops for ops in layers)


def test_transposes_around_convolutions_cancel(tmp_path: Path) -> None:
    nodes = [*CHAIN, node("Transpose", "m", "y", perm=TO_LAST)]
    assert transposes(run(nodes, W, tmp_path)) == 0


def test_a_transpose_ends_at_a_global_pool(tmp_path: Path) -> None:
    nodes = [*CHAIN, node("GlobalAveragePool", "m", "g"), node("Flatten", "g", "y")]
    assert transposes(run(nodes, W, tmp_path)) == 0


def test_a_transpose_passes_a_residual_addition_and_a_reduction(tmp_path: Path) -> None:
    nodes = [
        *CHAIN[:3],
        node("Conv", "r v", "d", pads=[1, 1, 1, 1]),
        node("Add", "d r", "a"),
        node("Add", "a b", "e"),
        node("Concat", "e a", "n", axis=1),
        node("ReduceMean", "n axes", "y", keepdims=0),
    ]
    constants = {
        **W, "v": weights(4, 4, 3, 3), "b": weights(4, 1, 1), "axes": np.array([2, 3]),
    }  # fmt: skip
    assert transposes(run(nodes, constants, tmp_path)) == 0


def test_a_transpose_of_unit_extents_is_a_view(tmp_path: Path) -> None:
    nodes = [node("Relu", "x", "r"), node("Transpose", "r", "t", perm=[2, 0, 1, 3])]
    nodes += [node("Sigmoid", "t", "y")]
    assert transposes(run(nodes, {}, tmp_path, [1, 1, 5, 3])) == 0


def test_what_depends_on_the_order_gets_it(tmp_path: Path) -> None:
    nodes = [
        *CHAIN[:3],
        node("Softmax", "r", "s", axis=2),
        node("Transpose", "r", "z", perm=[0, 2, 1, 3]),
    ]
    run(nodes, W, tmp_path, outputs=["s", "z", "r"])


def test_what_is_used_both_ways_is_transposed_once(tmp_path: Path) -> None:
    nodes = [
        node("Transpose", "x", "t", perm=TO_FIRST),
        node("Relu", "t", "a"),
        node("Flatten", "a", "f"),
        node("Transpose", "a", "y", perm=TO_LAST),
    ]
    assert transposes(run(nodes, {}, tmp_path, outputs=["f", "y"])) == 1


@pytest.mark.parametrize("asymmetric", [False, True])
def test_a_pad_before_a_convolution_is_its_padding(asymmetric: bool, tmp_path: Path) -> None:
    pads = np.array([0, 0, 0, 1, 0, 0, 1, 2] if asymmetric else [0, 0, 1, 1, 0, 0, 1, 1])
    nodes = [node("Pad", "x p", "t"), node("Conv", "t w", "y", strides=[2, 2])]
    layers = run(nodes, {**W, "p": pads}, tmp_path, [1, 3, 6, 5])
    assert len(layers) == 1


def test_a_pad_before_a_maximum_pool_is_its_padding(tmp_path: Path) -> None:
    pads = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    nodes = [
        node("Relu", "x", "r"),
        node("Pad", "r p", "t"),
        node("MaxPool", "t", "y", kernel_shape=[3, 3], strides=[2, 2]),
    ]
    assert not any("pad" in ops and "max_pool2d" not in ops for ops in
                   run(nodes, {"p": pads}, tmp_path, [1, 3, 6, 5]))  # fmt: skip


@pytest.mark.parametrize(
    ("pads", "value", "follows"),
    [
        ([0, 0, 1, 1, 0, 0, 1, 1], 2.0, node("Conv", "t w", "y")),
        ([0, 0, 3, 1, 0, 0, 1, 1], 0.0, node("Conv", "t w", "y")),
        ([0, 0, 1, 1, 0, 0, 1, 1], 0.0, node("MaxPool", "t", "y", kernel_shape=[3, 3])),
        ([0, 0, 1, 1, 0, 0, 1, 1], 0.0, node("AveragePool", "t", "y", kernel_shape=[3, 3])),
        ([1, 0, 1, 1, 0, 0, 1, 1], 0.0, node("Conv", "t w", "y")),
    ],
)
def test_other_pads_stay(pads: Any, value: float, follows: Any, tmp_path: Path) -> None:
    nodes = [node("Pad", "x p v", "t"), follows]
    constants = {"p": np.array(pads), "v": np.array(value, np.float32)}
    if follows.op_type == "Conv":
        constants |= W
    layers = run(nodes, constants, tmp_path, [1, 3, 6, 5])
    assert any("pad" in ops or "Pad" in ops for ops in layers)


def test_a_transpose_before_a_matrix_product_is_one_of_its_weights(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x w", "c"),
        node("Transpose", "c", "t", perm=TO_LAST),
        node("Flatten", "t", "f"),
        node("Add", "f b", "a"),
        node("Relu", "a", "r"),
        node("MatMul", "r v", "y"),
    ]
    constants = {**W, "v": weights(4 * 4 * 3, 5), "b": weights(4 * 4 * 3)}
    assert transposes(run(nodes, constants, tmp_path, [1, 3, 6, 5])) == 0
    nodes.append(node("Softmax", "f", "s"))
    assert transposes(run(nodes, constants, tmp_path, [1, 3, 6, 5], ["y", "s"])) == 1


def test_an_int8_network_keeps_its_kernels_alone(tmp_path: Path) -> None:
    """As tf2onnx and onnxruntime write it: each move lies between two equal scales."""
    made = Quantized()
    scales: Any = {"scale": 0.05, "zero": 3}
    x = made.requantize(made.input([1, 6, 5, 3], **scales), **scales)
    x = made.requantize(made.node("Transpose", [x], perm=TO_FIRST), **scales)
    pads = made.constant(np.array([0, 0, 1, 1, 0, 0, 1, 1]))
    x = made.requantize(made.node("Pad", [x, pads]), **scales)
    kernel, scale = made.weight([4, 3, 3, 3])
    x = made.node("Conv", [x, kernel, made.bias(4, scale * 0.05)])
    x = made.requantize(made.node("Relu", [x]), 0.1, -128)
    x = made.requantize(made.node("MaxPool", [x], kernel_shape=[2, 2]), 0.1, -128)
    x = made.requantize(made.node("Transpose", [x], perm=TO_LAST), 0.1, -128)
    x = made.requantize(made.node("Reshape", [x, made.constant([1, 80])]), 0.1, -128)
    matrix, _ = made.weight([80, 5], axis=1)
    network = made.finish(made.node("MatMul", [x, matrix]), [1, 5], 0.7, 1)
    path = tmp_path / "model.onnx"
    onnx.save(network, path)
    archive = compile_model(path)
    assert [layer.ops for layer in archive.layers if not layer.macs] == [("max_pool2d", "quantize")]
    assert len(archive.layers) == 3
    values = RNG.integers(-128, 128, X).astype(np.int8)
    ((got,),) = build(archive, tmp_path / "build").run([[values]])
    (wanted,) = evaluate(network, **{archive.inputs[0].name: values})
    assert np.abs(got.astype(int) - wanted.astype(int)).max() <= 1
