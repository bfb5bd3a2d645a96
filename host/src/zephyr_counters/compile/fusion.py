# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that lets a convolution add another tensor to its output before it writes it.

Apart, the addition reads and writes once more what the convolution has just written, and three
tensors live while the convolution runs: its input, its output and what is to be added. Together
there are two, as the sum takes the place of what was added.
"""

from __future__ import annotations

import math
from dataclasses import replace

from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.objectives import SIZE
from zephyr_counters.compile.quantize.matchers import merged
from zephyr_counters.compile.target import kernel_call
from zephyr_counters.extensions.kernel import Target
from zephyr_counters.extensions.operator import Addition, Convolution, ConvolutionAddition

MOST = 1.02
"""Instructions together, as a multiple of those apart, up to which memory is worth them."""


def fused_additions(graph: g.Graph, target: Target) -> g.Graph:
    """Compute additions in the convolutions whose only reader they are.

    With `--optimize size` they stay apart: the kernels that do both are code of their own.
    """
    if not target.fuse or target.optimize == SIZE:
        return graph
    # Steps that kernels replaced do not count as readers.
    graph = g.prune(graph)
    uses = graph.uses()
    order = {step.var: index for index, step in enumerate(graph.steps)}
    return g.Graph(
        graph.params,
        [_fused(step, graph, uses, order, target) for step in graph.steps],
        graph.outputs,
    )


def _fused(
    step: g.Step,
    graph: g.Graph,
    uses: dict[relax.Var, int],
    order: dict[relax.Var, int],
    target: Target,
) -> g.Step:
    call = step.value
    if not isinstance(call, g.KernelCall) or not isinstance(call.op, Addition):
        return step
    found = _convolution(call, graph, uses, order)
    if found is None:
        return step
    made, position = found
    convolution = made.value
    assert isinstance(convolution.op, Convolution)
    op = ConvolutionAddition(convolution.op, call.op if position == 0 else _swapped(call.op))
    made_call = kernel_call(op, (convolution.args[0], call.args[1 - position]), target)
    if made_call is None:
        return step
    together, extension, candidate = made_call
    if together.estimate > MOST * (convolution.estimate + call.estimate):
        return step
    if extension is None and (made.origin.accelerator or step.origin.accelerator):
        return step
    origin = merged([made.origin, step.origin])
    origin = replace(origin, accelerator=extension, candidate=candidate)
    return g.Step(step.var, together, step.type, origin)


def _convolution(
    call: g.KernelCall, graph: g.Graph, uses: dict[relax.Var, int], order: dict[relax.Var, int]
) -> tuple[g.Step, int] | None:
    """Return the convolution that makes an operand of an addition, and which operand.

    Of two, the later one. One that runs before the other operand is made would keep its input alive
    until then instead of its output, so the input must not be larger.
    """
    operands = call.args[:2]
    for position in sorted((0, 1), key=lambda i: -order.get(operands[i], -1)):
        var, other = operands[position], operands[1 - position]
        step = graph.producers.get(var)
        if step is None or uses[var] != 1 or not isinstance(step.value, g.KernelCall):
            continue
        if not isinstance(step.value.op, Convolution):
            continue
        x = step.value.op.x
        if order[var] > order.get(other, -1) or x.size <= math.prod(step.value.op.y.shape):
            return step, position
    return None


def _swapped(op: Addition) -> Addition:
    """Return the same sum with its operands in the other order."""
    return replace(op, a=op.b, b=op.a, zeros=op.zeros[::-1], factors=op.factors[::-1])
