# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Quantized TFLite operators give exactly what LiteRT's kernels give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import build
from references import check, litert
from tflite_models import Builder
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import CompileError
from zephyr_counters.validate.inputs import rounds

IMAGE = (1, 6, 8, 4)
S, Z = 0.0519, -7


def unary(
    name: Any,
    options: Any = None,
    out: Any = (0.05, -7),
    shape: Any = IMAGE,
    out_shape: Any = None,
    dtype: str = "int8",
    **values: Any,
) -> Any:
    def make(b: Any) -> Any:
        x = b.input(shape, dtype, S, Z if dtype == "int8" else 120)
        y = b.tensor(out_shape or shape, dtype, *out)
        b.op(name, [x], [y], options, **values)
        return [y]

    return make


def with_constant(
    name: Any,
    constants: Any,
    out_shape: Any,
    options: Any = None,
    first: bool = False,
    **values: Any,
) -> Any:
    """An operator with constants of int32, which keeps scale and zero point."""

    def make(b: Any) -> Any:
        x = b.input(IMAGE, "int8", S, Z)
        rest = [b.ints(c) for c in constants]
        shapes = out_shape if isinstance(out_shape, list) else [out_shape]
        ys = [b.tensor(shape, "int8", S, Z) for shape in shapes]
        b.op(name, [*rest, x] if first else [x, *rest], ys, options, **values)
        return ys

    return make


def binary(
    name: Any,
    options: Any = None,
    other: Any = IMAGE,
    out: Any = (0.07, 3),
    scales: Any = (0.05, 0.031),
    same: bool = False,
    **values: Any,
) -> Any:
    def make(b: Any) -> Any:
        a = b.input(IMAGE, "int8", scales[0], -7)
        c = b.input(other, "int8", *((scales[0], -7) if same else (scales[1], 9)))
        y = b.tensor(IMAGE, "int8", *((scales[0], -7) if same else out))
        b.op(name, [a, c], [y], options, **values)
        return [y]

    return make


def prelu(b: Any) -> Any:
    x = b.input(IMAGE, "int8", S, Z)
    alpha = b.tensor((1, 1, 4), "int8", 0.01, 3, data=[[[20, -40, 100, 3]]])
    y = b.tensor(IMAGE, "int8", 0.06, -3)
    b.op("PRELU", [x, alpha], [y])
    return [y]


def transpose_conv(stride: Any, padding: Any, size: Any) -> Any:
    def make(b: Any) -> Any:
        rng = np.random.default_rng(1)
        x = b.input((1, 5, 4, 3), "int8", S, Z)
        w = rng.integers(-127, 128, (2, 3, 3, 3))
        weight = b.tensor(w.shape, "int8", [0.0117, 0.0203], 0, data=w)
        y = b.tensor((1, *size, 2), "int8", 0.3119, 4)
        shape = b.ints([1, *size, 2])
        b.op(
            "TRANSPOSE_CONV", [shape, weight, x], [y], "TransposeConvOptions",
            strideH=stride, strideW=stride, padding=padding,
        )  # fmt: skip
        return [y]

    return make


def fully_connected(b: Any) -> Any:
    rng = np.random.default_rng(2)
    x = b.input((1, 3, 8), "int8", S, Z)
    weight = b.tensor((5, 8), "int8", 0.02, 0, data=rng.integers(-127, 128, (5, 8)))
    bias = b.tensor((5,), "int32", S * 0.02, 0, data=rng.integers(-500, 500, 5))
    y = b.tensor((1, 3, 5), "int8", 0.11, 4)
    b.op(
        "FULLY_CONNECTED", [x, weight, bias], [y], "FullyConnectedOptions",
        keepNumDims=True, fusedActivationFunction=1,
    )  # fmt: skip
    return [y]


