# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float matrix products with constant weights, the weights laid out as they are read.

A product reads one column of [inputs, outputs] weights for each output. Stored as
[outputs, inputs] a column is contiguous, which caches and flash prefetch reward.
"""

from __future__ import annotations

import numpy as np
from tvm import relax, te

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize import constants


def transposed_weights(graph: g.Graph) -> g.Graph:
    """Replace products of a tensor with a constant float32 matrix; sums keep their order."""
    steps = [_replaced(step, graph) for step in graph.steps]
    return g.prune(g.Graph(graph.params, steps, graph.outputs))


def _replaced(step: g.Step, graph: g.Graph) -> g.Step:
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
    source = te.placeholder(shape, "float32", name="x")
    rows = te.placeholder(matrix.shape, "float32", name="weight")
    k = te.reduce_axis((0, shape[-1]), name="k")
    result = te.compute(
        (*shape[:-1], matrix.shape[0]),
        lambda *i: te.sum(source(*i[:-1], k) * rows(i[-1], k), axis=k),
        name="matmul",
    )
    func = te.create_prim_func([source, rows, result], index_dtype_override="int64")
    call = g.KernelCall(func, "matmul", (x, relax.const(matrix)))
    return g.Step(step.var, call, step.type, step.origin)
