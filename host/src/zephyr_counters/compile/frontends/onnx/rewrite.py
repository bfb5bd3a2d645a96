# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""An ONNX model in a plainer form: names everywhere, shapes known, constants computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.frontends.frontend import Shapes
from zephyr_counters.compile.frontends.onnx.branches import inlined
from zephyr_counters.errors import CompileError

Array = npt.NDArray[Any]
MAX_FOLDED = 1 << 22
"""Elements of a result that is computed at compile time, at most."""
MAX_ROUNDS = 32
MAX_SHAPE_ELEMENTS = 64
"""Constants of more elements are no shapes, axes or bounds."""
_KEPT = frozenset(
    ["DequantizeLinear", "QuantizeLinear", "RandomNormal", "RandomUniform", "RandomNormalLike",
     "RandomUniformLike", "Multinomial", "Bernoulli", "Dropout", "If", "Loop", "Scan"]
)  # fmt: skip
"""Operators that stay: kernels need quantization apart, and chance is not constant."""


def plain(model: Any, shapes: Shapes) -> Any:
    """Name nodes, fix input shapes, fold constants and take branches of a model, and return it.

    Raises:
        CompileError: an input has an open extent after the first, and no shape was given.
    """
    graph = model.graph
    _name_nodes(graph)
    _fix_inputs(graph, shapes)
    constants = _Constants(graph.initializer)
    for _ in range(MAX_ROUNDS):
        if not _fold(model, constants) and not inlined(graph, constants):
            break
        _name_nodes(graph)
    return model


class _Constants:
    """Arrays by name; those of the file are made when they are asked for, which few are."""

    def __init__(self, tensors: Any) -> None:
        self._tensors = {tensor.name: tensor for tensor in tensors}
        self._computed: dict[str, Array] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._computed or name in self._tensors

    def __getitem__(self, name: str) -> Array:
        return self._computed[name] if name in self._computed else _array(self._tensors[name])

    def __setitem__(self, name: str, array: Array) -> None:
        self._computed[name] = array

    def add(self, tensor: Any) -> None:
        """Add a constant of the file."""
        self._tensors[tensor.name] = tensor


def _array(tensor: Any) -> Array:
    from onnx import numpy_helper

    return np.asarray(numpy_helper.to_array(tensor))


def _name_nodes(graph: Any) -> None:
    """Name a node that has no name after its first result."""
    for node in graph.node:
        if not node.name:
            node.name = next((name for name in node.output if name), node.op_type)


def _fix_inputs(graph: Any, shapes: Shapes) -> None:
    constants = {item.name for item in graph.initializer}
    for value in graph.input:
        if value.name in constants or not value.type.HasField("tensor_type"):
            continue
        tensor = value.type.tensor_type
        if value.name in shapes:
            tensor.ClearField("shape")
            for extent in shapes[value.name]:
                tensor.shape.dim.add().dim_value = extent
            continue
        if not tensor.HasField("shape"):
            raise CompileError(
                f"input '{value.name}' has no shape",
                f'give it: --input-shapes "{value.name}:[...]"',
            )
        dims = list(tensor.shape.dim)
        for dim in dims:
            # How some exporters write an open extent.
            if dim.dim_value < 0:
                dim.ClearField("dim_value")
        text = ",".join(str(d.dim_value) if d.HasField("dim_value") else "?" for d in dims)
        for axis, dim in enumerate(dims):
            if dim.HasField("dim_value"):
                if dim.dim_value == 0:
                    raise CompileError(f"input '{value.name}' has an extent of 0: [{text}]")
                continue
            if axis:
                raise CompileError(
                    f"input '{value.name}' has the open shape [{text}]",
                    f'give it: --input-shapes "{value.name}:[{text}]" with numbers for ?',
                )
            dim.dim_value = 1