def conv_uint8(b: Any) -> Any:
    rng = np.random.default_rng(3)
    x = b.input(IMAGE, "uint8", S, 120)
    weight = b.tensor((3, 3, 3, 4), "uint8", 0.0213, 131, data=rng.integers(0, 256, (3, 3, 3, 4)))
    bias = b.tensor((3,), "int32", S * 0.0213, 0, data=rng.integers(-500, 500, 3))
    y = b.tensor((1, 6, 8, 3), "uint8", 0.2377, 100)
    b.op("CONV_2D", [x, weight, bias], [y], "Conv2DOptions", strideH=1, strideW=1,
         dilationHFactor=1, dilationWFactor=1)  # fmt: skip
    return [y]


def batch_matmul(b: Any) -> Any:
    a, c = b.input((2, 5, 4), "int8", S, Z), b.input((2, 3, 4), "int8", 0.03, 5)
    y = b.tensor((2, 5, 3), "int8", 0.09, 1)
    b.op("BATCH_MATMUL", [a, c], [y], "BatchMatMulOptions", adjY=True)
    return [y]


def gather_nd(b: Any) -> Any:
    x = b.input((4, 6), "int8", S, Z)
    y = b.tensor((3,), "int8", S, Z)
    b.op("GATHER_ND", [x, b.ints([[0, 5], [3, 1], [2, 2]])], [y])
    return [y]


def arg_max(b: Any) -> Any:
    x = b.input((2, 9), "int8", S, Z)
    y = b.tensor((2,), "int32")
    b.op("ARG_MAX", [x, b.ints([1])], [y], "ArgMaxOptions", outputType=2)
    return [y]


def mean_of_channels(b: Any) -> Any:
    x = b.input(IMAGE, "int8", S, Z)
    y = b.tensor((1, 6, 8), "int8", 0.04, -2)
    b.op("MEAN", [x, b.ints([3])], [y], "ReducerOptions")
    return [y]


SAME_POOL = {"filterHeight": 3, "filterWidth": 3, "strideH": 2, "strideW": 2, "padding": 0}


def root(name: Any) -> Any:
    def make(b: Any) -> Any:
        x = b.input(IMAGE, "int8", 0.0217, -128)
        y = b.tensor(IMAGE, "int8", 0.0093, -128)
        b.op(name, [x], [y])
        return [y]

    return make


def squash_int16(name: Any, scale: Any) -> Any:
    def make(b: Any) -> Any:
        x = b.input(IMAGE, "int16", scale)
        y = b.tensor(IMAGE, "int16", 2.0**-15)
        b.op(name, [x], [y])
        return [y]

    return make


