# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Values of expressions that depend on constants only, with their quantization kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tvm
from tvm import relax

from zephyr_counters.compile import graph as g

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Value:
    """A constant. If `scale` is given it stands for (data - zero) * scale; all have one shape."""

    data: Array
    scale: Array | None = None
    zero: Array | None = None

    def map(self, function: Any) -> Value:
        """Apply a rearrangement of elements to all parts."""
        return Value(
            function(self.data),
            None if self.scale is None else function(self.scale),
            None if self.zero is None else function(self.zero),
        )

    @property
    def real(self) -> Array:
        """What it stands for."""
        if self.scale is None or self.zero is None:
            return self.data
        return (self.data.astype(np.float64) - self.zero) * self.scale


def evaluate(expr: g.Expr, graph: g.Graph) -> Value | None:
    """Return the value of constants that are dequantized or widened, and rearranged, or None."""
    if isinstance(expr, tvm.ir.Constant) and hasattr(expr, "value"):
        value = expr.value
        return Value(value.numpy()) if hasattr(value, "numpy") else None
    step = graph.producers.get(expr) if isinstance(expr, relax.Var) else None
    if step is None or not isinstance(step.value, tvm.ir.Call):
        return None
    call, op = step.value, g.op_name(step.value)
    if op not in ("astype", "dequantize", "reshape", "permute_dims", "squeeze", "expand_dims"):
        return None
    inner = evaluate(call.args[0], graph)
    if inner is None:
        return None
    if op == "dequantize":
        return _dequantize(inner, call, graph)
    if op == "astype":
        half = inner.scale is None and inner.data.dtype == np.float16
        wide = half and str(step.type.dtype) == "float32"
        return Value(inner.data.astype(np.float32)) if wide else None
    if op == "permute_dims":
        axes = call.attrs.axes
        order = None if axes is None else [int(axis) for axis in axes]
        return inner.map(lambda array: np.transpose(array, order))
    shape = tuple(int(extent) for extent in step.type.shape)
    return inner.map(lambda array: array.reshape(shape))


def scalar(expr: g.Expr, graph: g.Graph) -> float | int | None:
    """Return the value of a constant with one element."""
    value = evaluate(expr, graph)
    if value is None or value.scale is not None or value.data.size != 1:
        return None
    return value.data.reshape(-1)[0].item()  # type: ignore[no-any-return]


def _dequantize(inner: Value, call: Any, graph: g.Graph) -> Value | None:
    scale, zero = evaluate(call.args[1], graph), evaluate(call.args[2], graph)
    if inner.scale is not None or scale is None or zero is None:
        return None
    axis = int(call.attrs.axis)
    parts = []
    for part in (scale.data.astype(np.float64), zero.data.astype(np.int64)):
        if part.size != 1:
            extents = [1] * inner.data.ndim
            extents[axis] = part.size
            part = part.reshape(extents)
        else:
            part = part.reshape(())
        parts.append(np.broadcast_to(part, inner.data.shape))
    return Value(inner.data, parts[0], parts[1])


def expression(value: Value) -> g.Expr | None:
    """Return a constant as a graph has it; None if its scales vary along several axes."""
    data = relax.const(np.ascontiguousarray(value.data), str(value.data.dtype))
    if value.scale is None or value.zero is None:
        return data
    pairs = np.stack([value.scale, value.zero.astype(np.float64)])
    axes = [axis for axis in range(value.data.ndim) if _varies(pairs, axis + 1)]
    if len(axes) > 1:
        return None
    axis = axes[0] if axes else -1
    first = tuple(slice(None) if a == axis else 0 for a in range(value.data.ndim))
    scale, zero = value.scale[first].astype(np.float32), value.zero[first]
    dtype = str(value.data.dtype)
    kind = dtype if not axes and dtype in ("int8", "uint8") else "int32"
    parameters = relax.const(scale), relax.const(zero.astype(kind), kind)
    return relax.op.dequantize(data, *parameters, axis=axis)


def _varies(array: Array, axis: int) -> bool:
    return bool(np.any(array != np.take(array, [0], axis)))
