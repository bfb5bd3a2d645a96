# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What converters of TFLite operators share: tensors as expressions, and quantization."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import tvm
from tvm import relax

from zephyr_counters.compile.frontends import programs
from zephyr_counters.compile.frontends.tflite import fixed
from zephyr_counters.compile.frontends.tflite.file import NONE, Operator, Subgraph, Tensor
from zephyr_counters.errors import CompileError

Array = npt.NDArray[Any]
Expr = Any
LIMITS = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767)}
"""Lowest and highest value of the types that quantized activations have."""


class Unsupported(Exception):
    """What an operator asks for and the compiler does not have."""


@dataclass
class State:
    """A tensor that keeps its value from one run to the next."""

    name: str
    var: Expr
    initial: Array
    value: Expr
    """What it holds at the end of a run."""


@dataclass
class Context:
    """A subgraph that is being converted."""

    graph: Subgraph
    subgraphs: Sequence[Subgraph]
    builder: Any
    values: dict[int, Any] = field(default_factory=dict)
    """By tensor: an expression, or the array of a constant."""
    states: dict[str, State] = field(default_factory=dict)
    handles: dict[int, str] = field(default_factory=dict)
    halves: set[int] = field(default_factory=set)
    """Tensors that are float32, but stand in the file as float16 constants."""
    params: list[Any] = field(default_factory=list)
    nodes: dict[Any, str] = field(default_factory=dict)
    """By variable: the file's name of the operator's result, which names the operator."""

    def tensor(self, index: int) -> Tensor:
        """Return what the file says of a tensor."""
        return self.graph.tensors[index]

    def constant(self, index: int) -> Array | None:
        """Return the values of a tensor that does not depend on inputs."""
        if index == NONE:
            return None
        value = self.values.get(index, self.tensor(index).data)
        return value if isinstance(value, np.ndarray) else None

    def needed(self, index: int, what: str) -> Array:
        """Return the values of a tensor that must be constant."""
        value = self.constant(index)
        if value is None:
            raise Unsupported(f"{what} must be constant")
        return value

    def expr(self, index: int) -> Expr:
        """Return a tensor as an expression with a known shape."""
        value = self.values.get(index, self.tensor(index).data)
        if value is None:
            raise Unsupported(f"tensor '{self.tensor(index).name}' has no value")
        if isinstance(value, np.ndarray):
            return relax.const(np.ascontiguousarray(value).reshape(value.shape), str(value.dtype))
        return value

    def emit(self, expr: Expr) -> Expr:
        """Bind an expression to a variable."""
        return expr if isinstance(expr, relax.Var | tvm.ir.Constant) else self.builder.emit(expr)

    def shape(self, expr: Expr) -> tuple[int, ...]:
        """Return the static shape of an expression."""
        type_ = expr.ty if isinstance(expr, relax.Var) else self.builder.normalize(expr).ty
        return tuple(int(extent) for extent in type_.shape)

    def shape_of(self, index: int) -> tuple[int, ...]:
        """Return the static shape of a tensor."""
        value = self.constant(index)
        return tuple(value.shape) if value is not None else self.shape(self.expr(index))

    def is_quantized(self, index: int) -> bool:
        """Whether a tensor's integers stand for reals."""
        tensor = self.tensor(index)
        return tensor.quantization is not None and tensor.dtype in LIMITS

    def real(self, index: int) -> Expr:
        """Return a tensor's real values."""
        tensor = self.tensor(index)
        expr = self.expr(index)
        if tensor.quantization is None or tensor.dtype.startswith("float"):
            return expr
        return dequantize(expr, tensor)

    def quantize(self, expr: Expr, tensor: Tensor) -> Expr:
        """Real values as a tensor of the file has them; as they are, if that is float."""
        if tensor.quantization is None or tensor.dtype not in LIMITS:
            return expr
        scale, zero = parameters(tensor)
        return relax.op.quantize(expr, scale, zero, axis=-1, out_dtype=tensor.dtype)

    def table(self, op: Operator, function: Callable[[Array], Array]) -> Expr:
        """Return a function of one 8-bit tensor as a table of its 256 values."""
        x, y = self.tensor(op.inputs[0]), self.tensor(op.outputs[0])
        return self.lookup(self.expr(op.inputs[0]), x.dtype, y.dtype, function)

    def lookup(self, expr: Expr, dtype: str, out: str, function: Callable[[Array], Array]) -> Expr:
        """Return `function` of the elements of an 8-bit tensor, cut to type `out`, as a table."""
        low, high = LIMITS[dtype]
        values = np.clip(function(np.arange(low, high + 1, dtype=np.int64)), *LIMITS[out])
        return programs.looked_up(self.builder, self.emit(expr), values.astype(out), low)

    def taken(self, expr: Expr, indices: Any, axis: int) -> Expr:
        """Return elements of an axis by constant indices."""
        return programs.taken(self.builder, self.emit(expr), indices, axis)

    def real_table(
        self,
        op: Operator,
        function: Callable[[Array], Array],
        rounded: Callable[[Array], Array] = fixed.round_away,
    ) -> Expr:
        """Return a function of the real values of one 8-bit tensor, as a table.

        Args:
            op: the operator, whose first input and first result it relates.
            function: of float32, to float32.
            rounded: how reals, in steps of the result, become integers.
        """
        x, y = self.tensor(op.inputs[0]), self.tensor(op.outputs[0])

        def integers(q: Array) -> Array:
            with np.errstate(all="ignore"):
                reals = (np.float32(x.scale) * (q - x.zero).astype(np.float32)).astype(np.float32)
                scaled = np.asarray(function(reals), np.float32) * np.float32(1 / y.scale)
                finite = np.nan_to_num(scaled, posinf=1e9, neginf=-1e9)
                return np.asarray(rounded(finite) + y.zero).astype(np.int64)

        return self.table(op, integers)


