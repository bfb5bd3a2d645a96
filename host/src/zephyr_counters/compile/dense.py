# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that gives float matrix products with constant weights to kernel libraries."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize import constants
from zephyr_counters.compile.quantize.matchers import Matcher, clip_bounds, merged
from zephyr_counters.compile.target import kernel_call
from zephyr_counters.extensions.kernel import Target
from zephyr_counters.extensions.operator import CompactConvolution, FloatMatrixProduct
from zephyr_counters.extensions.tensors import Float32Array, Tensor

FloatOperator = TypeVar("FloatOperator", CompactConvolution, FloatMatrixProduct)


def float_products(graph: g.Graph, target: Target) -> g.Graph:
    """Replace products of a tensor with a constant float32 matrix; sums keep their order.

    Bias and activation go along if a kernel library takes them.
    """
    matcher = Matcher(graph)
    made: dict[relax.Var, g.Step] = {}
    for step in graph.steps:
        op = _product(step, graph)
        if op is None:
            continue
        chain, whole = followed(step, op, op.weight.shape[0], matcher)
        for steps, wanted in ((chain, whole), ([step], op)):
            found = kernel_call(wanted, (step.value.args[0],), target)
            if found is not None:
                call, extension, candidate = found
                origin = merged([item.origin for item in steps]) if len(steps) > 1 else step.origin
                last = steps[-1]
                origin = replace(origin, accelerator=extension, candidate=candidate)
                # No later pass asks for the operator, which holds the weights once more.
                call = replace(call, op=None)
                made[last.var] = g.Step(last.var, call, last.type, origin)
                break
    steps = [made.get(step.var, step) for step in graph.steps]
    return g.Graph(graph.params, steps, graph.outputs)


def _product(step: g.Step, graph: g.Graph) -> FloatMatrixProduct | None:
    """Return the product alone; None if the step is none."""
    if g.op_name(step.value) != "matmul":
        return None
    x, weight = step.value.args[0], constants.evaluate(step.value.args[1], graph)
    if not isinstance(x, relax.Var) or weight is None or weight.scale is not None:
        return None
    shape = tuple(int(extent) for extent in x.ty.shape)
    types = {str(x.ty.dtype), str(weight.data.dtype), str(step.type.dtype)}
    if len(shape) < 2 or weight.data.ndim != 2 or types != {"float32"}:
        return None
    matrix = np.ascontiguousarray(weight.data.T)
    result = Tensor((*shape[:-1], matrix.shape[0]), "float32")
    return FloatMatrixProduct(Tensor(shape, "float32"), result, matrix)


def followed(
    step: g.Step, op: FloatOperator, channels: int, matcher: Matcher
) -> tuple[list[g.Step], FloatOperator]:
    """Return an operator with the addition of a bias and the activation that follow it, if any.

    Args:
        step: computes the operator.
        op: without bias and limits.
        channels: how many values a bias has.
        matcher: of the graph.
    """
    steps: list[g.Step] = [step]
    while (reader := only_reader(steps[-1], matcher)) is not None:
        name = g.op_name(reader.value)
        if name == "add" and len(steps) == 1:
            found = [
                channel_bias(arg, reader, op.y.shape, channels, matcher.graph)
                for arg in reader.value.args
            ]
            bias = next((value for value in found if value is not None), None)
            if bias is None:
                break
            op = replace(op, bias=bias)
            steps.append(reader)
        elif name in ("relu", "relu6", "clip"):
            low, high = clip_bounds(reader)
            return [*steps, reader], replace(op, low=low, high=high)
        else:
            break
    return steps, op


def only_reader(step: g.Step, matcher: Matcher) -> g.Step | None:
    """Return the step that alone reads a result, and reads it once."""
    readers = matcher.readers.get(step.var, [])
    return readers[0] if len(readers) == 1 and matcher.uses.get(step.var) == 1 else None


def channel_bias(
    expr: g.Expr, added: g.Step, shape: tuple[int, ...], outputs: int, graph: g.Graph
) -> Float32Array | None:
    """Return a constant that an addition adds to all pixels or rows; None if it is another.

    Args:
        expr: what is added.
        added: the addition.
        shape: of what it is added to, channels last.
        outputs: channels.
        graph: where they are.
    """
    value = constants.evaluate(expr, graph)
    if value is None or value.scale is not None or str(value.data.dtype) != "float32":
        return None
    if tuple(int(extent) for extent in added.type.shape) != shape:
        return None
    if value.data.size != outputs or value.data.shape[-1] != outputs:
        return None
    return np.ascontiguousarray(value.data.reshape(outputs), np.float32)
