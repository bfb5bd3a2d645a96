# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that replaces quantized operators by integer kernels.

Frontends describe a quantized operator as dequantize -> float operator -> quantize. Lowered
as it stands it would take float weights (four times the flash) and float arithmetic. What no
recognizer matches, or no kernel library computes, stays as it is, and is correct.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.names import sources
from zephyr_counters.compile.quantize import (
    activation,
    addition,
    convolution,
    layout,
    multiplication,
    pool,
    softmax,
)
from zephyr_counters.compile.quantize.matchers import Match, Matcher, Requantize, merged
from zephyr_counters.compile.target import kernel_call
from zephyr_counters.extensions.kernel import Target

AT_QUANTIZE: tuple[Callable[[Matcher, Requantize], Match | None], ...] = (
    convolution.match,
    addition.match,
    multiplication.match,
    pool.average,
    layout.between_equal_scales,
    softmax.match,
    activation.match,
)
"""Recognizers of what ends in a quantize step, asked in this order."""
ANYWHERE: tuple[Callable[[Matcher, g.Step], Match | None], ...] = (
    pool.integer_average,
    pool.integer_maximum,
    layout.plain,
    activation.looked_up,
)
"""Recognizers of what is not quantized: asked for each step that no other took."""


def integer_operators(graph: g.Graph, target: Target) -> g.Graph:
    """Replace operators that a kernel library of the target computes.

    Args:
        graph: from a frontend.
        target: asked for every operator that is recognized.

    Returns:
        a graph with the same parameters and results, and with steps that are no longer used.
    """
    matcher = Matcher(graph)
    steps = [_replaced(matcher, step, target) for step in graph.steps]
    return g.Graph(graph.params, steps, graph.outputs)


def _replaced(matcher: Matcher, step: g.Step, target: Target) -> g.Step:
    for match in _matches(matcher, step):
        if match is not None and (made := _step(matcher, match, target)) is not None:
            return made
    return step


def _matches(matcher: Matcher, step: g.Step) -> Iterator[Match | None]:
    end = matcher.requantize(step)
    if end is not None:
        yield from (recognize(matcher, end) for recognize in AT_QUANTIZE)
    yield from (recognize(matcher, step) for recognize in ANYWHERE)


def _step(matcher: Matcher, match: Match, target: Target) -> g.Step | None:
    last = match.steps[-1]
    own = [step.origin for step in match.steps]
    names = sources([*_dequantized(matcher, match), *own])
    origin = replace(merged(own), sources=tuple(names))
    found = None if match.op is None else kernel_call(match.op, match.args, target)
    if found is not None:
        call, extension, candidate = found
        origin = replace(origin, accelerator=extension, candidate=candidate)
        return g.Step(last.var, call, last.type, origin)
    return None if match.otherwise is None else g.Step(last.var, match.otherwise, last.type, origin)


def _dequantized(matcher: Matcher, match: Match) -> Iterator[g.Origin]:
    """Yield the origins of the dequantize steps that a match reads: its kernel does their work."""
    for step in match.steps:
        for var in g.variables(step.value):
            made = matcher.graph.producers.get(var)
            if made is not None and g.op_name(made.value) == "dequantize":
                yield made.origin
