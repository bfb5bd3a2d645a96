# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that makes each part of a split a slice of its own.

TVM computes all parts of a split in one kernel, which copies. A slice is read in place by what it
is fused with, or is a view (`plan.slices`).
"""

from __future__ import annotations

from dataclasses import replace

from tvm import relax

from zephyr_counters.compile import graph as g


def sliced_splits(graph: g.Graph, target: object) -> g.Graph:
    """Replace the items of splits, unless the whole tuple is used."""
    whole = {output for output in graph.outputs if isinstance(output, relax.Var)} | {
        var
        for step in graph.steps
        if not isinstance(step.value, relax.TupleGetItem)
        for var in g.variables(step.value)
    }
    steps = []
    for step in graph.steps:
        value = step.value
        if isinstance(value, relax.TupleGetItem) and value.tuple_value not in whole:
            made = graph.producers.get(value.tuple_value)
            if made is not None and g.op_name(made.value) == "split":
                origin = replace(step.origin, ops=("split",))
                step = replace(step, value=_part(made, value.index), origin=origin)
        steps.append(step)
    return g.prune(g.Graph(graph.params, steps, graph.outputs))


def _part(split: g.Step, index: int) -> g.Expr:
    """Return one part as a slice."""
    source = split.value.args[0]
    axis = int(split.value.attrs.axis) % len(source.ty.shape)
    extents = [int(part.shape[axis]) for part in split.type.fields]
    begin = sum(extents[:index])
    return relax.op.strided_slice(source, [axis], [begin], [begin + extents[index]])
