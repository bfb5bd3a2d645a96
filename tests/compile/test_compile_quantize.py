# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The integer lowering: which patterns it takes, and that their results are ONNX's own."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from onnx_models import Quantized, evaluate
from zephyr_counters.compile import compile_model


@dataclasses.dataclass(frozen=True)
class Conv:
    """A convolution to test: shape is NCHW."""

    x: tuple[int, ...] = (1, 8, 7, 6)
    out: int = 8
    kernel: tuple[int, int] = (3, 3)
    groups: int = 1
    pads: tuple[int, int, int, int] = (1, 1, 1, 1)
    strides: tuple[int, int] = (1, 1)
    dilations: tuple[int, int] = (1, 1)
    bias: bool = True
    per_channel: bool = True
    activation: str | None = None
    dtype: str = "int8"


CONVS = {
    "plain": Conv(),
    "pointwise": Conv(kernel=(1, 1), pads=(0, 0, 0, 0), out=12),
    "no padding": Conv(pads=(0, 0, 0, 0)),
    "uneven padding and strides": Conv(pads=(0, 2, 1, 0), strides=(2, 3)),
    "dilated": Conv(x=(1, 4, 11, 9), dilations=(2, 3), pads=(2, 3, 1, 2)),
    "kernel larger than the image": Conv(x=(1, 4, 2, 2), kernel=(5, 5), pads=(2, 2, 2, 2)),
    "depthwise": Conv(groups=8),
    "depthwise strided": Conv(groups=8, strides=(2, 2), pads=(0, 0, 1, 1)),
    "depth multiplier": Conv(groups=8, out=16),
    "grouped": Conv(groups=2, out=6),
    "odd channels": Conv(x=(1, 3, 6, 6), out=5),
    "batch of three": Conv(x=(3, 4, 5, 5), out=6),
    "without bias": Conv(bias=False),
    "one weight scale": Conv(per_channel=False),
    "relu": Conv(activation="relu"),
    "clip": Conv(activation="clip"),
    "unsigned": Conv(dtype="uint8"),
}


def conv_model(case: Conv) -> Any:
    q = Quantized(seed=len(str(case)), dtype=case.dtype)
    x = q.input(case.x, zero=100 if case.dtype == "uint8" else 3)
    shape = (case.out, case.x[1] // case.groups, *case.kernel)
    weight, scale = q.weight(shape, per_channel=case.per_channel)
    inputs = [x, weight]
    if case.bias:
        inputs.append(q.bias(case.out, np.asarray(scale) * 0.05))
    y = q.node(
        "Conv", inputs, group=case.groups, pads=list(case.pads), strides=list(case.strides),
        dilations=list(case.dilations), kernel_shape=list(case.kernel),
    )  # fmt: skip
    if case.activation == "relu":
        y = q.node("Relu", [y])
    elif case.activation == "clip":
        bounds = [q.constant(np.float32(-1.5)), q.constant(np.float32(2.25))]
        y = q.node("Clip", [y, *bounds])
    height, width = (
        (case.x[2 + i] + case.pads[i] + case.pads[2 + i]
         - (case.kernel[i] - 1) * case.dilations[i] - 1) // case.strides[i] + 1
        for i in range(2)
    )  # fmt: skip
    zero = 120 if case.dtype == "uint8" else -5
    return q.finish(y, (case.x[0], case.out, height, width), zero=zero)


def inputs_for(made: Any, count: int = 6) -> Any:
    rng = np.random.default_rng(3)
    rounds = []
    for index in range(count):
        arrays = []
        for item in made.graph.input:
            shape = [dim.dim_value for dim in item.type.tensor_type.shape.dim]
            unsigned = item.type.tensor_type.elem_type == onnx.TensorProto.UINT8
            low, high = (0, 256) if unsigned else (-128, 128)
            array = rng.integers(low, high, shape)
            if index == 0:
                array = np.where(np.arange(array.size).reshape(shape) % 2, low, high - 1)
            arrays.append(array.astype(np.uint8 if unsigned else np.int8))
        rounds.append(arrays)
    return rounds


def compile_and_run(made: Any, tmp_path: Path, target: str = "c") -> Any:
    path = tmp_path / "model.onnx"
    onnx.save(made, path)
    archive = compile_model(path, target)
    program = build(archive, tmp_path / target)
    return archive, [result[0] for result in program.run(inputs_for(made))]


def check(made: Any, tmp_path: Path, target: str = "c") -> Any:
    """Compile, run, and compare with ONNX's reference: at most a tie rounded the other way."""
    archive, outputs = compile_and_run(made, tmp_path, target)
    rounds = inputs_for(made)
    names = [item.name for item in made.graph.input]
    for arrays, output in zip(rounds, outputs, strict=True):
        expected = evaluate(made, **dict(zip(names, arrays, strict=True)))[0]
        error = np.abs(output.astype(int) - expected.astype(int))
        assert error.max() <= 1
        assert np.mean(error) < 0.02
    return archive, outputs


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CONVS))
def test_convolutions(name: Any, tmp_path: Path) -> None:
    case = CONVS[name]
    made = conv_model(case)
    archive, outputs = check(made, tmp_path)
    (layer,) = archive.layers
    assert layer.ops[0] == "conv2d" and "quantize" in layer.ops
    assert layer.macs > 0 and layer.name.startswith("Conv_")
    assert archive.memory.workspace == 0

    offloaded, theirs = check(made, tmp_path, "c,mac-array")
    takes = case.dtype == "int8" and (case.groups == 1 or case.groups == case.out == case.x[1])
    assert (offloaded.layers[0].accelerator == "mac-array") == takes
    np.testing.assert_array_equal(theirs, outputs)


