# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What converters of ONNX operators share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tvm
from tvm import relax

Expr = Any
Array = npt.NDArray[Any]


class Unsupported(Exception):
    """What an operator asks for and the compiler does not have."""


@dataclass
class Node:
    """A node that is being converted; absent inputs are None."""

    op: str
    inputs: Sequence[Any]
    attributes: Mapping[str, Any]
    outputs: int
    opset: int
    builder: Any
    fallback: Callable[..., Any]
    """Converts an operator as TVM does: (operator, inputs, attributes)."""

    def input(self, index: int) -> Any:
        """Return an input, or None."""
        return self.inputs[index] if index < len(self.inputs) else None

    def array(self, index: int) -> Array | None:
        """Return the values of an input, if it is constant."""
        return constant(self.input(index))

    def needed(self, index: int, what: str) -> Array:
        """Return the values of an input that must be constant."""
        array = self.array(index)
        if array is None:
            raise Unsupported(f"{what} must be constant")
        return array

    def get(self, name: str, default: Any = None) -> Any:
        """Return an attribute; texts as str."""
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else value

    def emit(self, expr: Expr) -> Expr:
        """Bind an expression to a variable."""
        return expr if isinstance(expr, relax.Var) else self.builder.emit(expr)

    def te(self, name: str, function: Callable[..., Any], *args: Any) -> Expr:
        """Return a tensor program."""
        values = [self.emit(a) if isinstance(a, tvm.ir.Call) else a for a in args]
        return self.builder.emit_te(function, *values, primfunc_name_hint=name)

    def shape(self, expr: Expr) -> tuple[int, ...]:
        """Return a static shape."""
        type_ = self.builder.normalize(expr).ty
        try:
            return tuple(int(extent) for extent in type_.shape)
        except (TypeError, ValueError) as error:
            raise Unsupported("the shape of an input depends on data") from error

    def dtype(self, expr: Expr) -> str:
        """Return an element type."""
        return str(self.builder.normalize(expr).ty.dtype)


def constant(expr: Any) -> Array | None:
    """Return a constant's array; None if the expression is not constant."""
    if isinstance(expr, relax.ShapeExpr):
        return np.array([int(v) for v in expr.values], np.int64)
    value: Any = getattr(expr, "value", None)
    return value.numpy() if hasattr(value, "numpy") else None


def const(value: Any, dtype: str) -> Expr:
    """Return a constant of that type."""
    return relax.const(np.asarray(value, dtype), dtype)


Converter = Callable[[Node], Any]
Converters = Mapping[str, Converter]
