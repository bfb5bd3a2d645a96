# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The order of a plan's layers, and the place of its tensors and of the kernels' scratch memory.

All of it is one problem: scratch memory lives as long as its layer, so it lies among the
activations wherever there is room at that time.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zephyr_counters.compile.plan import memory, order
from zephyr_counters.compile.plan.in_place import Overwritable
from zephyr_counters.compile.plan.memory import Lifetime, aligned
from zephyr_counters.compile.plan.plan import Plan, PlanLayer, Scratch
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
    # the model may take less without these.
    for exact in (True, False) if _differ(plan, overwritable) else (True,):
        found = _placed(plan, scratch, overwritable, exact)
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
    exact: bool = False,
) -> Plan:
    """Return a plan with an order and offsets.

    Args:
        given: without.
        scratch: see `place`.
        overwritable: see `place`.
        exact: an output only takes memory of its size.
    """
    plan = _copy(given)
    needs = {kernel.name: aligned(scratch.get(kernel.name, 0)) for kernel in plan.kernels}
    allowed = [
        _Allowed(overwritable.get(plan.kernels[layer.kernel].name, {}), exact)
        for layer in plan.layers
    ]
    nodes = order.best(_graph(plan, needs, allowed))
    plan.layers = [plan.layers[index] for index in nodes]
    shared = _share(plan, [allowed[index] for index in nodes])
    _locate(plan, scratch)
    return _with_less_sharing(plan, shared, scratch) if shared else plan


def _copy(plan: Plan) -> Plan:
    buffers = [replace(one) for one in plan.buffers]
    return replace(plan, buffers=buffers, scratch={}, state_bytes=0)


def _with_less_sharing(plan: Plan, shared: Mapping[int, int], scratch: Mapping[str, int]) -> Plan:
    """Return the plan in which outputs share memory only where the most memory lives otherwise.

    Args:
        plan: with places.
        shared: by layer, the output that is in an input's memory.
        scratch: see `place`.
    """
    found, live = _copy(plan), live_bytes(plan)
    for step, made in shared.items():
        if live[step] + aligned(plan.buffers[made].nbytes) <= plan.memory:
            found.buffers[made].storage, found.buffers[made].start = None, 0
    for made in shared.values():
        # What was beside another tensor in memory that the other no longer has.
        end = found.start(made) + found.buffers[made].nbytes
        if end > found.buffers[found.root(made)].nbytes:
            found.buffers[made].storage, found.buffers[made].start = None, 0
    for buffer in found.buffers:
        buffer.lead = 0
    for index in range(len(found.buffers)):
        root = found.buffers[found.root(index)]
        root.lead = max(root.lead, -found.start(index))
    _locate(found, scratch)
    return found if found.memory <= plan.memory else plan


def _locate(plan: Plan, scratch: Mapping[str, int]) -> None:
    """Assign all offsets."""
    spans = lifetimes(plan)
    needs = [scratch.get(plan.kernels[layer.kernel].name, 0) for layer in plan.layers]
    steps = [step for step, need in enumerate(needs) if need]
    blocks = [*spans.values(), *(Lifetime(needs[step], step, step) for step in steps)]
    offsets, plan.memory = memory.assign_offsets(blocks)
    for index, offset in zip(spans, offsets, strict=False):
        plan.buffers[index].offset = offset + plan.buffers[index].lead
    for step, offset in zip(steps, offsets[len(spans) :], strict=True):
        plan.scratch[step] = Scratch(offset, needs[step])
    plan.activations = memory.least(list(spans.values()))
    for index in plan.states:
        plan.buffers[index].offset = plan.state_bytes
        plan.state_bytes += aligned(plan.buffers[index].nbytes)
    for index, buffer in enumerate(plan.buffers):
        buffer.offset = plan.buffers[plan.root(index)].offset + plan.start(index)


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
class _Allowed:
    """Which inputs a layer may overwrite."""

    inputs: Overwritable
    exact: bool
    """Only those whose memory has the output's size."""

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
        if self.exact:
            return place.start == 0 and size == whole
        return place.lead < size and place.start + size <= whole


def _differ(plan: Plan, overwritable: Mapping[str, Overwritable]) -> bool:
    """Tell whether some layer may overwrite an input of another size."""
    allowed = [overwritable.get(plan.kernels[layer.kernel].name, {}) for layer in plan.layers]
    return any(
        _Allowed(inputs, True).places(plan, layer) != _Allowed(inputs, False).places(plan, layer)
        for inputs, layer in zip(allowed, plan.layers, strict=True)
    )


def _graph(plan: Plan, needs: Mapping[str, int], allowed: Sequence[_Allowed]) -> order.Graph:
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


def _share(plan: Plan, allowed: Sequence[_Allowed]) -> dict[int, int]:
    """Put outputs into the memory of inputs that die in the layer; return these, by layer."""
    shared = {}
    last = {root: span.last for root, span in lifetimes(plan).items()}
    pinned = plan.pinned
    for step, layer in enumerate(plan.layers):
        if _in_free_room(plan, step, layer, last, pinned):
            shared[step] = layer.outputs[0]
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
        shared[step] = made
    return shared


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
