# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Variables: state that lives in RAM from one run to the next."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite.context import (
    Context,
    Converters,
    Expr,
    State,
    Unsupported,
)
from zephyr_counters.compile.frontends.tflite.file import Operator, Subgraph


def state(context: Context, key: str, name: str, initial: Any) -> State:
    """Return the state with that key; made with its first value if there is none yet."""
    if key not in context.states:
        var = relax.Var(name, relax.TensorType(initial.shape, str(initial.dtype)))
        context.states[key] = State(name, var, initial, var)
    return context.states[key]


def tensor_state(context: Context, index: int) -> State:
    """Return the state of a tensor that the file marks as variable; it starts as 0."""
    tensor = context.tensor(index)
    zero = tensor.zero if tensor.quantization is not None and tensor.dtype == "int8" else 0
    initial = np.full(tensor.shape, zero, tensor.dtype)
    return state(context, f"tensor {index}", tensor.name, initial)


def var_handle(op: Operator, context: Context) -> None:
    """VAR_HANDLE: a name for a variable."""
    context.handles[op.outputs[0]] = _key(op)


def _key(op: Operator) -> str:
    options = op.options("VarHandleOptions")
    parts = [options.Container(), options.SharedName()]
    text = "/".join(p.decode("utf-8", "replace") for p in parts if isinstance(p, bytes))
    return f"variable {text}"


def _initial(graph: Subgraph, context: Context) -> dict[str, Any]:
    """Return what a subgraph of assignments of constants gives to each variable."""
    handles = {op.outputs[0]: _key(op) for op in graph.operators if op.code == "VAR_HANDLE"}
    found = {}
    for op in graph.operators:
        if op.code == "ASSIGN_VARIABLE":
            data = graph.tensors[op.inputs[1]].data
            if data is None:
                raise Unsupported("the first value of a variable is computed")
            found[handles[op.inputs[0]]] = data
        elif op.code != "VAR_HANDLE":
            raise Unsupported(f"its subgraph has operator {op.code}")
    return found


def _first_values(context: Context) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for op in context.graph.operators:
        if op.code == "CALL_ONCE":
            index = op.options("CallOnceOptions").InitSubgraphIndex()
            found.update(_initial(context.subgraphs[index], context))
    return found


def call_once(op: Operator, context: Context) -> None:
    """CALL_ONCE: gives variables their first values."""
    index = op.options("CallOnceOptions").InitSubgraphIndex()
    if not 0 < index < len(context.subgraphs):
        raise Unsupported(f"there is no subgraph {index}")
    _initial(context.subgraphs[index], context)


def _variable(op: Operator, context: Context, shape: tuple[int, ...], dtype: str) -> State:
    key = context.handles.get(op.inputs[0])
    if key is None:
        raise Unsupported("its variable has no VAR_HANDLE in this subgraph")
    initial = _first_values(context).get(key)
    if initial is None:
        initial = np.zeros(shape, dtype)
    return state(context, key, key.removeprefix("variable "), np.asarray(initial).reshape(shape))


def read_variable(op: Operator, context: Context) -> Expr:
    """READ_VARIABLE: what was assigned last."""
    tensor = context.tensor(op.outputs[0])
    return _variable(op, context, tensor.shape, tensor.dtype).value


def assign_variable(op: Operator, context: Context) -> None:
    """ASSIGN_VARIABLE."""
    tensor = context.tensor(op.inputs[1])
    shape = context.shape_of(op.inputs[1])
    found = _variable(op, context, shape, tensor.dtype)
    value = context.expr(op.inputs[1])
    found.value = value if isinstance(value, relax.Var) else context.emit(value)


CONVERTERS: Converters = {
    "ASSIGN_VARIABLE": assign_variable,
    "CALL_ONCE": call_once,
    "READ_VARIABLE": read_variable,
    "VAR_HANDLE": var_handle,
}
