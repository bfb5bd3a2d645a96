# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that keeps int8 and float16 weights of float operators as small as the model's file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.dense import followed
from zephyr_counters.compile.objectives import SPEED
from zephyr_counters.compile.quantize import constants
from zephyr_counters.compile.quantize.convolution import geometry_of, weight_scale
from zephyr_counters.compile.quantize.matchers import Matcher, merged
from zephyr_counters.compile.target import kernel_call
from zephyr_counters.extensions.kernel import Target
from zephyr_counters.extensions.operator import CompactConvolution
from zephyr_counters.extensions.tensors import Image

Array = npt.NDArray[Any]


def compact_weights(graph: g.Graph, target: Target) -> g.Graph:
    """Replace convolutions and products of floats by small constant weights.

    The weights of what no kernel library takes become float32, and all of them for
    `--optimize speed`.
    """
    matcher = Matcher(graph)
    made: dict[relax.Var, g.Step] = {}
    for step in graph.steps if target.optimize != SPEED else ():
        op = _operator(step, graph)
        if op is None:
            continue
        chain, whole = followed(step, op, op.y.channels, matcher)
        found = kernel_call(whole, (step.value.args[0],), target)
        if found is not None:
            call, extension, candidate = found
            origin = merged([item.origin for item in chain])
            origin = replace(origin, accelerator=extension, candidate=candidate)
            last = chain[-1]
            # No later pass asks for the operator, which holds the weights once more.
            call = replace(call, op=None)
            made[last.var] = g.Step(last.var, call, last.type, origin)
    steps = [made.get(step.var, step) for step in graph.steps]
    return _widened(g.Graph(graph.params, steps, graph.outputs))


def _operator(step: g.Step, graph: g.Graph) -> CompactConvolution | None:
    """Return the convolution or product alone; None if the step is none by small weights."""
    name = g.op_name(step.value)
    if name not in ("conv2d", "matmul") or str(step.type.dtype) != "float32":
        return None
    x = step.value.args[0]
    if not isinstance(x, relax.Var) or str(x.ty.dtype) != "float32":
        return None
    weight = _small(step.value.args[1], graph)
    if weight is None:
        return None
    shapes = [tuple(int(n) for n in type_.shape) for type_ in (x.ty, step.type)]
    if name == "matmul":
        if weight.data.ndim != 2 or len(shapes[0]) < 2:
            return None
        canonical = weight.map(lambda array: array.T[:, None, None, :])
        geometry: dict[str, Any] = {}
        source, result = (Image.of(shape, "float32", "rows") for shape in shapes)
    else:
        found = geometry_of(step, shapes[0], shapes[1], "float32", weight)
        if found is None:
            return None
        geometry, canonical, source, result, _ = found
    scale = weight_scale(canonical)
    if scale is None or canonical.zero is None or np.any(canonical.zero):
        return None
    return CompactConvolution(
        source,
        result,
        np.ascontiguousarray(canonical.data),
        scale.astype(np.float32),
        np.zeros(result.channels, np.float32),
        **geometry,
    )


def _small(expr: g.Expr, graph: g.Graph) -> constants.Value | None:
    """Return constant int8 or float16 weights with their scales; None if they are others."""
    value = constants.evaluate(expr, graph)
    if value is None:
        return None
    if value.scale is not None:
        return value if value.data.dtype == np.int8 else None
    if not _is_half(expr, graph):
        return None
    largest = float(np.abs(value.data).max(initial=0))
    if not np.isfinite(largest):
        return None
    # Larger by a power of 2: kernels read no numbers below the normal ones.
    shift = max(0, 15 - int(np.ceil(np.log2(largest)))) if largest else 0
    data = np.ldexp(value.data, shift).astype(np.float16)
    if np.any((data != 0) & (np.abs(data) < np.finfo(np.float16).tiny)):
        return None
    scale = np.full(data.shape, 2.0**-shift)
    return constants.Value(data, scale, np.zeros(data.shape, np.int64))


def _is_half(expr: g.Expr, graph: g.Graph) -> bool:
    """Whether an expression is a constant that was float16."""
    while isinstance(expr, relax.Var):
        step = graph.producers.get(expr)
        if step is None or not isinstance(step.value, tvm.ir.Call):
            return False
        expr = step.value.args[0]
    return isinstance(expr, tvm.ir.Constant) and str(expr.ty.dtype) == "float16"


def _widened(graph: g.Graph) -> g.Graph:
    """Return the graph with float16 constants that are left as float32, which kernels read."""
    wide: dict[relax.Var, g.Expr] = {}
    steps = []
    for step in graph.steps:
        value = step.value
        if g.op_name(value) == "astype" and _is_half(step.var, graph):
            found = constants.evaluate(step.var, graph)
            if found is not None:
                wide[step.var] = relax.const(found.data, "float32")
                continue
        if isinstance(value, g.KernelCall):
            value = replace(value, args=tuple(g.substitute(arg, wide) for arg in value.args))
        else:
            value = g.substitute(value, wide)
        steps.append(replace(step, value=value))
    return g.Graph(graph.params, steps, [g.substitute(o, wide) for o in graph.outputs])
