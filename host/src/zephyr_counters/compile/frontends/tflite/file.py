# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A TFLite file's tables (schema.fbs) as plain objects."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.errors import CompileError

Array = npt.NDArray[Any]
NONE = -1
"""Index of an optional tensor that is absent."""
_TYPES = {
    "FLOAT32": "float32", "FLOAT16": "float16", "FLOAT64": "float64", "INT8": "int8",
    "UINT8": "uint8", "INT16": "int16", "UINT16": "uint16", "INT32": "int32", "UINT32": "uint32",
    "INT64": "int64", "UINT64": "uint64", "BOOL": "bool", "INT4": "int4", "RESOURCE": "resource",
    "STRING": "string", "VARIANT": "variant", "COMPLEX64": "complex64", "COMPLEX128": "complex128",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Quantization:
    """Elements stand for (q - zero) * scale; one of each, or one per index of `axis`."""

    scale: npt.NDArray[np.float32]
    zero: npt.NDArray[np.int64]
    axis: int

    def same(self, other: Quantization | None) -> bool:
        """Whether both say the same of a tensor."""
        return (
            other is not None
            and np.array_equal(self.scale, other.scale)
            and np.array_equal(self.zero, other.zero)
        )


@dataclass(frozen=True, eq=False)
class Tensor:
    """A tensor of a subgraph; `data` if it is a constant."""

    name: str
    shape: tuple[int, ...]
    signature: tuple[int, ...]
    """The shape with -1 where the model leaves it open."""
    dtype: str
    quantization: Quantization | None
    data: Array | None
    is_variable: bool

    @property
    def scale(self) -> float:
        """The only scale, in double precision."""
        assert self.quantization is not None
        return float(self.quantization.scale[0])

    @property
    def zero(self) -> int:
        """The only zero point."""
        assert self.quantization is not None
        return int(self.quantization.zero[0])


@dataclass(frozen=True, eq=False)
class Operator:
    """An operator: indices of its tensors, and its options' table."""

    code: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    table: Any
    kind: int
    layer: str
    """The name of its result."""
    custom: bytes = b""
    """Options of a custom operator, as its runtime defines them."""
    is_custom: bool = False

    def options(self, name: str) -> Any:
        """Its options as a table of class `name`, with default values if there are none."""
        made = getattr(importlib.import_module(f"tflite.{name}"), name)()
        if self.table is None or self.kind != _option_kinds().get(name):
            return _Defaults()
        made.Init(self.table.Bytes, self.table.Pos)
        return made

    @property
    def where(self) -> str:
        """For messages."""
        kind = "custom operator" if self.is_custom else "operator"
        return f"{kind} {self.code}, layer '{self.layer}'"


class _Defaults:
    """Options that a file leaves out: every number is 0."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args: 0


@dataclass(frozen=True)
class Subgraph:
    """Tensors, and operators in the order in which they run."""

    tensors: Sequence[Tensor]
    operators: Sequence[Operator]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@lru_cache(maxsize=1)
def _option_kinds() -> dict[str, int]:
    from tflite.BuiltinOptions import BuiltinOptions

    return {k: v for k, v in vars(BuiltinOptions).items() if isinstance(v, int)}


@lru_cache(maxsize=1)
def _codes() -> dict[int, str]:
    from tflite.BuiltinOperator import BuiltinOperator

    return {v: k for k, v in vars(BuiltinOperator).items() if isinstance(v, int)}


@lru_cache(maxsize=1)
def _types() -> dict[int, str]:
    from tflite.TensorType import TensorType

    return {v: _TYPES.get(k, k.lower()) for k, v in vars(TensorType).items() if isinstance(v, int)}


def read(data: bytes) -> list[Subgraph]:
    """Return the subgraphs of a file; the first is the model.

    Raises:
        CompileError: the file is damaged.
    """
    import tflite

    try:
        model = tflite.Model.GetRootAsModel(data, 0)
        return [_subgraph(model, model.Subgraphs(i)) for i in range(model.SubgraphsLength())]
    except CompileError:
        raise
    except Exception as error:
        raise CompileError(
            f"its tables cannot be read ({type(error).__name__})",
            "is the file complete, and a TFLite model?",
        ) from error


def _subgraph(model: Any, table: Any) -> Subgraph:
    tensors = [_tensor(model, table.Tensors(i), i) for i in range(table.TensorsLength())]
    operators = [
        _operator(model, table.Operators(i), tensors) for i in range(table.OperatorsLength())
    ]
    inputs, outputs = _indices(table.InputsAsNumpy()), _indices(table.OutputsAsNumpy())
    used = [i for op in operators for i in (*op.inputs, *op.outputs)]
    if any(not NONE <= i < len(tensors) for i in (*inputs, *outputs, *used)):
        raise CompileError("names a tensor that it does not have", "is the file complete?")
    return Subgraph(tensors, operators, inputs, outputs)


def _indices(array: Any) -> tuple[int, ...]:
    return () if isinstance(array, int) else tuple(int(i) for i in array)


def _operator(model: Any, table: Any, tensors: Sequence[Tensor]) -> Operator:
    code = model.OperatorCodes(table.OpcodeIndex())
    number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
    name = _codes().get(number, f"number {number}")
    is_custom = name == "CUSTOM"
    if is_custom:
        name = (code.CustomCode() or b"CUSTOM").decode("utf-8", "replace")
    outputs = _indices(table.OutputsAsNumpy())
    named = [tensors[i].name for i in outputs if 0 <= i < len(tensors)]
    custom = table.CustomOptionsAsNumpy()
    return Operator(
        name,
        _indices(table.InputsAsNumpy()),
        outputs,
        table.BuiltinOptions(),
        table.BuiltinOptionsType(),
        short_name(named[0]) if named else name,
        b"" if isinstance(custom, int) else bytes(custom),
        is_custom,
    )


def _tensor(model: Any, table: Any, index: int) -> Tensor:
    name = (table.Name() or b"").decode("utf-8", "replace") or f"tensor{index}"
    dtype = _types().get(table.Type(), f"type {table.Type()}")
    shape = _indices(table.ShapeAsNumpy())
    signature = _indices(table.ShapeSignatureAsNumpy()) or shape
    found = model.Buffers(table.Buffer()).DataAsNumpy()
    data = None if isinstance(found, int) or found.size == 0 else _values(found, dtype, shape, name)
    quantization = _quantization(table.Quantization())
    if dtype == "int4" and data is not None:
        dtype = "int8"
    return Tensor(name, shape, signature, dtype, quantization, data, bool(table.IsVariable()))


def _values(found: Array, dtype: str, shape: tuple[int, ...], name: str) -> Array | None:
    if dtype == "int4":
        low, high = found & 15, found >> 4
        nibbles = np.stack([low, high], axis=-1).reshape(-1).astype(np.int8)
        array = np.where(nibbles > 7, nibbles - 16, nibbles).astype(np.int8)
        return array[: int(np.prod(shape))].reshape(shape)
    if dtype in ("string", "resource", "variant"):
        return None
    array = np.frombuffer(found.tobytes(), np.dtype(dtype))
    if array.size != int(np.prod(shape)):
        raise CompileError(
            f"tensor '{name}' has {array.size} elements, and a shape for {int(np.prod(shape))}",
            "is the file complete?",
        )
    return array.reshape(shape)


def _quantization(table: Any) -> Quantization | None:
    if table is None or table.ScaleLength() == 0:
        return None
    scale = np.asarray(table.ScaleAsNumpy(), np.float32)
    zero = table.ZeroPointAsNumpy()
    zeros = np.zeros(1, np.int64) if isinstance(zero, int) else np.asarray(zero, np.int64)
    if np.all(zeros == zeros[0]):
        zeros = zeros[:1]
    return Quantization(scale, zeros, int(table.QuantizedDimension()))


def short_name(name: str) -> str:
    """Return a tensor's first name; converters join those of fused operators with ';'."""
    return name.split(";", 1)[0]
