# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that removes operators whose result is their input."""

from __future__ import annotations

from dataclasses import replace

import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize.matchers import Matcher


def removed_identities(graph: g.Graph, target: object) -> g.Graph:
    """Remove what quantizes integers to themselves, and changes of shape to the same shape."""
    matcher = Matcher(graph)
    same: dict[relax.Var, g.Expr] = {}
    steps: list[g.Step] = []
    for step in graph.steps:
        source = _source(step, matcher)
        if source is not None:
            same[step.var] = same.get(source, source)
        else:
            steps.append(replace(step, value=_read(step.value, same)))
    return g.Graph(graph.params, steps, [g.substitute(output, same) for output in graph.outputs])


def _read(value: g.Expr | g.KernelCall, same: dict[relax.Var, g.Expr]) -> g.Expr | g.KernelCall:
    """Return a step's value with other variables; itself if it reads none of these."""
    if not same or not any(var in same for var in g.variables(value)):
        return value
    if isinstance(value, g.KernelCall):
        return replace(value, args=tuple(g.substitute(arg, same) for arg in value.args))
    return g.substitute(value, same)


def _source(step: g.Step, matcher: Matcher) -> relax.Var | None:
    """Return the tensor that a step gives unchanged, if it does."""
    if not isinstance(step.value, tvm.ir.Call):
        return None
    name = g.op_name(step.value)
    if name == "quantize":
        inner = matcher.dequantized(step.value.args[0])
        scale, zero = (matcher.scalar(arg) for arg in step.value.args[1:3])
        if inner is None or str(step.type.dtype) != inner.dtype:
            return None
        return inner.var if (scale, zero) == (inner.scale, inner.zero) else None
    if name in ("reshape", "squeeze", "expand_dims", "flatten", "permute_dims"):
        source = step.value.args[0]
        if not isinstance(source, relax.Var):
            return None
        if [int(n) for n in source.ty.shape] != [int(n) for n in step.type.shape]:
            return None
        if name != "permute_dims":
            return source
        order = step.value.attrs.axes
        unmoved = order is not None and [int(a) for a in order] == sorted(int(a) for a in order)
        return source if unmoved else None
    return None
