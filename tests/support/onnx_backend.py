# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ONNX's own node tests, of the operators that models for microcontrollers use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from packaging.version import Version

LISTED = "1.23"
"""The ONNX whose operators docs/models.md lists, and whose node tests it counts."""

needs_listed_onnx = pytest.mark.skipif(
    Version(onnx.__version__).release[:2] != Version(LISTED).release,
    reason=f"ONNX {onnx.__version__} has other operators and node tests than {LISTED}",
)

FAMILIES = {
    "convolution": "Conv ConvTranspose",
    "pool": "AveragePool MaxPool GlobalAveragePool GlobalMaxPool LpPool GlobalLpPool",
    "matrix product": "Gemm MatMul",
    "activation": "Relu Clip LeakyRelu PRelu Sigmoid Tanh HardSwish HardSigmoid Gelu Elu Softplus "
    "Mish Selu Celu ThresholdedRelu Softsign Swish Erf Shrink",
    "softmax": "Softmax LogSoftmax Hardmax",
    "reduction": "ReduceSum ReduceMax ReduceMin ReduceMean ReduceProd ReduceL1 ReduceL2 "
    "ReduceLogSum ReduceLogSumExp ReduceSumSquare CumSum",
    "elementwise": "Add Sub Mul Div Pow Abs Neg Exp Log Sqrt Reciprocal Floor Ceil Round Sin Cos "
    "Tan Atan Sinh Cosh Asin Acos Asinh Acosh Atanh Sign Min Max Mean Sum Mod Equal Less Greater "
    "LessOrEqual GreaterOrEqual And Or Not Xor IsNaN IsInf BitShift BitwiseAnd BitwiseOr "
    "BitwiseXor BitwiseNot",
    "layout": "Concat Split Slice Pad Transpose Reshape Flatten Squeeze Unsqueeze Expand Tile "
    "DepthToSpace SpaceToDepth Identity Shape Size ConstantOfShape Constant Dropout",
    "gather": "Gather GatherElements GatherND ScatterElements ScatterND OneHot Trilu Compress "
    "Range EyeLike ReverseSequence NonZero",
    "resize": "Resize Upsample",
    "normalization": "BatchNormalization InstanceNormalization LayerNormalization "
    "GroupNormalization LpNormalization MeanVarianceNormalization LRN RMSNormalization",
    "recurrent": "LSTM GRU RNN",
    "quantized": "QuantizeLinear DequantizeLinear DynamicQuantizeLinear QLinearConv QLinearMatMul "
    "ConvInteger MatMulInteger",
    "search": "ArgMax ArgMin TopK Where Cast NonMaxSuppression Einsum",
}
FAMILY = {op: family for family, ops in FAMILIES.items() for op in ops.split()}
OTHER_TYPES = re.compile("FLOAT16|BFLOAT16|STRING|COMPLEX|FLOAT8|FLOAT4|INT4|INT2|E8M0|DOUBLE")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Inputs after the first are constants in models of these operators.
CONSTANT_REST = _words(
    "Conv ConvTranspose Gemm Clip PRelu Reshape Slice Pad Resize Upsample ReduceSum "
    "ReduceMax ReduceMin ReduceMean ReduceProd ReduceL1 ReduceL2 ReduceLogSum "
    "ReduceLogSumExp ReduceSumSquare CumSum Expand Tile TopK Squeeze Unsqueeze Split "
    "OneHot Trilu BatchNormalization InstanceNormalization LayerNormalization "
    "GroupNormalization RMSNormalization LSTM GRU RNN QuantizeLinear DequantizeLinear "
    "QLinearConv QLinearMatMul ConvInteger MatMulInteger Dropout NonMaxSuppression "
    "ReverseSequence Compress "
)
CONSTANT = frozenset(["ConstantOfShape", "Range"])


@dataclass(frozen=True)
class Case:
    """A test: a model, its inputs and the right outputs."""

    name: str
    op: str
    family: str
    model: onnx.ModelProto
    inputs: list[np.ndarray]
    outputs: list[np.ndarray]
    rtol: float
    atol: float


@lru_cache(maxsize=1)
def cases() -> list[Case]:
    """All tests of these families whose types a microcontroller has."""
    from onnx.backend.test.case.node import collect_testcases

    found = []
    for test in collect_testcases(None):
        if test.model is None or "_expanded" in test.name:
            continue
        graph = test.model.graph
        op = graph.node[0].op_type
        if op not in FAMILY or (len(graph.node) > 1 and FAMILY[op] != "resize"):
            continue
        if not all(_usual(value) for value in (*graph.input, *graph.output)):
            continue
        if FAMILY[op] == "elementwise" and re.search(r"_uint8$|_u?int(16|32|64)", test.name):
            continue
        inputs, outputs = ([_array(x) for x in part] for part in test.data_sets[0])
        model, inputs = _with_constants(test.model, op, inputs)
        found.append(Case(test.name, op, FAMILY[op], model, inputs, outputs, test.rtol, test.atol))
    return found


def _array(value: Any) -> np.ndarray:
    is_tensor = isinstance(value, onnx.TensorProto)
    return numpy_helper.to_array(value) if is_tensor else np.asarray(value)


def _usual(value: onnx.ValueInfoProto) -> bool:
    if not value.type.HasField("tensor_type"):
        return False
    name = onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type)
    return name != "UNDEFINED" and not OTHER_TYPES.search(name)


def _with_constants(
    model: onnx.ModelProto, op: str, inputs: list[np.ndarray]
) -> tuple[onnx.ModelProto, list[np.ndarray]]:
    """The model with those inputs as constants that real models have as constants."""
    first = 0 if op in CONSTANT else 1 if op in CONSTANT_REST else len(inputs)
    made = onnx.ModelProto()
    made.CopyFrom(model)
    values = list(made.graph.input)
    for value, array in list(zip(values, inputs, strict=True))[first:]:
        made.graph.initializer.append(
            numpy_helper.from_array(np.ascontiguousarray(array), value.name)
        )
    del made.graph.input[first:]
    return made, inputs[:first]


def difference(got: list[np.ndarray], case: Case) -> str | None:
    """What is wrong with a result; None if nothing is."""
    if len(got) != len(case.outputs):
        return f"{len(got)} outputs instead of {len(case.outputs)}"
    for a, b in zip(got, case.outputs, strict=True):
        if a.shape != b.shape or a.dtype != b.dtype:
            return f"{a.dtype}{a.shape} instead of {b.dtype}{b.shape}"
        rtol, atol = max(case.rtol, 1e-3), max(case.atol, 1e-5)
        x, y = a.astype(np.float64), b.astype(np.float64)
        if not np.allclose(x, y, rtol=rtol, atol=atol, equal_nan=True):
            return f"{a.reshape(-1)[:6]} instead of {b.reshape(-1)[:6]}"
    return None
