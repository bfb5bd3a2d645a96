# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the kernels' scratch memory is: among the activations, at places that are free then.

A layer with much scratch memory is seldom the one with the most activations, so that scratch memory
mostly takes no RAM of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from zephyr_counters.compile.plan.memory import aligned
from zephyr_counters.compile.plan.plan import Plan, lifetimes


def place(plan: Plan, needs: Mapping[str, int]) -> int:
    """Return the lowest offset in the plan's memory where scratch memory overwrites nothing.

    Args:
        plan: whose tensors have their places. Inputs and outputs are never overwritten, as they are
            read and written between runs.
        needs: bytes of scratch memory by kernel name.
    """
    steps = {
        step: aligned(needs.get(plan.kernels[layer.kernel].name, 0))
        for step, layer in enumerate(plan.layers)
    }
    pinned = {plan.root(index) for index in (*plan.inputs, *plan.outputs)}
    taken: list[tuple[int, int, int]] = []
    for index, span in lifetimes(plan).items():
        used = [
            need
            for step, need in steps.items()
            if index in pinned or span.first <= step <= span.last
        ]
        begin = plan.buffers[index].offset
        taken.append((begin, begin + aligned(span.nbytes), max(used, default=0)))
    # The last of these is after everything.
    return next(
        offset
        for offset in sorted({0, *(end for _, end, _ in taken)})
        if all(offset >= end or offset + need <= begin for begin, end, need in taken if need)
    )
