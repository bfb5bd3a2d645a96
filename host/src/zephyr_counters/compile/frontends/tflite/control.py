# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Loops and branches that do not depend on inputs: unrolled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite.context import Context, Converter, Unsupported
from zephyr_counters.compile.frontends.tflite.file import Operator

MAX_ROUNDS = 512
"""More would give more code than a microcontroller's flash holds."""
Run = Callable[[Context, str], None]
"""Converts the operators of a subgraph, whose layers' names get a prefix."""


def converters(run: Run) -> dict[str, Converter]:
    """WHILE, IF and CALL, given what converts the operators of a context."""

    def called(context: Context, index: int, values: Sequence[Any], prefix: str) -> list[Any]:
        if not 0 < index < len(context.subgraphs):
            raise Unsupported(f"there is no subgraph {index}")
        graph = context.subgraphs[index]
        inner = replace(
            context, graph=graph, values={}, handles=dict(context.handles), halves=set()
        )
        inner.values.update(zip(graph.inputs, values, strict=True))
        run(inner, prefix)
        return [_value(inner, i) for i in graph.outputs]

    def while_(op: Operator, context: Context) -> list[Any]:
        options = op.options("WhileOptions")
        values = [_value(context, i) for i in op.inputs]
        for number in range(MAX_ROUNDS + 1):
            goes_on = called(context, options.CondSubgraphIndex(), values, op.layer)[0]
            if not isinstance(goes_on, np.ndarray):
                raise Unsupported("how often it repeats depends on inputs")
            if not bool(goes_on.reshape(-1)[0]):
                return values
            prefix = f"{op.layer}/{number}"
            values = called(context, options.BodySubgraphIndex(), values, prefix)
        raise Unsupported(f"it repeats more than {MAX_ROUNDS} times")

    def if_(op: Operator, context: Context) -> list[Any]:
        options = op.options("IfOptions")
        condition = context.needed(op.inputs[0], "its condition")
        chosen = bool(condition.reshape(-1)[0])
        index = options.ThenSubgraphIndex() if chosen else options.ElseSubgraphIndex()
        return called(context, index, [_value(context, i) for i in op.inputs[1:]], op.layer)

    def call(op: Operator, context: Context) -> list[Any]:
        index = op.options("CallOptions").Subgraph()
        return called(context, index, [_value(context, i) for i in op.inputs], op.layer)

    return {"CALL": call, "IF": if_, "WHILE": while_}


def _value(context: Context, index: int) -> Any:
    constant = context.constant(index)
    return constant if constant is not None else context.emit(context.expr(index))


def dynamic_update_slice(op: Operator, context: Context) -> Any:
    """DYNAMIC_UPDATE_SLICE at constant places."""
    at = [int(n) for n in context.needed(op.inputs[2], "where it updates").reshape(-1)]
    shape, part = context.shape_of(op.inputs[0]), context.shape_of(op.inputs[1])
    at = [min(max(a, 0), n - m) for a, n, m in zip(at, shape, part, strict=True)]
    expr, update = context.expr(op.inputs[0]), context.expr(op.inputs[1])
    widths = [w for a, n, m in zip(at, shape, part, strict=True) for w in (a, n - m - a)]
    mask = np.zeros(shape, bool)
    mask[tuple(slice(a, a + m) for a, m in zip(at, part, strict=True))] = True
    if mask.all():
        return update
    padded = relax.op.nn.pad(update, widths, pad_mode="constant", pad_value=0)
    return relax.op.where(relax.const(mask), padded, expr)
