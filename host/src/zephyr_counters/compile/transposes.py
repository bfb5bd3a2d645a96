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
from dataclasses import dataclass, field, replace

import tvm
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
                inner = self.seen.get(source)
                if inner is None or inner.block is not None:
                    self.make(source)
                    inner = Seen(source, tuple(range(len(source.ty.shape))))
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
        found = reordered(step, read, self.graph) if read else None
        if found is None:
            for var in read:
                self.make(var)
            self.steps.append(step)
            return
        call, seen = found
        call = self.builder.normalize(self.flat(call, step))
        var = step.var
        if seen is not None:
            var = relax.Var(f"{step.var.name}_moved", call.ty)
            self.seen[step.var] = replace(seen, var=var, step=step)
        self.steps.append(g.Step(var, call, call.ty, step.origin))

    def flat(self, call: g.Expr, step: g.Step) -> g.Expr:
        """Make operators within an operator steps of their own."""
        args = []
        for index, arg in enumerate(call.args):
            if isinstance(arg, tvm.ir.Call):
                origin = g.Origin((g.op_name(arg),), step.origin.label)
                arg = self.emit(arg, f"{step.var.name}_{index}", origin)
            args.append(arg)
        return tvm.ir.Call(call.op, args, call.attrs, call.ty_args)

    def make(self, var: relax.Var) -> None:
        """Make a transposed tensor, unless that was done."""
        seen = self.seen.get(var)
        if seen is None or var in self.made:
            return
        step = seen.step
        assert step is not None
        origin = g.Origin(("permute_dims",), step.origin.label)
        value: g.Expr
        if seen.block is not None:
            shape, order = seen.block
            image = self.emit(relax.op.reshape(seen.var, shape), f"{var.name}_image", origin)
            moved = self.emit(relax.op.permute_dims(image, order), f"{var.name}_moved", origin)
            value = relax.op.reshape(moved, [int(n) for n in var.ty.shape])
        elif seen.keeps_memory:
            origin = g.Origin(("reshape",), step.origin.label)
            value = relax.op.reshape(seen.var, [int(n) for n in var.ty.shape])
        else:
            value = relax.op.permute_dims(seen.var, list(seen.order))
        self.made[var] = g.Step(var, value, var.ty, origin)
        self.steps.append(self.made[var])

    def emit(self, call: g.Expr, name: str, origin: g.Origin) -> relax.Var:
        """Add a step; gives its variable."""
        call = self.builder.normalize(call)
        var = relax.Var(name, call.ty)
        self.steps.append(g.Step(var, call, call.ty, origin))
        return var
