# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that moves transposes towards the results until they cancel or move nothing.

A transpose is not made where it stands but noted: a tensor is another one, seen through a
permutation of axes. Operators that work on any order of axes (`reordered.py`) are given the
tensor itself, with their axes and layouts renamed, and hand the note on. Only what depends on the
order makes the transpose. If that moves fewer elements than the model as it is, it is taken.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize import constants
from zephyr_counters.compile.reordered import Order, Seen, reordered


def moved_transposes(graph: g.Graph, target: object) -> g.Graph:
    """Return the graph with fewer transposes; as it is, if there is nothing to gain."""
    if not any(_transposes(step, graph) for step in graph.steps):
        return graph
    moved = _Mover(graph).run()
    return moved if _cost(g.prune(moved)) < _cost(g.prune(graph)) else graph


def _transposes(step: g.Step, graph: g.Graph) -> bool:
    """Whether a step transposes a computed tensor."""
    return (
        g.op_name(step.value) == "permute_dims"
        and isinstance(step.value.args[0], relax.Var)
        and constants.evaluate(step.var, graph) is None
    )


def _cost(graph: g.Graph) -> int:
    """Elements that transposes move."""
    found = [step for step in graph.steps if _transposes(step, graph)]
    return sum(math.prod(int(n) for n in step.type.shape) for step in found)


def _order(step: g.Step) -> Order:
    axes = step.value.attrs.axes
    rank = len(step.type.shape)
    return tuple(range(rank))[::-1] if axes is None else tuple(int(a) % rank for a in axes)


@dataclass
class _Mover:
    graph: g.Graph
    builder: relax.BlockBuilder = field(default_factory=relax.BlockBuilder)
    steps: list[g.Step] = field(default_factory=list)
    seen: dict[relax.Var, Seen] = field(default_factory=dict)
    """What each transposed tensor is; those that are not here are themselves."""
    made: dict[relax.Var, g.Step] = field(default_factory=dict)

    def run(self) -> g.Graph:
        """Return the graph, step by step."""
        for step in self.graph.steps:
            if _transposes(step, self.graph):
                source = step.value.args[0]
                inner = self.seen.get(source) or Seen(source, tuple(range(len(source.ty.shape))))
                order = tuple(inner.order[axis] for axis in _order(step))
                self.seen[step.var] = Seen(inner.var, order, step)
            else:
                self.rewrite(step)
        for output in self.graph.outputs:
            for var in g.variables(output):
                self.make(var)
        return g.Graph(self.graph.params, self.steps, self.graph.outputs)

    def rewrite(self, step: g.Step) -> None:
        """Give an operator its tensors as they are, or make the transposes before it."""
        read: Mapping[relax.Var, Seen] = {
            var: self.seen[var] for var in g.variables(step.value) if var in self.seen
        }
        found = reordered(step, read) if read else None
        if found is None:
            for var in read:
                self.make(var)
            self.steps.append(step)
            return
        call, order = found
        call = self.builder.normalize(call)
        var = step.var
        if order is not None:
            var = relax.Var(f"{step.var.name}_moved", call.ty)
            self.seen[step.var] = Seen(var, order, step)
        self.steps.append(g.Step(var, call, call.ty, step.origin))

    def make(self, var: relax.Var) -> None:
        """Make a transposed tensor, unless that was done."""
        seen = self.seen.get(var)
        if seen is None or var in self.made:
            return
        step = seen.step
        assert step is not None
        shape = [int(n) for n in var.ty.shape]
        moves_nothing = seen.keeps_memory
        value = (
            relax.op.reshape(seen.var, shape)
            if moves_nothing
            else relax.op.permute_dims(seen.var, list(seen.order))
        )
        origin = g.Origin(("reshape" if moves_nothing else "permute_dims",), step.origin.label)
        self.made[var] = g.Step(var, value, var.ty, origin)
        self.steps.append(self.made[var])
