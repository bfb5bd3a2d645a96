# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ONNX files to a graph: by converters of ours, else by those of TVM's own frontend."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from pathlib import Path
from typing import Any

import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.frontends.frontend import Declared, Imported, Shapes
from zephyr_counters.compile.messages import abandon, brief, listed, reason
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
    """Return a protobuf integer, and the position after it; the end of the data ends it."""
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
    """Import an ONNX model.

    Raises:
        CompileError: the file is damaged, or has operators that are not supported; names all.
    """
    import onnx

    from zephyr_counters.compile.frontends.onnx.quantized import as_qdq
    from zephyr_counters.compile.frontends.onnx.rewrite import plain

    invalid = None
    try:
        # From the bytes: it would write a model to bytes of its own, and read these.
        onnx.checker.check_model(data)
    except Exception as error:
        invalid = brief(error)
    try:
        source = onnx.load_from_string(data)
    except Exception as error:
        raise CompileError("is not a complete ONNX model", brief(error)) from error
    if not source.graph.node:
        raise CompileError("is an ONNX model without any operator")
    if invalid is not None:
        raise CompileError(f"is not a valid ONNX model: {invalid}")
    try:
        model = plain(as_qdq(source), shapes)
    except UnicodeDecodeError as error:
        raise CompileError("has a name that is not UTF-8", "export the model again") from error
    mod, labels, tensors = _module(model, shapes)
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [item.name for item in model.graph.input if item.name not in constants]
    outputs = [item.name for item in model.graph.output]
    declared = [None if shapes else _declared(item) for item in model.graph.output]
    return Imported(g.read(mod, labels.get), inputs, outputs, declared, tensors=tensors)


def _declared(value: Any) -> Declared | None:
    """Return what the file says of an output."""
    from onnx import helper

    tensor = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not tensor.elem_type:
        return None
    dtype = str(helper.tensor_dtype_to_np_dtype(tensor.elem_type))
    if not tensor.HasField("shape"):
        return Declared(None, dtype)
    extents = [d.dim_value if d.HasField("dim_value") else None for d in tensor.shape.dim]
    return Declared(tuple(extents), dtype)


def _converters() -> dict[str, Any]:
    from zephyr_counters.compile.frontends.onnx import (
        blocked,
        corrected,
        gather,
        normalization,
        pool_indices,
        recurrent,
        resize,
    )

    found: dict[str, Any] = {}
    for module in (
        blocked, corrected, gather, normalization, pool_indices, recurrent, resize,
    ):  # fmt: skip
        found.update(module.CONVERTERS)
    return found


def _module(model: Any, shapes: Shapes) -> tuple[Any, dict[relax.Var, str], dict[relax.Var, str]]:
    """Return the model as a Relax module, and of each variable the layer and the tensor."""
    from tvm.relax.frontend.onnx import onnx_frontend

    from zephyr_counters.compile.frontends.onnx.convert import Node, Unsupported
    from zephyr_counters.compile.frontends.onnx.early import modern

    labels: dict[relax.Var, str] = {}
    tensors: dict[relax.Var, str] = {}
    converters = _converters()
    theirs = onnx_frontend._get_convert_map()

    class Importer(onnx_frontend.ONNXGraphImporter):  # type: ignore[misc]
        """Converts node by node, and reports all that cannot be converted."""

        def _check_for_unsupported_ops(self, graph: Any) -> None:
            """Nodes are checked as they are converted."""

        def _construct_nodes(self, graph: Any) -> None:
            used = {name for node in graph.node for name in node.input}
            used.update(value.name for value in graph.output)
            problems: list[str] = []
            failed: set[str] = set()
            for node in graph.node:
                if failed.intersection(node.input):
                    failed.update(node.output)
                    if node.op_type not in converters and node.op_type not in theirs:
                        problems.append(f"{_where(node)}: is not supported")
                    continue
                try:
                    self._node(node, used)
                except Unsupported as error:
                    problems.append(f"{_where(node)}: {error}")
                    failed.update(node.output)
                except Exception as error:
                    _LOG.debug("%s", error, exc_info=True)
                    problems.append(f"{_where(node)}: {reason(error)}")
                    failed.update(node.output)
            if problems:
                raise CompileError(listed(problems), "see docs/models.md for what is supported")

        def _node(self, node: Any, used: set[str]) -> None:
            op = node.op_type
            if op in ("If", "Loop", "Scan"):
                raise Unsupported(
                    f"its condition {node.input[0]} depends on inputs"
                    if op == "If"
                    else "loops are not supported"
                )
            if op not in converters and op not in theirs:
                raise Unsupported("is not supported")
            attributes = self._parse_attr([item for item in node.attribute if _given(item)])
            inputs = [self._nodes[name] if name else None for name in node.input]
            attributes["tvm_custom"] = {
                "name": node.name,
                "num_outputs": len(node.output),
                "used": [name in used for name in node.output],
            }
            given = Node(
                op, inputs, attributes, len(node.output), self.opset, self.bb, self._theirs
            )
            given = modern(given)
            made = converters[op](given) if op in converters else None
            if made is None:
                made = self._theirs(op, given.inputs, given.attributes)
            results = self._results(made, node, used)
            for name, value in zip(node.output, results, strict=False):
                if isinstance(value, tvm.ir.Call | relax.TupleGetItem):
                    value = self.bb.emit(value)
                is_own = isinstance(value, relax.Var) and all(value is not v for v in inputs)
                if is_own:
                    labels.setdefault(value, node.name)
                    tensors.setdefault(value, name)
                if name:
                    self._nodes[name] = value

        def _results(self, made: Any, node: Any, used: set[str]) -> list[Any]:
            if isinstance(made, relax.Tuple):
                return list(made.fields)
            made = self.bb.normalize(made)
            if isinstance(made.ty, relax.TupleType):
                made = self.bb.emit(made)
                return [relax.TupleGetItem(made, i) for i in range(len(made.ty.fields))]
            if used.intersection(node.output[1:]):
                raise Unsupported("only its first result is supported")
            return [made]

        def _theirs(self, op: str, inputs: Any, attributes: Any) -> Any:
            if op not in theirs:
                raise Unsupported("is not supported")
            given = onnx_frontend.onnx_input()
            given.extend(inputs)
            return super()._convert_operator(op, given, dict(attributes), self.opset)

    importer = Importer(dict(shapes), {}, keep_params_in_input=False, sanitize=True)
    noise = io.StringIO()
    versions = [item.version for item in model.opset_import if item.domain in ("", "ai.onnx")]
    try:
        with contextlib.redirect_stdout(noise), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mod = importer.from_onnx(model.graph, versions[0] if versions else 1)
    except CompileError:
        abandon(importer.bb)
        raise
    except Exception as error:
        abandon(importer.bb)
        _LOG.debug("%s", noise.getvalue())
        raise CompileError(f"its graph cannot be read: {brief(error)}") from error
    return mod, labels, tensors


def _where(node: Any) -> str:
    return f"operator {node.op_type}, layer '{node.name}'"


def _given(attribute: Any) -> bool:
    """Whether an attribute has a value; lists may be empty."""
    lists = {6: "floats", 7: "ints", 8: "strings"}
    name = lists.get(attribute.type)
    return name is None or len(getattr(attribute, name)) > 0
