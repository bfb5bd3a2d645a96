# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Outputs in the memory of inputs that nothing reads any more."""

from __future__ import annotations

import itertools
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from zephyr_counters.compile.plan.in_place import Overwritable
from zephyr_counters.compile.plan.memory import Lifetime, aligned
from zephyr_counters.compile.plan.plan import Plan, PlanLayer

MAX_ATTEMPTS, MAX_WORK = 64, 20_000
"""Most layers that share at the peak one after the other, and most of these times all layers."""


def copied(plan: Plan) -> Plan:
    """Return a plan whose buffers can be changed."""
    buffers = [replace(one) for one in plan.buffers]
    return replace(plan, buffers=buffers, scratch=dict(plan.scratch), state_bytes=0)


def shared_at_peaks(plan: Plan, allowed: Sequence[Allowed]) -> Plan:
    """Return the plan in which outputs are in inputs' memory where the most memory lives otherwise.

    Layers at the peak share one after the other. The peak may grow before it falls: an output in
    an input's memory keeps all of that alive. All layers that can are tried last.

    Args:
        plan: with the scratch memory of layers, without places.
        allowed: by layer.
    """
    found = best = plan
    least = max(live_bytes(plan))
    if not any(one.inputs for one in allowed):
        return plan
    steps: set[int] = set()
    for _ in range(min(MAX_ATTEMPTS, MAX_WORK // len(allowed))):
        live = live_bytes(found)
        peak = max(live)
        at = next((step for step, n in enumerate(live) if n == peak and step not in steps), None)
        if at is None:
            break
        steps.add(at)
        found = copied(plan)
        _share(found, allowed, steps)
        if max(live_bytes(found)) < least:
            best, least = found, max(live_bytes(found))
    found = copied(plan)
    _share(found, allowed, set(range(len(allowed))))
    return found if max(live_bytes(found)) < least else best


def live_bytes(plan: Plan) -> list[int]:
    """Return the bytes that live during each layer, scratch memory among them, states not."""
    change = [0] * (len(plan.layers) + 2)
    for span in lifetimes(plan).values():
        change[max(0, span.first)] += aligned(span.nbytes)
        change[span.last + 1] -= aligned(span.nbytes)
    for step, scratch in plan.scratch.items():
        change[step] += aligned(scratch.nbytes)
        change[step + 1] -= aligned(scratch.nbytes)
    return list(itertools.accumulate(change))[: len(plan.layers)]


def lifetimes(plan: Plan) -> dict[int, Lifetime]:
    """Return, by buffer, how long what is in RAM lives: inputs for ever, outputs to the end.

    A buffer stands for all that are in its memory. States are not among them: they have memory of
    their own.
    """
    end = len(plan.layers)
    apart = set(plan.states)
    first = dict.fromkeys(plan.inputs, -1)
    last = {plan.root(index): end for index in (*plan.inputs, *plan.outputs)}
    for step, layer in enumerate(plan.layers):
        for index in map(plan.root, (*layer.outputs, *layer.inputs)):
            if plan.buffers[index].data is None and index not in apart:
                first.setdefault(index, step)
                last[index] = max(last.get(index, step), step)
    return {
        i: Lifetime(plan.buffers[i].lead + plan.buffers[i].nbytes, first[i], last[i])
        for i in sorted(first)
    }


@dataclass(frozen=True)
class _Place:
    """Where an output may be."""

    start: int
    """Byte in the memory of the root of `over`; negative if before it."""
    over: int
    """The input."""
    lead: int
    """Bytes before it."""


@dataclass(frozen=True)
class Allowed:
    """Which inputs a layer may overwrite."""

    inputs: Overwritable
    share: float
    """Of the output, how much may begin before the input; 0: none, and only over its own size."""

    def places(self, plan: Plan, layer: PlanLayer) -> dict[int, _Place]:
        """Return where the output may be, by buffer, once nothing reads that buffer any more."""
        if len(layer.outputs) != 1 or plan.buffers[layer.outputs[0]].storage is not None:
            return {}
        size = aligned(plan.buffers[layer.outputs[0]].nbytes)
        found: dict[int, _Place] = {}
        refused = set()
        for position, index in enumerate(layer.inputs):
            root, lead = plan.root(index), self.inputs.get(position)
            if plan.buffers[index].data is not None:
                continue
            if lead is None:
                refused.add(root)
                continue
            place = _Place(plan.start(index) - lead, index, lead)
            if found.setdefault(root, place).start != place.start:
                refused.add(root)
        return {
            root: place
            for root, place in found.items()
            if root not in refused and self._fits(plan, root, place, size)
        }

    def _fits(self, plan: Plan, root: int, place: _Place, size: int) -> bool:
        whole = aligned(plan.buffers[root].nbytes)
        if self.share == 0:
            return place.start == 0 and size == whole
        return place.lead < size * self.share and place.start + size <= whole


def _share(plan: Plan, allowed: Sequence[Allowed], steps: Set[int]) -> None:
    """Put outputs of some layers into the memory of inputs that die in the layer."""
    last = {root: span.last for root, span in lifetimes(plan).items()}
    pinned = plan.pinned
    for step, layer in enumerate(plan.layers):
        if step not in steps:
            continue
        if _in_free_room(plan, step, layer, last, pinned):
            continue
        found = allowed[step].places(plan, layer)
        dying = [root for root in found if root not in pinned and last[root] == step]
        if not dying or layer.outputs[0] in plan.inputs:
            continue
        taken = min(dying, key=lambda root: (-found[root].start, root))
        made = layer.outputs[0]
        plan.buffers[made].storage = found[taken].over
        plan.buffers[made].start = -found[taken].lead
        plan.buffers[taken].lead = max(plan.buffers[taken].lead, -found[taken].start)
        last[taken] = last[made]
        if made in pinned:
            pinned.add(taken)


def _in_free_room(
    plan: Plan, step: int, layer: PlanLayer, last: dict[int, int], pinned: set[int]
) -> bool:
    """Put an output after an input, where earlier tensors were; tell whether there is room."""
    made = layer.outputs[0]
    if len(layer.outputs) != 1 or plan.buffers[made].storage is not None or made in pinned:
        return False
    roots = [plan.root(index) for index in layer.inputs]
    for index, root in zip(layer.inputs, roots, strict=True):
        end = aligned(plan.start(index) + plan.buffers[index].nbytes)
        fits = end + aligned(plan.buffers[made].nbytes) <= aligned(plan.buffers[root].nbytes)
        if fits and root not in pinned and roots.count(root) == 1 and last.get(root) == step:
            plan.buffers[made].storage = index
            plan.buffers[made].start = end - plan.start(index)
            last[root] = last[made]
            return True
    return False
