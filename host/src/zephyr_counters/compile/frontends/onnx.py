# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ONNX files to a graph, through TVM's own frontend, keeping node names."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.frontends.frontend import Imported, Shapes
from zephyr_counters.compile.messages import abandon, brief
from zephyr_counters.errors import CompileError

name = "onnx"
suffixes: tuple[str, ...] = (".onnx",)
packages: tuple[str, ...] = ("onnx",)
extra = "zephyr-counters[onnx]"

_IR_VERSION, _GRAPH = 1, 7
_FIELDS = frozenset((*range(1, 9), 14, 20, 25, 26))
"""Numbers of the fields of ModelProto (onnx/onnx.proto)."""
_LOG = logging.getLogger(__name__)


def detects(data: bytes, path: Path) -> bool:
    """Whether it begins with fields of a ModelProto, of which one is its version or its graph."""
    position = 0
    seen: set[int] = set()
    while position < len(data) and len(seen) < len(_FIELDS):
        tag, position = _varint(data, position)
        field, wire = tag >> 3, tag & 7
        if field not in _FIELDS or wire not in (0, 2):
            return False
        seen.add(field)
        value, position = _varint(data, position)
        position += value if wire == 2 else 0
    return bool(seen & {_IR_VERSION, _GRAPH})


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """A protobuf integer, and the position after it; the end of the data ends it."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            break
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return value, position


def load(data: bytes, shapes: Shapes) -> Imported:
    """Import an ONNX model through TVM's frontend.

    Raises:
        CompileError: the file is damaged, or has an operator that TVM cannot import.
    """
    import onnx
    from tvm.relax.frontend.onnx.onnx_frontend import ONNXGraphImporter

    labels: dict[relax.Var, str] = {}
    current: list[str] = ["its graph"]

    class Importer(ONNXGraphImporter):  # type: ignore[misc]
        """Emits every node's result at once, and notes which node it is."""

        def _convert_operator(self, op_name: str, inputs: Any, attrs: Any, opset: int) -> Any:
            name = str(attrs["tvm_custom"]["name"])
            current[0] = f"operator {op_name}, layer '{name}'"
            convert = _CONVERTERS.get(op_name)
            result = None if convert is None else convert(inputs, attrs)
            if result is None:
                result = super()._convert_operator(op_name, inputs, attrs, opset)
            if isinstance(result, tvm.ir.Call | relax.TupleGetItem):
                result = self.bb.emit(result)
            last = result.fields[-1] if isinstance(result, relax.Tuple) else result
            if isinstance(last, relax.Var) and name:
                labels.setdefault(last, name)
            return result

    try:
        model = onnx.load_from_string(data)
    except Exception as error:
        raise CompileError("is not a complete ONNX model", brief(error)) from error
    if not model.graph.node:
        raise CompileError("is an ONNX model without any operator")
    importer = Importer(dict(shapes), {}, keep_params_in_input=False, sanitize=True)
    noise = io.StringIO()
    try:
        onnx.checker.check_model(model)
        versions = [item.version for item in model.opset_import if item.domain in ("", "ai.onnx")]
        with contextlib.redirect_stdout(noise), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mod = importer.from_onnx(model.graph, versions[0] if versions else 1)
    except tvm.error.OpNotImplemented as error:
        abandon(importer.bb)
        text = brief(error)
        named = [node for node in model.graph.node if re.search(rf"\b{node.op_type}\b", text)]
        where = f"operator {named[0].op_type}, layer '{named[0].name}': " if named else ""
        raise CompileError(f"{where}unsupported by TVM's ONNX frontend: {text}") from error
    except Exception as error:
        abandon(importer.bb)
        _LOG.debug("%s", noise.getvalue())
        raise CompileError(f"ONNX import failed at {current[0]}: {brief(error)}") from error
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [item.name for item in model.graph.input if item.name not in constants]
    outputs = [item.name for item in model.graph.output]
    return Imported(g.read(mod, labels.get), inputs, outputs)


def _clip(inputs: Any, attrs: Any) -> Any:
    """Clip by constants as one Relax operator, which quantization recognizes; else None.

    TVM's frontend writes it as tensor programs of its own.
    """
    x = inputs[0]
    if not isinstance(x.ty, relax.TensorType) or str(x.ty.dtype) != "float32":
        return None
    largest = float(np.finfo(np.float32).max)
    bounds = [float(attrs.get("min", -largest)), float(attrs.get("max", largest))]
    for index, bound in enumerate(list(inputs)[1:3]):
        if bound is None:
            continue
        value = _constant(bound)
        if value is None or value.size != 1:
            return None
        bounds[index] = float(value.reshape(-1)[0])
    if not all(np.isfinite(bounds)):
        return None
    return relax.op.clip(x, bounds[0], bounds[1])


def _pad(inputs: Any, attrs: Any) -> Any:
    """Pad with a constant as one Relax operator, which quantization recognizes; else None.

    TVM's frontend writes it as tensor programs of its own.
    """
    x, *rest = list(inputs)[:4]
    if len(rest) < 1 or any(item is not None for item in rest[2:]):
        return None
    if attrs.get("mode", b"constant") not in (b"constant", "constant"):
        return None
    pads, fill = _constant(rest[0]), np.zeros(1)
    if len(rest) > 1 and rest[1] is not None:
        fill = _constant(rest[1])
    if pads is None or fill is None or fill.size != 1 or np.any(pads < 0):
        return None
    if not isinstance(x.ty, relax.TensorType) or str(x.ty.dtype) != "float32":
        return None
    widths = pads.reshape(2, -1).T.reshape(-1).tolist()
    return relax.op.nn.pad(x, widths, pad_mode="constant", pad_value=float(fill.reshape(-1)[0]))


def _constant(expr: Any) -> Any:
    """A constant's array; None if the expression is not constant."""
    value: Any = getattr(expr, "value", None)
    return value.numpy() if hasattr(value, "numpy") else None


_CONVERTERS = {"Clip": _clip, "Pad": _pad}
"""Operators that are imported here instead of by TVM."""