@pytest.mark.slow
def test_gemm_and_matmul(tmp_path: Path) -> None:
    q = Quantized(seed=5)
    x = q.input((3, 20))
    weight, scale = q.weight((10, 20))
    y = q.node("Gemm", [x, weight, q.bias(10, scale * 0.05)], transB=1)
    y = q.requantize(y)
    weight, _ = q.weight((10, 7), axis=1)
    y = q.node("MatMul", [y, weight])
    made = q.finish(y, (3, 7))
    archive, outputs = check(made, tmp_path)
    assert [layer.kernel.rstrip("0123456789") for layer in archive.layers] == ["qmatmul"] * 2
    assert [layer.macs for layer in archive.layers] == [3 * 20 * 10, 3 * 10 * 7]
    offloaded, theirs = check(made, tmp_path, "c,mac-array")
    assert [layer.accelerator for layer in offloaded.layers] == ["mac-array"] * 2
    np.testing.assert_array_equal(theirs, outputs)


@pytest.mark.slow
def test_output_scales_that_nearly_always_saturate_or_vanish(tmp_path: Path) -> None:
    """At 3e-9 sums leave 32 bits after requantization, and the ONNX reference's own integers."""
    results = {}
    for scale in (40.0, 1e-6, 3e-9):
        q = Quantized(seed=12)
        weight, weight_scale = q.weight((4, 9), axis=0)
        product = q.node(
            "Gemm", [q.input((2, 9)), weight, q.bias(4, weight_scale * 0.05)], transB=1
        )
        made = q.finish(product, (2, 4), scale, 1)
        run = check if scale > 3e-9 else compile_and_run
        archive, results[scale] = run(made, tmp_path)
        assert archive.layers[0].kernel == "qmatmul"
        _, theirs = run(made, tmp_path, "c,mac-array")
        np.testing.assert_array_equal(theirs, results[scale])
    coarse, fine = np.array(results[1e-6]), np.array(results[3e-9])
    saturated = (coarse == 127) | (coarse == -128)
    assert saturated.mean() > 0.9
    np.testing.assert_array_equal(fine[saturated], coarse[saturated])


@pytest.mark.parametrize(("scale", "zero"), [(np.nan, 0), (np.inf, 0), (0.0, 0), (-0.1, 0)])
def test_scales_that_are_none_do_not_confuse_it(scale: Any, zero: Any, tmp_path: Path) -> None:
    q = Quantized(seed=13)
    y = q.node("Relu", [q.input((1, 4), scale, zero)])
    path = tmp_path / "model.onnx"
    onnx.save(q.finish(y, (1, 4), 0.1, 0), path)
    compile_model(path)


