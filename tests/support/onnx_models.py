# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Small ONNX models for tests, quantized as onnxruntime quantizes (QDQ, weights symmetric)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

FLOAT = TensorProto.FLOAT
TYPES = {"int8": TensorProto.INT8, "uint8": TensorProto.UINT8, "float32": FLOAT}


def model(
    nodes: Any,
    inputs: Any,
    outputs: Any,
    constants: Any = None,
    opset: int = 21,
    check: bool = True,
) -> Any:
    """A checked model; inputs and outputs are (name, type, shape)."""
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(*item) for item in inputs],
        [helper.make_tensor_value_info(*item) for item in outputs],
        [numpy_helper.from_array(array, name) for name, array in (constants or {}).items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
    if check:
        onnx.checker.check_model(made, full_check=True)
    return made


def evaluate(made: Any, **inputs: Any) -> Any:
    """The model's outputs by ONNX's own reference implementation."""
    return ReferenceEvaluator(made).run(None, inputs)


@dataclass
class Quantized:
    """Builds a QDQ model whose input and output are 8-bit tensors."""

    seed: int = 0
    dtype: str = "int8"
    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    inputs: list[Any] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)

    def name(self, prefix: Any) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def constant(self, array: Any) -> Any:
        name = self.name("constant")
        self.constants[name] = np.asarray(array)
        return name

    def node(self, op: Any, inputs: Any, outputs: int = 1, **attributes: Any) -> Any:
        names = [self.name(op.lower()) for _ in range(outputs)]
        self.nodes.append(
            helper.make_node(op, inputs, names, name=f"{op}_{names[0]}", **attributes)
        )
        return names[0] if outputs == 1 else names

    def parameters(self, scale: Any, zero: Any, dtype: Any = None) -> Any:
        dtype = dtype or self.dtype
        zeros = np.broadcast_to(np.asarray(zero, dtype), np.shape(scale))
        return [self.constant(np.asarray(scale, np.float32)), self.constant(zeros)]

    def input(self, shape: Any, scale: float = 0.05, zero: int = 3) -> Any:
        name = self.name("x")
        self.inputs.append((name, TYPES[self.dtype], list(shape)))
        return self.node("DequantizeLinear", [name, *self.parameters(scale, zero)])

    def weight(self, shape: Any, axis: int = 0, per_channel: bool = True) -> Any:
        channels = shape[axis]
        scale = self.rng.uniform(0.005, 0.02, channels) if per_channel else 0.01
        data = self.constant(self.rng.integers(-127, 128, shape).astype(np.int8))
        attributes = {"axis": axis} if per_channel else {}
        parameters = self.parameters(scale, 0, "int8")
        return self.node("DequantizeLinear", [data, *parameters], **attributes), scale

    def bias(self, channels: Any, scale: Any) -> Any:
        data = self.constant(self.rng.integers(-2000, 2000, channels).astype(np.int32))
        scales = np.broadcast_to(np.asarray(scale, np.float32), (channels,))
        zeros = self.constant(np.zeros(channels, np.int32))
        return self.node("DequantizeLinear", [data, self.constant(scales), zeros], axis=0)

    def requantize(self, name: Any, scale: float = 0.1, zero: Any = -5) -> Any:
        """quantize and dequantize."""
        parameters = self.parameters(scale, zero)
        quantized = self.node("QuantizeLinear", [name, *parameters])
        return self.node("DequantizeLinear", [quantized, *parameters])

    def finish(self, name: Any, shape: Any, scale: float = 0.1, zero: Any = -5) -> Any:
        result = self.node("QuantizeLinear", [name, *self.parameters(scale, zero)])
        outputs = [(result, TYPES[self.dtype], list(shape))]
        return model(self.nodes, self.inputs, outputs, self.constants)
