# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float kernels: schedules change neither results nor the order of sums, and save memory."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from compile_fixtures import build
from onnx import TensorProto, helper
from onnx_models import FLOAT, model
from reference_compiler import Reference
from zephyr_counters.compile import compile_model
from zephyr_counters.compile.codegen import kernels

RNG = np.random.default_rng(4)


def weights(*shape: Any) -> Any:
    return RNG.normal(0, 0.3, shape).astype(np.float32)


def convolutional() -> Any:
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["a"], name="first", pads=[1, 1, 1, 1]),
        node("Relu", ["a"], ["b"], name="relu"),
        node("Conv", ["b", "w2"], ["c"], name="depthwise", group=8, pads=[1, 0, 1, 2]),
        node("BatchNormalization", ["c", "s", "o", "m", "v"], ["d"], name="norm"),
        node("MaxPool", ["d"], ["e"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Add", ["e", "e"], ["f"], name="double"),
        node("GlobalAveragePool", ["f"], ["g"], name="mean"),
        node("Flatten", ["g"], ["h"], name="flatten"),
        node("Gemm", ["h", "w3", "b3"], ["i"], name="dense"),
        node("Softmax", ["i"], ["y"], name="softmax"),
    ]
    constants = {
        "w1": weights(8, 3, 3, 3), "b1": weights(8), "w2": weights(8, 1, 3, 3),
        "s": weights(8), "o": weights(8), "m": weights(8), "v": np.abs(weights(8)) + 1,
        "w3": weights(8, 6), "b3": weights(6),
    }  # fmt: skip
    return model(nodes, [("x", FLOAT, [1, 3, 9, 8])], [("y", FLOAT, [1, 6])], constants)


def two_by_two() -> Any:
    nodes = [
        helper.make_node("Mul", ["p", "q"], ["r"], name="product"),
        helper.make_node("Split", ["r"], ["s", "t"], name="halves", axis=1, num_outputs=2),
        helper.make_node("Tanh", ["s"], ["u"], name="tanh"),
        helper.make_node("ReduceMax", ["t"], ["v"], name="most", keepdims=1),
        helper.make_node("Sub", ["u", "v"], ["w"], name="rest"),
    ]
    inputs = [("p", FLOAT, [2, 8]), ("q", FLOAT, [2, 8])]
    return model(nodes, inputs, [("w", FLOAT, [2, 4]), ("v", FLOAT, [1, 1])])


@pytest.mark.slow
@pytest.mark.parametrize("make", [convolutional, two_by_two])
def test_agrees_with_tvm_on_the_host(make: Any, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(make(), path)
    archive = compile_model(path)
    program = build(archive, tmp_path)
    reference = Reference(path)
    rounds = [
        [RNG.normal(size=tensor.shape).astype(np.float32) for tensor in archive.inputs]
        for _ in range(4)
    ]
    for arrays, outputs in zip(rounds, program.run(rounds), strict=True):
        for got, expected in zip(outputs, reference.run(*arrays), strict=True):
            np.testing.assert_allclose(got, expected, rtol=2e-6, atol=1e-7)
    again = program.run(rounds, repeat=2)
    np.testing.assert_array_equal(again[-1][0], program.run(rounds)[-1][0])


@pytest.mark.slow
def test_schedules_save_memory_and_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(convolutional(), path)
    scheduled = compile_model(path)
    monkeypatch.setattr(kernels, "schedule", lambda func: func)
    plain = compile_model(path)
    assert scheduled.memory.workspace == 0 < plain.memory.workspace
    assert scheduled.memory.stack < plain.memory.stack
    x = [[RNG.normal(size=(1, 3, 9, 8)).astype(np.float32)] for _ in range(4)]
    np.testing.assert_array_equal(
        build(scheduled, tmp_path / "a").run(x), build(plain, tmp_path / "b").run(x)
    )


@pytest.mark.slow
def test_workspace_that_is_announced_is_what_kernels_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The runner's allocator refuses more, and fills what it gives with garbage."""
    path = tmp_path / "model.onnx"
    onnx.save(convolutional(), path)
    monkeypatch.setattr(kernels, "schedule", lambda func: func)
    program = build(compile_model(path), tmp_path)
    program.run([[np.ones((1, 3, 9, 8), np.float32)]])


def test_layers_have_the_models_names(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(convolutional(), path)
    archive = compile_model(path)
    names = [layer.name for layer in archive.layers]
    assert names[:2] == ["first", "depthwise"] and "dense" in names and "softmax" in names
    assert archive.layers[0].ops == ("conv2d", "add", "relu")
    assert archive.layers[0].macs == 9 * 8 * 8 * 3 * 9


def test_float_constants_are_exact(tmp_path: Path) -> None:
    value = np.float32(0.1234567891)
    node = helper.make_node("Mul", ["x", "k"], ["y"], name="scale")
    made = model([node], [("x", FLOAT, [3])], [("y", FLOAT, [3])], {"k": value})
    path = tmp_path / "model.onnx"
    onnx.save(made, path)
    (output,) = build(compile_model(path), tmp_path).run([[np.ones(3, np.float32)]])[0]
    np.testing.assert_array_equal(output, np.full(3, value))


def test_every_float_value_keeps_its_bits(tmp_path: Path) -> None:
    bits = np.array([0, 1 << 31, 1, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0x3DFCD6EA])
    values = bits.astype(np.uint32).view(np.float32)
    node = helper.make_node("Where", ["c", "k", "k"], ["y"], name="select")
    made = model([node], [("c", TensorProto.BOOL, [8])], [("y", FLOAT, [8])], {"k": values})
    path = tmp_path / "model.onnx"
    onnx.save(made, path)
    (output,) = build(compile_model(path), tmp_path).run([[np.ones(8, np.bool_)]])[0]
    np.testing.assert_array_equal(output.view(np.uint32), values.view(np.uint32))


@pytest.mark.slow
def test_large_float_constants_compile_quickly(tmp_path: Path) -> None:
    matrix = RNG.normal(size=(2048, 2048)).astype(np.float32)
    node = helper.make_node("MatMul", ["x", "w"], ["y"], name="product")
    made = model([node], [("x", FLOAT, [1, 2048])], [("y", FLOAT, [1, 2048])], {"w": matrix})
    path = tmp_path / "model.onnx"
    onnx.save(made, path)
    start = time.process_time()
    assert compile_model(path).memory.constants == 16 << 20
    assert time.process_time() - start < 3
