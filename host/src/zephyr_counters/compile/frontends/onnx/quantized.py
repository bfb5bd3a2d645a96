# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""QOperator form to QDQ form: each such node as dequantize, float operator, quantize."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zephyr_counters.errors import CompileError

_MICROSOFT = "com.microsoft"


class Rewriter:
    """A graph whose nodes are being replaced."""

    def __init__(self, model: Any) -> None:
        from onnx import numpy_helper

        self.model = model
        self.graph = model.graph
        self.constants = {
            item.name: np.asarray(numpy_helper.to_array(item)) for item in self.graph.initializer
        }
        self.nodes: list[Any] = []
        self.count = 0

    def name(self, node: Any) -> str:
        """Return a new tensor's name."""
        self.count += 1
        return f"{node.name}/q{self.count}"

    def add(
        self, node: Any, op: str, inputs: list[str], output: str = "", **attributes: Any
    ) -> str:
        """Another node in place of one; gives the name of its result."""
        from onnx import helper

        output = output or self.name(node)
        self.nodes.append(helper.make_node(op, inputs, [output], name=node.name, **attributes))
        return output

    def constant(self, node: Any, array: Any) -> str:
        """Return a new initializer."""
        from onnx import numpy_helper

        name = self.name(node)
        self.constants[name] = np.asarray(array)
        self.graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def scalar(self, node: Any, name: str) -> str:
        """Return a parameter with one element, as a scalar."""
        array = self.needed(node, name)
        return name if array.ndim == 0 or array.size > 1 else self.constant(node, array.reshape(()))

    def needed(self, node: Any, name: str) -> Any:
        """Return a constant's values."""
        if name not in self.constants:
            raise CompileError(
                f"operator {node.op_type}, layer '{node.name}': scale, zero point, weights and "
                "bias must be constant"
            )
        return self.constants[name]

    def real(self, node: Any, x: str, scale: str, zero: str, axis: int | None = None) -> str:
        """Return the reals of a quantized tensor."""
        inputs = [x, self.scalar(node, scale)] + ([self.scalar(node, zero)] if zero else [])
        extra: dict[str, Any] = {}
        if axis is not None and self.needed(node, scale).size > 1:
            extra["axis"] = axis
        return self.add(node, "DequantizeLinear", inputs, **extra)

    def quantized(self, node: Any, x: str, scale: str, zero: str) -> None:
        """Reals as the quantized result of a node."""
        inputs = [x, self.scalar(node, scale)] + ([self.scalar(node, zero)] if zero else [])
        self.add(node, "QuantizeLinear", inputs, node.output[0])


def _attributes(node: Any) -> dict[str, Any]:
    from onnx import helper

    return {item.name: helper.get_attribute_value(item) for item in node.attribute}


def _conv(r: Rewriter, node: Any) -> None:
    x, xs, xz, w, ws, wz, ys, yz, *bias = node.input
    inputs = [r.real(node, x, xs, xz), r.real(node, w, ws, wz, 0)]
    if bias and bias[0]:
        scale = r.needed(node, xs).reshape(-1)[0] * r.needed(node, ws)
        scale = np.asarray(scale, np.float32)
        name = r.constant(node, scale.reshape(()) if scale.size == 1 else scale)
        extra: dict[str, Any] = {} if scale.size == 1 else {"axis": 0}
        inputs.append(r.add(node, "DequantizeLinear", [bias[0], name], **extra))
    r.quantized(node, r.add(node, "Conv", inputs, **_attributes(node)), ys, yz)


def _matmul(r: Rewriter, node: Any) -> None:
    a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero = node.input
    rank = r.constants[b].ndim if b in r.constants else 2
    inputs = [r.real(node, a, a_scale, a_zero, 0), r.real(node, b, b_scale, b_zero, rank - 1)]
    r.quantized(node, r.add(node, "MatMul", inputs), y_scale, y_zero)


def _binary(op: str) -> Callable[[Rewriter, Any], None]:
    def rewrite(r: Rewriter, node: Any) -> None:
        a, a_scale, a_zero, b, b_scale, b_zero, y_scale, *y_zero = node.input
        inputs = [r.real(node, a, a_scale, a_zero), r.real(node, b, b_scale, b_zero)]
        r.quantized(node, r.add(node, op, inputs), y_scale, y_zero[0] if y_zero else "")

    return rewrite


def _unary(op: str) -> Callable[[Rewriter, Any], None]:
    def rewrite(r: Rewriter, node: Any) -> None:
        x, x_scale, x_zero, y_scale, *y_zero = node.input
        attributes = _attributes(node)
        if attributes.pop("channels_last", 0):
            raise CompileError(f"operator {node.op_type}, layer '{node.name}': channels_last")
        attributes.pop("opset", None)
        made = r.add(node, op, [r.real(node, x, x_scale, x_zero)], **attributes)
        r.quantized(node, made, y_scale, y_zero[0] if y_zero else "")

    return rewrite


def _concat(r: Rewriter, node: Any) -> None:
    y_scale, y_zero, *rest = node.input
    parts = [r.real(node, *rest[i : i + 3]) for i in range(0, len(rest), 3)]
    r.quantized(node, r.add(node, "Concat", parts, **_attributes(node)), y_scale, y_zero)


REWRITES: dict[str, Callable[[Rewriter, Any], None]] = {
    "QLinearAdd": _binary("Add"),
    "QLinearAveragePool": _unary("AveragePool"),
    "QLinearConcat": _concat,
    "QLinearConv": _conv,
    "QLinearGlobalAveragePool": _unary("GlobalAveragePool"),
    "QLinearLeakyRelu": _unary("LeakyRelu"),
    "QLinearMatMul": _matmul,
    "QLinearMul": _binary("Mul"),
    "QLinearSigmoid": _unary("Sigmoid"),
    "QLinearSoftmax": _unary("Softmax"),
}


def as_qdq(model: Any) -> Any:
    """Return the model without operators that are quantized as a whole.

    Raises:
        CompileError: one has scales or weights that are not constant.
    """
    if not any(node.op_type in REWRITES for node in model.graph.node):
        return model
    rewriter = Rewriter(model)
    for node in model.graph.node:
        rewrite = REWRITES.get(node.op_type)
        if rewrite is None:
            if node.domain == _MICROSOFT and node.op_type in ("QuantizeLinear", "DequantizeLinear"):
                node.domain = ""
            rewriter.nodes.append(node)
        else:
            rewrite(rewriter, node)
    del model.graph.node[:]
    model.graph.node.extend(rewriter.nodes)
    return model