def test_residual_addition(tmp_path: Path) -> None:
    q = Quantized(seed=6)
    a, b = q.input((1, 4, 5, 5), 0.07, 4), q.input((1, 4, 5, 5), 0.02, -30)
    y = q.node("Relu", [q.node("Add", [a, b])])
    archive, _ = check(q.finish(y, (1, 4, 5, 5), 0.0613, -128), tmp_path)
    assert [layer.kernel for layer in archive.layers] == ["qadd"]


@pytest.mark.parametrize("op", ["AveragePool", "GlobalAveragePool", "ReduceMean"])
def test_average_pools(op: Any, tmp_path: Path) -> None:
    q = Quantized(seed=7)
    x = q.input((2, 3, 6, 4))
    shape: tuple[int, ...]
    if op == "AveragePool":
        y, shape = q.node(op, [x], kernel_shape=[2, 2], strides=[2, 2]), (2, 3, 3, 2)
    elif op == "GlobalAveragePool":
        y, shape = q.node(op, [x]), (2, 3, 1, 1)
    else:
        y, shape = q.node(op, [x, q.constant(np.array([2, 3]))], keepdims=0), (2, 3)
    archive, _ = check(q.finish(y, shape, 0.0317, 7), tmp_path)
    assert [layer.kernel for layer in archive.layers] == ["qavg_pool2d"]


def test_what_only_moves_values_stays_in_integers(tmp_path: Path) -> None:
    q = Quantized(seed=8)
    a, b = q.input((1, 4, 6, 6), 0.1, -5), q.input((1, 4, 6, 6), 0.1, -5)
    y = q.requantize(q.node("Concat", [a, b], axis=1))
    y = q.requantize(q.node("MaxPool", [y], kernel_shape=[2, 2], strides=[2, 2]))
    y = q.requantize(q.node("Transpose", [y], perm=[0, 2, 3, 1]))
    pads = q.constant(np.array([0, 1, 0, 0, 0, 0, 2, 0]))
    y = q.requantize(q.node("Pad", [y, pads]))
    y = q.node("Reshape", [y, q.constant(np.array([1, -1]))])
    made = q.finish(y, (1, 4 * 5 * 8))
    archive, _ = check(made, tmp_path)
    for layer in archive.layers:
        moved = [tensor for tensor in (*layer.inputs, *layer.outputs) if not tensor.constant]
        assert {tensor.dtype for tensor in moved} == {"int8"}


def test_what_is_not_recognized_stays_in_floating_point(tmp_path: Path) -> None:
    q = Quantized(seed=9)
    y = q.node("Sigmoid", [q.input((1, 30))])
    archive, _ = check(q.finish(y, (1, 30), 1 / 256, -128), tmp_path)
    assert "sigmoid" in archive.layers[-1].ops


def test_weights_with_a_zero_point_are_integers(tmp_path: Path) -> None:
    q = Quantized(seed=10)
    x = q.input((1, 12))
    data = q.constant(q.rng.integers(-128, 128, (12, 5)).astype(np.int8))
    weight = q.node("DequantizeLinear", [data, *q.parameters(0.01, 4, "int8")])
    archive, _ = check(q.finish(q.node("MatMul", [x, weight]), (1, 5)), tmp_path)
    assert all(layer.kernel.startswith("q") for layer in archive.layers if layer.macs)


def test_intermediate_results_used_twice_are_not_fused_away(tmp_path: Path) -> None:
    q = Quantized(seed=11)
    x = q.input((1, 16))
    weight, _ = q.weight((16, 8), axis=1)
    product = q.node("MatMul", [x, weight])
    first = q.requantize(q.node("Relu", [product]), 0.05, -128)
    second = q.requantize(product, 0.1, 0)
    made = q.finish(q.node("Add", [first, second]), (1, 8), 0.15, 0)
    check(made, tmp_path)
