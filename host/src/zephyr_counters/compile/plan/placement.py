# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The order of a plan's layers, and the place of its tensors and of the kernels' scratch memory.

All of it is one problem: scratch memory lives as long as its layer, so it lies among the
activations wherever there is room at that time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from zephyr_counters.compile.plan import memory, order
from zephyr_counters.compile.plan.in_place import Overwritable
from zephyr_counters.compile.plan.memory import Lifetime, aligned
from zephyr_counters.compile.plan.plan import Plan, Scratch
from zephyr_counters.compile.plan.sharing import Allowed, copied, lifetimes, shared_at_peaks
from zephyr_counters.errors import CompileError

MAX_MEMORY = 2**31 - 1


def place(plan: Plan, scratch: Mapping[str, int], overwritable: Mapping[str, Overwritable]) -> None:
    """Order the layers, let outputs take the memory of dead inputs, and assign all offsets.

    Memory is shared in this way only where the model then takes less: a layer that overwrites its
    input cannot be called several times in a row, as `zephyr-counters profile --batch` does.

    Args:
        plan: as `build.make` returns it; changed.
        scratch: bytes of scratch memory by kernel name.
        overwritable: by kernel name, arguments in whose memory the kernel's only output may be.

    Raises:
        CompileError: the model needs more memory than offsets can address.
    """
    plan.unplanned = sum(aligned(span.nbytes) for span in lifetimes(plan).values())
    best = _placed(plan, scratch, {})
    # An output that is smaller keeps its input's memory, and one that begins before it takes more:
    # the model may take less without these, or without those that begin far before it.
    for share in (0, 0.25, 1) if _differ(plan, overwritable) else (0,):
        found = _placed(plan, scratch, overwritable, share)
        best = found if found.memory < best.memory else best
    for name in ("buffers", "layers", "scratch", "memory", "activations", "state_bytes"):
        setattr(plan, name, getattr(best, name))
    if plan.memory > MAX_MEMORY:
        raise CompileError(f"activations need {plan.memory} bytes, at most {MAX_MEMORY}")


def activations(plan: Plan) -> int:
    """Return the bytes of activations that live at once, at most, if none overwrites another."""
    return _placed(plan, {}, {}).activations


def _placed(
    given: Plan,
    scratch: Mapping[str, int],
    overwritable: Mapping[str, Overwritable],
    share: float = 0,
) -> Plan:
    """Return a plan with an order and offsets.

    Args:
        given: without.
        scratch: see `place`.
        overwritable: see `place`.
        share: see `Allowed`.
    """
    plan = copied(given)
    needs = {kernel.name: aligned(scratch.get(kernel.name, 0)) for kernel in plan.kernels}
    allowed = [
        Allowed(overwritable.get(plan.kernels[layer.kernel].name, {}), share)
        for layer in plan.layers
    ]
    nodes = order.best(_graph(plan, needs, allowed))
    plan.layers = [plan.layers[index] for index in nodes]
    wanted = [scratch.get(plan.kernels[layer.kernel].name, 0) for layer in plan.layers]
    plan.scratch = {step: Scratch(0, need) for step, need in enumerate(wanted) if need}
    plan = shared_at_peaks(plan, [allowed[index] for index in nodes])
    _locate(plan)
    return plan


def _locate(plan: Plan) -> None:
    """Assign all offsets."""
    spans = lifetimes(plan)
    blocks = list(spans.values())
    blocks += [Lifetime(item.nbytes, step, step) for step, item in plan.scratch.items()]
    offsets, plan.memory = memory.assign_offsets(blocks)
    for index, offset in zip(spans, offsets, strict=False):
        plan.buffers[index].offset = offset + plan.buffers[index].lead
    for step, offset in zip(plan.scratch, offsets[len(spans) :], strict=True):
        plan.scratch[step] = replace(plan.scratch[step], offset=offset)
    plan.activations = memory.least(list(spans.values()))
    for index in plan.states:
        plan.buffers[index].offset = plan.state_bytes
        plan.state_bytes += aligned(plan.buffers[index].nbytes)
    for index, buffer in enumerate(plan.buffers):
        buffer.offset = plan.buffers[plan.root(index)].offset + plan.start(index)


def _differ(plan: Plan, overwritable: Mapping[str, Overwritable]) -> bool:
    """Tell whether some layer may overwrite an input of another size."""
    allowed = [overwritable.get(plan.kernels[layer.kernel].name, {}) for layer in plan.layers]
    return any(
        Allowed(inputs, 0).places(plan, layer) != Allowed(inputs, 1).places(plan, layer)
        for inputs, layer in zip(allowed, plan.layers, strict=True)
    )


def _graph(plan: Plan, needs: Mapping[str, int], allowed: Sequence[Allowed]) -> order.Graph:
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
        # A part of a tensor whose other parts were written before takes no more memory.
        made = tuple(root for root in writes if root not in fixed and root not in sizes)
        sizes.update((root, aligned(plan.buffers[root].nbytes)) for root in made)
        places = allowed[index].places(plan, layer)
        nodes.append(
            order.Node(
                frozenset(reads - fixed),
                made,
                {root: max(0, -place.start) for root, place in places.items() if root not in fixed},
                needs[name],
                frozenset(after - {index}),
            )
        )
    kept = frozenset(plan.root(index) for index in plan.outputs)
    return order.Graph(tuple(nodes), sizes, kept)
