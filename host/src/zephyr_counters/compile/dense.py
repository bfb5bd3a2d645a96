# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that gives float matrix products with constant weights to kernel libraries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize import constants
from zephyr_counters.compile.target import kernel_call
from zephyr_counters.extensions.kernel import Target
from zephyr_counters.extensions.operator import FloatMatrixProduct
from zephyr_counters.extensions.tensors import Tensor


def float_products(graph: g.Graph, target: Target) -> g.Graph:
    """Replace products of a tensor with a constant float32 matrix; sums keep their order."""
    steps = [_replaced(step, graph, target) for step in graph.steps]
    return g.Graph(graph.params, steps, graph.outputs)


def _replaced(step: g.Step, graph: g.Graph, target: Target) -> g.Step:
    if g.op_name(step.value) != "matmul":
        return step
    x, weight = step.value.args[0], constants.evaluate(step.value.args[1], graph)
    if not isinstance(x, relax.Var) or weight is None or weight.scale is not None:
        return step
    shape = tuple(int(extent) for extent in x.ty.shape)
    types = {str(x.ty.dtype), str(weight.data.dtype), str(step.type.dtype)}
    if len(shape) < 2 or weight.data.ndim != 2 or types != {"float32"}:
        return step
    matrix = np.ascontiguousarray(weight.data.T)
    result = Tensor((*shape[:-1], matrix.shape[0]), "float32")
    found = kernel_call(FloatMatrixProduct(Tensor(shape, "float32"), result, matrix), (x,), target)
    if found is None:
        return step
    call, extension = found
    return g.Step(step.var, call, step.type, replace(step.origin, accelerator=extension))
