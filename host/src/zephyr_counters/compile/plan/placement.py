# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The order of a plan's layers, and the place of its tensors and of the kernels' scratch memory.

All of it is one problem: scratch memory lives as long as its layer, so it lies among the
activations wherever there is room at that time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from zephyr_counters.compile.plan import memory, order
from zephyr_counters.compile.plan.memory import Lifetime, aligned
from zephyr_counters.compile.plan.plan import Plan, PlanLayer, Scratch
from zephyr_counters.errors import CompileError

MAX_MEMORY = 2**31 - 1


def place(
    plan: Plan, scratch: Mapping[str, int], overwritable: Mapping[str, frozenset[int]]
) -> None:
    """Order the layers, let outputs take the memory of dead inputs, and assign all offsets.

    Memory is shared in this way only if the model then takes less: a layer that overwrites its
    input cannot be called several times in a row, as `zephyr-counters profile --batch` does.

    Args:
        plan: as `build.make` returns it; changed.
        scratch: bytes of scratch memory by kernel name.
        overwritable: by kernel name, arguments in whose memory the kernel's only output may be.

    Raises:
        CompileError: the model needs more memory than offsets can address.
    """
    plan.unplanned = sum(aligned(span.nbytes) for span in lifetimes(plan).values())
    found = _placed(plan, scratch, {})
    shared = _placed(plan, scratch, overwritable)
    best = shared if shared.memory < found.memory else found
    for name in ("buffers", "layers", "scratch", "memory", "activations", "state_bytes"):
        setattr(plan, name, getattr(best, name))
    if plan.memory > MAX_MEMORY:
        raise CompileError(f"activations need {plan.memory} bytes, at most {MAX_MEMORY}")


def activations(plan: Plan) -> int:
    """Return the bytes of activations that live at once, at most, if none overwrites another."""
    return _placed(plan, {}, {}).activations


def _placed(
    given: Plan, scratch: Mapping[str, int], overwritable: Mapping[str, frozenset[int]]
) -> Plan:
    """Return a plan with an order and offsets."""
    plan = replace(given, buffers=[replace(one) for one in given.buffers], scratch={})
    needs = {kernel.name: aligned(scratch.get(kernel.name, 0)) for kernel in plan.kernels}
    nodes = order.best(_graph(plan, needs, overwritable))
    plan.layers = [plan.layers[index] for index in nodes]
    _share(plan, overwritable)
    spans = lifetimes(plan)
    steps = [i for i, layer in enumerate(plan.layers) if needs[plan.kernels[layer.kernel].name]]
    blocks = list(spans.values())
    for step in steps:
        need = scratch[plan.kernels[plan.layers[step].kernel].name]
        blocks.append(Lifetime(need, step, step))
    offsets, plan.memory = memory.assign_offsets(blocks)
    for index, offset in zip(spans, offsets, strict=False):
        plan.buffers[index].offset = offset
    for step, offset, block in zip(steps, offsets[len(spans) :], blocks[len(spans) :], strict=True):
        plan.scratch[step] = Scratch(offset, block.nbytes)
    plan.activations = memory.least(list(spans.values()))
    for index in plan.states:
        plan.buffers[index].offset = plan.state_bytes
        plan.state_bytes += aligned(plan.buffers[index].nbytes)
    for index, buffer in enumerate(plan.buffers):
        buffer.offset = plan.buffers[plan.root(index)].offset + plan.start(index)
    return plan


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
    return {i: Lifetime(plan.buffers[i].nbytes, first[i], last[i]) for i in sorted(first)}


def _candidates(plan: Plan, layer: PlanLayer, allowed: frozenset[int]) -> set[int]:
    """Return buffers in whose memory a layer's output may be, once nothing reads them any more."""
    if len(layer.outputs) != 1 or plan.root(layer.outputs[0]) in plan.states:
        return set()
    size = aligned(plan.buffers[layer.outputs[0]].nbytes)
    roots = [plan.root(index) for index in layer.inputs]
    refused = {
        root
        for position, root in enumerate(roots)
        if position not in allowed or plan.start(layer.inputs[position]) != 0
    }
    return {
        root
        for root in set(roots) - refused
        if plan.buffers[root].data is None and aligned(plan.buffers[root].nbytes) == size
    }


def _graph(
    plan: Plan, needs: Mapping[str, int], overwritable: Mapping[str, frozenset[int]]
) -> order.Graph:
    """Return what decides how much memory lives when."""
    fixed = {plan.root(index) for index in (*plan.inputs, *plan.states)}
    writer: dict[int, int] = {}
    readers: dict[int, set[int]] = {}
    sizes: dict[int, int] = {}
    nodes = []
    for index, layer in enumerate(plan.layers):
        name = plan.kernels[layer.kernel].name
        reads = {plan.root(i) for i in layer.inputs if plan.buffers[i].data is None}
        writes = tuple(dict.fromkeys(plan.root(i) for i in layer.outputs))
        after = {writer[root] for root in (*reads, *writes) if root in writer}
        for root in writes:
            after |= readers.pop(root, set())
            writer[root] = index
        for root in reads:
            readers.setdefault(root, set()).add(index)
        made = tuple(root for root in writes if root not in fixed)
        sizes.update((root, aligned(plan.buffers[root].nbytes)) for root in made)
        nodes.append(
            order.Node(
                frozenset(reads - fixed),
                made,
                frozenset(_candidates(plan, layer, overwritable.get(name, frozenset())) - fixed),
                needs[name],
                frozenset(after - {index}),
            )
        )
    kept = frozenset(plan.root(index) for index in plan.outputs)
    return order.Graph(tuple(nodes), sizes, kept)


def _share(plan: Plan, overwritable: Mapping[str, frozenset[int]]) -> None:
    """Put outputs into the memory of inputs that die in the layer."""
    last = {root: span.last for root, span in lifetimes(plan).items()}
    pinned = plan.pinned
    for step, layer in enumerate(plan.layers):
        allowed = overwritable.get(plan.kernels[layer.kernel].name, frozenset())
        found = _candidates(plan, layer, allowed) - pinned
        dying = sorted(root for root in found if last[root] == step)
        if not dying or layer.outputs[0] in plan.inputs:
            continue
        made = plan.root(layer.outputs[0])
        plan.buffers[made].storage = dying[0]
        last[dying[0]] = last[made]
        if made in pinned:
            pinned.add(dying[0])
