# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Integer lowering: what is quantized before and after becomes integer kernels.

Frontends describe a quantized operator as dequantize -> float operator -> quantize. Lowered
as it stands it would take float weights (four times the flash) and float arithmetic. Whatever is
not recognized here stays so, and is correct.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.kernels import convolution as integer
from zephyr_counters.compile.quantize import matchers as matching
from zephyr_counters.compile.quantize import pooling
from zephyr_counters.compile.quantize.matchers import Match, Matcher, Requantize
from zephyr_counters.compile.quantize.sums import convolution
from zephyr_counters.extensions.operator import Accelerator, Lowering, QuantizedOp


def integers(graph: g.Graph, accelerators: Sequence[Accelerator] = ()) -> g.Graph:
    """Replace quantized operators by integer kernels, or by calls of an accelerator.

    Args:
        graph: from a frontend.
        accelerators: asked in order for every convolution and matrix product.

    Returns:
        a graph with the same parameters and results, without the steps that are not used now.
    """
    matcher = Matcher(graph)
    finders: tuple[Callable[[Matcher, Requantize], Match | None], ...] = (
        convolution,
        pooling.residual_add,
        pooling.average_pool,
        pooling.passthrough,
    )
    steps: list[g.Step] = []
    for step in graph.steps:
        end = matcher.requantize(step)
        found = None
        if end is not None:
            found = next(filter(None, (find(matcher, end) for find in finders)), None)
        if found is None:
            found = pooling.integer_average_pool(matcher, step)
        if found is None:
            steps.append(step)
            continue
        steps.append(_replaced(found, accelerators))
    return g.prune(g.Graph(graph.params, steps, graph.outputs))


def _replaced(match: Match, accelerators: Sequence[Accelerator]) -> g.Step:
    last = match.steps[-1]
    origin = matching.merged([step.origin for step in match.steps])
    if isinstance(match.result, tvm.ir.Call):
        return g.Step(last.var, match.result, last.type, origin)
    lowering, name = _lowering(match.result, accelerators)
    constants = tuple(relax.const(array) for array in lowering.constants)
    call = g.KernelCall(lowering.func, lowering.name, (*match.args, *constants))
    return g.Step(last.var, call, last.type, replace(origin, accelerator=name))


def _lowering(
    result: QuantizedOp | Lowering, accelerators: Sequence[Accelerator]
) -> tuple[Lowering, str | None]:
    if isinstance(result, Lowering):
        return result, None
    for accelerator in accelerators:
        if accelerator.supports(result):
            return accelerator.lower(result), accelerator.name
    return integer.conv(result), None
