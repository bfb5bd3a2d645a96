# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLite files to a graph, operator by operator, keeping tensor names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.frontends.frontend import Declared, Imported, Shapes, StateTensor
from zephyr_counters.compile.messages import abandon, listed, reason
from zephyr_counters.errors import CompileError

name = "tflite"
suffixes: tuple[str, ...] = (".tflite", ".lite")
packages: tuple[str, ...] = ("tflite",)
extra = "zephyr-counters[tflite]"


def detects(data: bytes, path: Path) -> bool:
    """Whether it has TFLite's FlatBuffers identifier (schema.fbs: file_identifier)."""
    return data[4:8] == b"TFL3"


def load(data: bytes, shapes: Shapes) -> Imported:
    """Import a TFLite model.

    Raises:
        CompileError: the file is damaged, or has operators that are not supported; names all.
    """
    from zephyr_counters.compile.frontends.tflite import file

    subgraphs = file.read(data)
    if not subgraphs or not subgraphs[0].operators:
        raise CompileError("is a TFLite model without any operator")
    model = subgraphs[0]
    _check_inputs(model, shapes)
    labels: dict[relax.Var, str] = {}
    tensors: dict[relax.Var, str] = {}
    builder = relax.BlockBuilder()
    try:
        context = _convert(subgraphs, builder, shapes, labels, tensors)
    except BaseException:
        abandon(builder)
        raise
    states = [StateTensor(state.name, state.initial) for state in context.states.values()]
    declared = [None if shapes else _declared(model, index) for index in model.outputs]
    graph = g.read(builder.get(), labels.get, context.nodes.get)
    return Imported(
        graph,
        [model.tensors[i].name for i in model.inputs],
        [model.tensors[i].name for i in model.outputs],
        declared,
        states,
        tensors,
    )


def _declared(model: Any, index: int) -> Declared:
    """Return what the file says of a result; that of a custom operator may have no shape there."""
    tensor = model.tensors[index]
    maker = next((op for op in model.operators if index in op.outputs), None)
    if maker is not None and maker.is_custom and not tensor.shape:
        return Declared(None, tensor.dtype)
    return Declared(tuple(None if n < 0 else n for n in tensor.signature), tensor.dtype)


def _check_inputs(model: Any, shapes: Shapes) -> None:
    """Only the batch may be left open: it is 1 then, as TFLite sets it."""
    for index in model.inputs:
        tensor = model.tensors[index]
        if any(n < 0 for n in tensor.signature[1:]) and tensor.name not in shapes:
            extents = ",".join("?" if n < 0 else str(n) for n in tensor.signature)
            raise CompileError(
                f"input '{tensor.name}' has the open shape [{extents}]",
                f'give it: --input-shapes "{tensor.name}:[{extents}]" with numbers for ?',
            )


def _converters() -> dict[str, Any]:
    from zephyr_counters.compile.frontends.tflite import (
        bidirectional,
        blocks,
        control,
        detection,
        elementwise,
        gather,
        layout,
        lstm_float,
        normalization,
        pools,
        products,
        recurrent,
        resize,
        scales,
        shapes,
        signal,
        signal_frames,
        unary,
        variables,
    )

    found: dict[str, Any] = {"DYNAMIC_UPDATE_SLICE": control.dynamic_update_slice}
    for module in (
        bidirectional, blocks, detection, elementwise, gather, layout, lstm_float, normalization,
        pools, products, recurrent, resize, scales, shapes, signal, signal_frames, unary, variables,
    ):  # fmt: skip
        found.update(module.CONVERTERS)
    return found


def _convert(
    subgraphs: Sequence[Any],
    builder: Any,
    shapes: Shapes,
    labels: dict[relax.Var, str],
    tensors: dict[relax.Var, str],
) -> Any:
    from zephyr_counters.compile.frontends.tflite import control
    from zephyr_counters.compile.frontends.tflite.context import Context

    model = subgraphs[0]
    context = Context(model, subgraphs, builder)
    params = []
    for index in model.inputs:
        tensor = model.tensors[index]
        shape = shapes.get(tensor.name, tensor.shape)
        if tensor.dtype in ("string", "resource", "variant", "complex64", "complex128"):
            raise CompileError(f"input '{tensor.name}' is of type {tensor.dtype}")
        var = relax.Var(tensor.name, relax.TensorType(shape, tensor.dtype))
        context.values[index] = var
        context.params.append(var)
        params.append(var)
    with builder.function("main"):
        with builder.dataflow():
            converters = _converters()

            def run(inner: Any, prefix: str) -> None:
                _operators(inner, labels, converters, f"{prefix}/")

            converters.update(control.converters(run))
            _operators(context, labels, converters)
            _name_tensors(context, tensors)
            outputs = [context.expr(i) for i in model.outputs]
            states = list(context.states.values())
            outputs += [state.value for state in states]
            results = outputs[0] if len(outputs) == 1 else relax.Tuple(outputs)
            result = builder.emit_output(results)
        builder.emit_func_output(result, [*params, *(state.var for state in states)])
    return context


def _operators(
    context: Any, labels: dict[relax.Var, str], converters: dict[str, Any], prefix: str = ""
) -> None:
    """Convert all operators; what cannot be is reported at once."""
    from zephyr_counters.compile.frontends.tflite.context import Unsupported
    from zephyr_counters.compile.frontends.tflite.folding import fold

    failed: set[int] = set()
    problems: list[str] = []
    for op in context.graph.operators:
        if failed.intersection(op.inputs):
            failed.update(op.outputs)
            if op.code not in converters:
                problems.append(f"{op.where}: {_refusal(op)}")
            continue
        try:
            if op.code not in converters:
                raise Unsupported(_refusal(op))
            made = fold(op, context)
            _bind(
                op,
                converters[op.code](op, context) if made is None else made,
                context,
                labels,
                prefix,
            )
        except Unsupported as error:
            problems.append(f"{op.where}: {error}")
            failed.update(op.outputs)
        except CompileError:
            raise
        except Exception as error:
            problems.append(f"{op.where}: {reason(error)}")
            failed.update(op.outputs)
    if problems:
        raise CompileError(listed(problems), "see docs/models.md for what is supported")


def _refusal(op: Any) -> str:
    """Return why an operator without a converter is refused."""
    if op.is_custom and op.code.startswith("ethos-u"):
        return "is code for an Ethos-U; compile the model as it was before Vela"
    if op.is_custom:
        return "is defined by the runtime that the model was made for, and is not supported"
    return "is not supported"


def _bind(op: Any, made: Any, context: Any, labels: dict[relax.Var, str], prefix: str) -> None:
    """Note the results of an operator, and which variables are its own."""
    results = made if isinstance(made, list) else [made]
    for index, value in zip(op.outputs, results, strict=False):
        if not isinstance(value, np.ndarray) and value is not None:
            value = context.emit(value)
            if isinstance(value, relax.Var) and not any(value is v for v in context.params):
                labels.setdefault(value, prefix + op.layer)
                context.nodes.setdefault(value, context.tensor(index).name)
        if value is not None:
            context.values[index] = value


def _name_tensors(context: Any, tensors: dict[relax.Var, str]) -> None:
    """Note the name of the tensor that a variable equals; two tensors may have one name."""
    for index, value in context.values.items():
        if isinstance(value, relax.Var) and not any(value is v for v in context.params):
            tensors.setdefault(value, context.tensor(index).name)