def _fold(model: Any, constants: _Constants) -> bool:
    """Compute what depends on constants and on shapes; gives whether anything changed."""
    from onnx import numpy_helper

    graph = model.graph
    shapes = _inferred(model)
    kept, changed = [], False
    for node in graph.node:
        results = _evaluated(node, constants, shapes, model)
        if results is None:
            kept.append(node)
            continue
        changed = True
        for name, array in zip(node.output, results, strict=False):
            if name:
                constants[name] = array
                graph.initializer.append(numpy_helper.from_array(array, name))
    del graph.node[:]
    graph.node.extend(kept)
    return changed


def _without_weights(model: Any) -> Any:
    """Return a copy in which large constants are inputs, as only their shapes matter."""
    import onnx
    from onnx import helper

    made = onnx.ModelProto()
    made.ir_version = max(model.ir_version, 4)
    made.opset_import.extend(model.opset_import)
    for field in ("node", "input", "output", "value_info"):
        getattr(made.graph, field).extend(getattr(model.graph, field))
    made.graph.name = model.graph.name or "graph"
    known = {value.name for value in model.graph.input}
    for tensor in model.graph.initializer:
        if int(np.prod(tensor.dims)) <= MAX_SHAPE_ELEMENTS:
            made.graph.initializer.append(tensor)
        elif tensor.name not in known:
            made.graph.input.append(
                helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims))
            )
    return made


def _inferred(model: Any) -> dict[str, tuple[int, ...]]:
    """Return static shapes by tensor name."""
    import onnx

    stripped = _without_weights(model)
    try:
        inferred = onnx.shape_inference.infer_shapes(stripped, data_prop=True)
    except Exception:
        return {}
    found = {}
    for value in (*inferred.graph.input, *inferred.graph.value_info, *inferred.graph.output):
        tensor = value.type.tensor_type
        if not value.type.HasField("tensor_type") or not tensor.HasField("shape"):
            continue
        dims = tensor.shape.dim
        if all(dim.HasField("dim_value") for dim in dims):
            found[value.name] = tuple(dim.dim_value for dim in dims)
    declared = {value.name for value in model.graph.output}
    for name in declared - {value.name for value in inferred.graph.value_info}:
        found.pop(name, None) if name not in {i.name for i in model.graph.input} else None
    return found


def _evaluated(
    node: Any, constants: _Constants, shapes: dict[str, tuple[int, ...]], model: Any
) -> list[Array] | None:
    """Return the results of a node, if they are constant."""
    from onnx.reference import ReferenceEvaluator

    if node.domain not in ("", "ai.onnx") or node.op_type in _KEPT:
        return None
    if node.op_type in ("Shape", "Size") and node.input[0] in shapes:
        return [_of_shape(node, shapes[node.input[0]])]
    if node.op_type == "EyeLike" and node.input[0] in shapes:
        arrays = {node.input[0]: np.zeros(shapes[node.input[0]], np.float32)}
        if not any(attribute.name == "dtype" for attribute in node.attribute):
            return None
    elif all(name in constants or not name for name in node.input):
        arrays = {name: constants[name] for name in node.input if name}
    else:
        return None
    if sum(array.size for array in arrays.values()) > MAX_FOLDED:
        return None
    if any(attribute.HasField("g") for attribute in node.attribute):
        return None
    try:
        from onnx import helper

        graph = helper.make_graph([node], "node", [], [])
        for name in arrays:
            graph.input.add().name = name
        for name in node.output:
            if name:
                graph.output.add().name = name
        single = helper.make_model(graph, opset_imports=model.opset_import)
        found = [np.asarray(value) for value in ReferenceEvaluator(single).run(None, arrays)]
    except Exception:
        return None
    if any(array.size > MAX_FOLDED or array.size == 0 for array in found):
        return None
    by_name = dict(zip((name for name in node.output if name), found, strict=True))
    return [by_name.get(name, np.zeros(0)) for name in node.output]


def _of_shape(node: Any, shape: tuple[int, ...]) -> Array:
    if node.op_type == "Size":
        return np.array(int(np.prod(shape)), np.int64)
    bounds = {attribute.name: attribute.i for attribute in node.attribute}
    return np.array(shape[bounds.get("start", 0) : bounds.get("end", len(shape))], np.int64)