def parameters(tensor: Tensor) -> tuple[Expr, Expr]:
    """Scale and zero point as constants, as `quantize` takes them."""
    assert tensor.quantization is not None
    scale, zero = tensor.quantization.scale, tensor.quantization.zero
    if len(scale) > 1:
        zeros = np.broadcast_to(zero, scale.shape)
        return relax.const(scale), relax.const(zeros.astype(np.int32))
    kind = tensor.dtype if tensor.dtype in ("int8", "uint8") else "int32"
    return relax.const(scale[0], "float32"), relax.const(int(zero[0]), kind)


def dequantize(expr: Expr, tensor: Tensor, axis: int | None = None) -> Expr:
    """Return the reals that a tensor's integers stand for."""
    assert tensor.quantization is not None
    scale, zero = parameters(tensor)
    per_axis = tensor.quantization.axis if axis is None else axis
    return relax.op.dequantize(expr, scale, zero, axis=per_axis if scale.ty.shape.values else -1)


def activation_bounds(kind: int) -> tuple[float, float]:
    """Return the lowest and highest value that a fused activation lets through (schema.fbs).

    Raises:
        Unsupported: it is not a clip.
    """
    bounds = {0: (-np.inf, np.inf), 1: (0.0, np.inf), 2: (-1.0, 1.0), 3: (0.0, 6.0)}
    if kind not in bounds:
        raise Unsupported(f"its fused activation {kind} (tanh or sign bit) is not supported")
    return bounds[kind]


def quantized_bounds(kind: int, tensor: Tensor) -> tuple[int, int]:
    """Return it in steps of a quantized tensor (kernel_util.cc: CalculateActivationRange)."""
    low, high = LIMITS[tensor.dtype]
    least, most = (
        limit
        if np.isinf(bound)
        else int(fixed.round_away(np.float32(bound) / np.float32(tensor.scale))) + tensor.zero
        for bound, limit in zip(activation_bounds(kind), (low, high), strict=True)
    )
    return max(low, least), min(high, most)


def activate(expr: Expr, kind: int, tensor: Tensor) -> Expr:
    """Return the fused activation of a tensor's elements, quantized or not."""
    if tensor.quantization is not None and tensor.dtype in LIMITS:
        low, high = quantized_bounds(kind, tensor)
        if (low, high) == LIMITS[tensor.dtype]:
            return expr
        return relax.op.clip(expr, float(low), float(high))
    least, most = activation_bounds(kind)
    if (least, most) == (0.0, np.inf):
        return relax.op.nn.relu(expr)
    if np.isinf(most):
        return expr
    return relax.op.clip(expr, least, most)


Converter = Callable[[Operator, Context], Any]
"""Gives an expression, an array, or a list of them with one for each output."""
Converters = Mapping[str, Converter]

__all__ = ["CompileError", "Context", "Converter", "Converters", "Expr", "State", "Unsupported"]
