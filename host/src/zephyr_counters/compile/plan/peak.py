# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The layer in which the most memory is in use, and what it is used for."""

from __future__ import annotations

from dataclasses import dataclass

from zephyr_counters.compile.plan.memory import aligned
from zephyr_counters.compile.plan.plan import Plan
from zephyr_counters.compile.plan.sharing import lifetimes, live_bytes

SCRATCH = "scratch memory"


@dataclass(frozen=True)
class Peak:
    """A layer, and the bytes of each tensor that is alive in it, largest first."""

    layer: int
    tensors: tuple[tuple[str, int], ...]


def peak(plan: Plan) -> Peak:
    """Return the first layer with the most bytes alive, in a plan whose tensors have places.

    Tensors in one memory are one, by the name of what was written last. States always live.
    """
    spans = lifetimes(plan)
    totals = live_bytes(plan)
    at = totals.index(max(totals))
    names = {index: plan.buffers[index].name for index in spans}
    for layer in plan.layers[: at + 1]:
        for index in layer.outputs:
            names[plan.root(index)] = plan.buffers[index].name
    found = [
        (names[index], aligned(span.nbytes))
        for index, span in spans.items()
        if span.first <= at <= span.last
    ]
    found += [
        (plan.buffers[index].name, aligned(plan.buffers[index].nbytes)) for index in plan.states
    ]
    if at in plan.scratch:
        found.append((SCRATCH, aligned(plan.scratch[at].nbytes)))
    return Peak(at, tuple(sorted(found, key=lambda item: -item[1])))