CASES = {
    "square root": root("SQRT"),
    "logistic of 16 bits": squash_int16("LOGISTIC", 0.00031),
    "tanh of 16 bits": squash_int16("TANH", 0.0001732),
    "abs": unary("ABS", "AbsOptions", (0.03, -9)),
    "relu": unary("RELU", out=(0.031, -100)),
    "leaky relu": unary("LEAKY_RELU", "LeakyReluOptions", (0.04, 3), alpha=0.1),
    "hard swish": unary("HARD_SWISH", "HardSwishOptions", (0.04, -100)),
    "logistic": unary("LOGISTIC", out=(1 / 256, -128)),
    "tanh": unary("TANH", out=(1 / 128, 0)),
    "elu": unary("ELU", out=(0.04, -100)),
    "gelu": unary("GELU", "GeluOptions", (0.04, -100), approximate=False),
    "requantize": unary("QUANTIZE", "QuantizeOptions", (0.013, 30)),
    "average pool with padding": unary(
        "AVERAGE_POOL_2D", "Pool2DOptions", (S, Z), out_shape=(1, 3, 4, 4), **SAME_POOL
    ),
    "average pool of uint8": unary(
        "AVERAGE_POOL_2D", "Pool2DOptions", (S, 120), out_shape=(1, 3, 4, 4), dtype="uint8",
        **SAME_POOL,
    ),
    "pad": with_constant("PAD", [[[0, 0], [1, 2], [0, 1], [0, 0]]], (1, 9, 9, 4), "PadOptions"),
    "mirror pad": with_constant(
        "MIRROR_PAD", [[[0, 0], [1, 2], [2, 1], [0, 0]]], (1, 9, 11, 4), "MirrorPadOptions"
    ),
    "transpose": with_constant("TRANSPOSE", [[0, 3, 1, 2]], (1, 4, 6, 8), "TransposeOptions"),
    "strided slice": with_constant(
        "STRIDED_SLICE", [[0, 4, 1, 0], [1, 0, 8, 1], [1, -2, 3, 1]], (1, 2, 3),
        "StridedSliceOptions", beginMask=1, endMask=1, shrinkAxisMask=8,
    ),
    "slice": with_constant("SLICE", [[0, 1, 2, 0], [1, 4, -1, 3]], (1, 4, 6, 3), "SliceOptions"),
    "split": with_constant(
        "SPLIT", [np.int32(2)], [(1, 6, 4, 4)] * 2, "SplitOptions", first=True, numSplits=2
    ),
    "gather": with_constant("GATHER", [[2, 0, 3, 3]], IMAGE, "GatherOptions", axis=3),
    "nearest": with_constant(
        "RESIZE_NEAREST_NEIGHBOR", [[9, 11]], (1, 9, 11, 4), "ResizeNearestNeighborOptions",
        halfPixelCenters=True,
    ),
    "nearest, corners aligned": with_constant(
        "RESIZE_NEAREST_NEIGHBOR", [[9, 11]], (1, 9, 11, 4), "ResizeNearestNeighborOptions",
        alignCorners=True,
    ),
    "space to depth": unary(
        "SPACE_TO_DEPTH", "SpaceToDepthOptions", (S, Z), out_shape=(1, 3, 4, 16), blockSize=2
    ),
    "depth to space": unary(
        "DEPTH_TO_SPACE", "DepthToSpaceOptions", (S, Z), out_shape=(1, 12, 16, 1), blockSize=2
    ),
    "space to batch": with_constant(
        "SPACE_TO_BATCH_ND", [[2, 2], [[1, 1], [0, 2]]], (4, 4, 5, 4), "SpaceToBatchNDOptions"
    ),
    "add": binary("ADD", "AddOptions"),
    "add, broadcast": binary("ADD", "AddOptions", (1, 1, 1, 4), fusedActivationFunction=1),
    "subtract": binary("SUB", "SubOptions"),
    "multiply, broadcast": binary("MUL", "MulOptions", (1, 1, 1, 4), (0.02, 3)),
    "squared difference": binary("SQUARED_DIFFERENCE", "SquaredDifferenceOptions", out=(0.3, -100)),
    "maximum": binary("MAXIMUM", "MaximumMinimumOptions", same=True),
    "prelu": prelu,
    "transpose conv, same": transpose_conv(2, 0, (10, 8)),
    "transpose conv, valid": transpose_conv(2, 1, (11, 9)),
    "transpose conv, stride 1": transpose_conv(1, 0, (5, 4)),
    "fully connected of three dimensions": fully_connected,
    "convolution of uint8": conv_uint8,
    "batch matmul": batch_matmul,
    "gather nd": gather_nd,
    "arg max": arg_max,
    "mean of channels": mean_of_channels,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_operator_is_exact(name: Any, tmp_path: Path) -> None:
    builder = Builder()
    path = builder.save(tmp_path / "model.tflite", CASES[name](builder))
    archive = compile_model(path)
    inputs = rounds(archive.inputs, 6)
    got = build(archive, tmp_path / "build", "-O0").run(inputs)
    # LiteRT has two sets of kernels, which round differently: its own and XNNPACK's.
    try:
        check(got, litert(path, inputs, delegates=False))
    except AssertionError:
        check(got, litert(path, inputs))


@pytest.mark.parametrize("name", ["convolution of uint8", "fully connected of three dimensions"])
def test_quantized_weights_stay_integers(name: Any, tmp_path: Path) -> None:
    builder = Builder()
    path = builder.save(tmp_path / "model.tflite", CASES[name](builder))
    kernels = compile_model(path).files["src/kernels.c"].decode()
    assert "float" not in kernels.partition("TVM_DLL int32_t")[2]


def test_sequences_are_reversed_up_to_their_lengths(tmp_path: Path) -> None:
    b = Builder()
    x, lengths, y = (
        b.input((2, 5, 3), "int32"),
        b.input((3,), "int32"),
        b.tensor((2, 5, 3), "int32"),
    )
    b.op("REVERSE_SEQUENCE", [x, lengths], [y], "ReverseSequenceOptions", seqDim=1, batchDim=2)
    path = b.save(tmp_path / "model.tflite", [y])
    values: Any = [[np.arange(30, dtype=np.int32).reshape(2, 5, 3), np.array(n, np.int32)]
                   for n in ([5, 2, 1], [3, 0, 4])]  # fmt: skip
    check(build(compile_model(path), tmp_path / "build", "-O0").run(values), litert(path, values))


def test_a_variable_keeps_its_value(tmp_path: Path) -> None:
    b = Builder()
    x = b.input((1, 4), "float32")
    handle, other = b.tensor((), "resource"), b.tensor((), "resource")
    old, new = b.tensor((1, 4), "float32"), b.tensor((1, 4), "float32")
    b.op("VAR_HANDLE", [], [handle], "VarHandleOptions", sharedName="sum")
    b.op("READ_VARIABLE", [handle], [old], "ReadVariableOptions")
    b.op("ADD", [x, old], [new], "AddOptions")
    b.op("VAR_HANDLE", [], [other], "VarHandleOptions", sharedName="sum")
    b.op("ASSIGN_VARIABLE", [other, new], [], "AssignVariableOptions")
    path = b.save(tmp_path / "model.tflite", [old])
    archive = compile_model(path)
    values = [[np.full((1, 4), k, np.float32)] for k in (1, 2, 3)]
    got = build(archive, tmp_path / "build").run(values)
    assert [float(result[0][0, 0]) for result in got] == [0, 1, 3]


def test_all_unsupported_operators_are_named_with_their_layers(tmp_path: Path) -> None:
    b = Builder()
    x = b.input((1, 8), "float32")
    y, z, w = (b.tensor((1, 8), "float32") for _ in range(3))
    b.op("MATRIX_DIAG", [x], [y], "MatrixDiagOptions")
    b.op("RELU", [y], [z])
    b.op("SEGMENT_SUM", [z, b.ints([0])], [w], "SegmentSumOptions")
    path = b.save(tmp_path / "model.tflite", [w])
    with pytest.raises(CompileError) as caught:
        compile_model(path)
    assert "model.tflite: 2 operators cannot be compiled" in str(caught.value)
    assert "operator MATRIX_DIAG, layer 't1': is not supported" in str(caught.value)
    assert "operator SEGMENT_SUM, layer 't3': is not supported" in str(caught.value)


def test_open_extents_after_the_batch_ask_for_a_shape(tmp_path: Path) -> None:
    b = Builder()
    x = b.input((1, 1, 4), "float32")
    b.tensors[x].shapeSignature = [-1, -1, 4]
    y = b.tensor((1, 1, 4), "float32")
    b.op("RELU", [x], [y])
    path = b.save(tmp_path / "model.tflite", [y])
    with pytest.raises(CompileError, match=r"input 't0' has the open shape \[\?,\?,4\]"):
        compile_model(path)
    archive = compile_model(path, input_shapes={"t0": (1, 3, 4)})
    assert archive.outputs[0].shape == (1, 3, 4)


def test_results_are_compared_with_what_the_file_declares(tmp_path: Path) -> None:
    b = Builder()
    x = b.input((1, 4), "float32")
    y = b.tensor((1, 5), "float32")
    b.op("RELU", [x], [y])
    path = b.save(tmp_path / "model.tflite", [y])
    with pytest.raises(CompileError, match=r"output 't1'.* would be float32\[1, 4\]"):
        compile_model(path)
