# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Plans of random graphs, walked with real bytes: nothing that is still read is overwritten."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zephyr_counters.compile.plan.memory import aligned
from zephyr_counters.compile.plan.peak import peak
from zephyr_counters.compile.plan.placement import place
from zephyr_counters.compile.plan.plan import Buffer, Kernel, Plan, PlanLayer
from zephyr_counters.compile.plan.sharing import lifetimes


def plan_of(
    sizes: list[int],
    layers: list[tuple[tuple[int, ...], tuple[int, ...]]],
    inputs: tuple[int, ...] = (0,),
    outputs: tuple[int, ...] = (),
    states: tuple[int, ...] = (),
) -> Plan:
    """Layers with a kernel each, as (buffers read, buffers written)."""
    plan = Plan([Buffer(f"b{i}", (size,), "int8") for i, size in enumerate(sizes)])
    for step, (reads, writes) in enumerate(layers):
        plan.kernels.append(Kernel(f"k{step}", None, ()))
        plan.layers.append(PlanLayer(f"l{step}", step, reads, writes, (), 0, None, ()))
    plan.inputs, plan.outputs, plan.states = list(inputs), list(outputs), list(states)
    return plan


def add_layer(plan: Plan, reads: tuple[int, ...], writes: int) -> None:
    """Append a layer with a kernel of its own."""
    number = len(plan.layers)
    plan.kernels.append(Kernel(f"k{number}", None, ()))
    plan.layers.append(PlanLayer(f"l{number}", number, reads, (writes,), (), 0, None, ()))


class Machine:
    """RAM of a plan, and what each buffer should hold."""

    def __init__(self, plan: Plan, allowed: dict[str, dict[int, int]]) -> None:
        self.plan, self.allowed = plan, allowed
        self.memory = bytearray(plan.memory)
        self.state = bytearray(plan.state_bytes)
        self.values: dict[int, bytes] = {}
        self.random = random.Random(0)

    def place(self, index: int) -> tuple[bytearray, slice]:
        buffer = self.plan.buffers[index]
        kept = self.plan.root(index) in self.plan.states
        return (
            self.state if kept else self.memory,
            slice(buffer.offset, buffer.offset + buffer.nbytes),
        )

    def write(self, index: int) -> None:
        memory, where = self.place(index)
        self.values[index] = self.random.randbytes(self.plan.buffers[index].nbytes)
        memory[where] = self.values[index]
        if self.plan.buffers[index].name == "part":
            self.put(index)
        if memory is self.state:
            self.values[self.plan.root(index)] = self.values[index]
        assert len(memory) in (self.plan.memory, self.plan.state_bytes), "outside of the memory"

    def put(self, index: int) -> None:
        """Put a part where it is in the whole."""
        part = self.plan.buffers[index]
        assert part.storage is not None
        nbytes = self.plan.buffers[part.storage].nbytes
        whole = bytearray(self.values.get(part.storage, bytes(nbytes)))
        whole[part.start : part.start + part.nbytes] = self.values[index]
        self.values[part.storage] = bytes(whole)

    def check(self, index: int) -> None:
        buffer = self.plan.buffers[index]
        if buffer.data is not None:
            return
        wanted = self.values[index] if buffer.name != "view" else self.viewed(index)
        memory, where = self.place(index)
        assert memory[where] == wanted, f"buffer {index} was overwritten"

    def viewed(self, index: int) -> bytes:
        """Return what a view of a view of a tensor should hold."""
        buffer = self.plan.buffers[index]
        if buffer.name != "view":
            return self.values[index]
        assert buffer.storage is not None
        return self.viewed(buffer.storage)[buffer.start : buffer.start + buffer.nbytes]

    def run(self) -> None:
        """Walk the layers once."""
        for step, layer in enumerate(self.plan.layers):
            scratch = self.plan.scratch.get(step)
            if scratch is not None:
                where = slice(scratch.offset, scratch.offset + scratch.nbytes)
                self.memory[where] = self.random.randbytes(scratch.nbytes)
            for index in layer.inputs:
                self.check(index)
            for index in layer.outputs:
                for position, read in enumerate(layer.inputs):
                    lead = self.allowed.get(f"k{layer.kernel}", {}).get(position)
                    self.compare(index, read, lead)
                self.write(index)
            if scratch is not None:
                self.memory[where] = self.random.randbytes(scratch.nbytes)
            for index in layer.outputs:
                self.check(index)

    def compare(self, written: int, read: int, lead: int | None) -> None:
        """An output is apart from an input, or as far before one as the kernel allows."""
        (memory, a), (other, b) = self.place(written), self.place(read)
        constant = self.plan.buffers[read].data is not None
        if not constant and memory is other and a.start < b.stop and b.start < a.stop:
            assert lead is not None or self.plan.root(written) in self.plan.states
            assert a.start == b.start - (lead or 0)


@st.composite
def plans(draw: Any) -> tuple[Plan, dict[str, int], dict[str, dict[int, int]]]:
    """Random graphs: fan-out, several results, constants, views, states, outputs that are read."""
    extents = st.sampled_from([16, 16, 32, 100, 160, 250])
    sizes = [draw(extents) for _ in range(draw(st.integers(1, 2)))]
    inputs = tuple(range(len(sizes)))
    states = tuple(range(len(sizes), len(sizes) + draw(st.integers(0, 1))))
    sizes += [draw(extents) for _ in states]
    constant = len(sizes)
    sizes.append(16)
    layers: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for _ in range(draw(st.integers(1, 9))):
        reads = tuple(draw(st.lists(st.sampled_from(range(len(sizes))), min_size=1, max_size=3)))
        results = draw(st.sampled_from([1, 1, 1, 2]))
        same = draw(st.booleans())
        sizes += [sizes[reads[0]] if same else draw(extents) for _ in range(results)]
        layers.append((reads, tuple(range(len(sizes) - results, len(sizes)))))
    written = [index for _, outs in layers for index in outs]
    outputs = {written[-1], *draw(st.sets(st.sampled_from(written), max_size=2))}
    plan = plan_of(sizes, layers, inputs, tuple(sorted(outputs)), states)
    plan.buffers[constant].data = b"constant"  # type: ignore[assignment]
    seen = list(written)
    for _ in range(draw(st.integers(0, 3))):
        # A view of a tensor, or of a part of it, or of another view, read by a layer of its own.
        source = draw(st.sampled_from(seen))
        whole = plan.buffers[source].nbytes
        start = 16 * draw(st.integers(0, (whole - 1) // 16))
        extent = draw(st.integers(1, whole - start))
        plan.buffers.append(Buffer("view", (extent,), "int8", storage=source, start=start))
        view, last = len(plan.buffers) - 1, len(plan.buffers)
        seen.append(view)
        plan.buffers.append(Buffer("last", (draw(st.sampled_from([16, extent])),), "int8"))
        add_layer(plan, (view, draw(st.sampled_from(seen))), last)
    if draw(st.booleans()):
        # Layers write parts of a tensor, which is read by a layer of its own; a part may be, too.
        whole = len(plan.buffers)
        plan.buffers.append(Buffer("whole", (96,), "int8"))
        for start, extent in ((0, 32), (32, 64)):
            plan.buffers.append(Buffer("part", (extent,), "int8", storage=whole, start=start))
            add_layer(plan, (draw(st.sampled_from(seen)),), len(plan.buffers) - 1)
            if draw(st.booleans()):
                plan.buffers.append(Buffer("last", (extent,), "int8"))
                add_layer(plan, (len(plan.buffers) - 2,), len(plan.buffers) - 1)
        plan.buffers.append(Buffer("last", (draw(st.sampled_from([16, 96])),), "int8"))
        add_layer(plan, (whole, draw(st.sampled_from(seen))), len(plan.buffers) - 1)
        if draw(st.booleans()):
            plan.outputs.append(whole)
    for state in states:
        # The next value goes where the state is, after all that reads it.
        plan.buffers.append(Buffer("next", (sizes[state],), "int8", storage=state))
        add_layer(plan, (draw(st.sampled_from(written)),), len(plan.buffers) - 1)
    scratch, allowed = {}, {}
    for kernel, layer in zip(plan.kernels, plan.layers, strict=True):
        scratch[kernel.name] = draw(st.sampled_from([0, 0, 0, 24, 300]))
        positions = st.sampled_from(range(len(layer.inputs)))
        leads = st.sampled_from([0, 0, 16, 48])
        allowed[kernel.name] = draw(st.dictionaries(positions, leads))
    return plan, scratch, allowed


@pytest.mark.slow
@given(plans())
@settings(max_examples=300, deadline=None)
def test_nothing_that_is_still_read_is_overwritten(case: Any) -> None:
    plan, scratch, allowed = case
    place(plan, scratch, allowed)
    machine = Machine(plan, allowed)
    for index in (*plan.inputs, *plan.states):
        machine.write(index)
    for _ in range(2):
        machine.run()
        # Between runs inputs and outputs are read; the second run finds the same inputs.
        for index in (*plan.inputs, *plan.outputs):
            machine.check(index)
    found = peak(plan)
    assert sum(count for _, count in found.tensors) <= plan.memory + plan.state_bytes


def test_an_output_takes_the_memory_of_a_dead_input() -> None:
    plan = plan_of([64, 640, 640, 16], [((0,), (1,)), ((1,), (2,)), ((2,), (3,))], outputs=(3,))
    place(plan, {}, {"k1": {0: 0}})
    assert plan.root(2) == 1
    assert plan.memory == 64 + 640 + 16


@pytest.mark.parametrize(
    ("layers", "why"),
    [
        ([((0,), (1,)), ((1,), (2,)), ((1, 2), (3,))], "read later"),
        ([((0,), (1,)), ((1, 1), (2,)), ((2,), (3,))], "read twice, once where it must stay"),
        ([((0,), (2,)), ((2,), (3,))], "the model's input"),
    ],
)
def test_an_input_that_must_stay_is_not_overwritten(layers: Any, why: str) -> None:
    plan = plan_of([640, 640, 640, 16], layers, outputs=(3,))
    place(plan, {}, {f"k{step}": {0: 0} for step in range(3)})
    assert all(plan.root(index) == index for index in range(3)), why


def test_scratch_memory_lies_where_the_layer_leaves_room() -> None:
    plan = plan_of([16, 800, 800, 32, 16], [((i,), (i + 1,)) for i in range(4)], outputs=(4,))
    place(plan, {"k3": 512, "k1": 512}, {})
    assert plan.memory == 16 + 800 + 800 + 512, "both large tensors live with scratch memory"
    plan = plan_of([16, 800, 800, 32, 16], [((i,), (i + 1,)) for i in range(4)], outputs=(4,))
    place(plan, {"k3": 512}, {})
    assert plan.memory == 16 + 800 + 800
    assert peak(plan).layer == 1
    assert dict(peak(plan).tensors) == {"b0": 16, "b1": 800, "b2": 800}


def test_views_live_as_long_as_what_they_are_views_of() -> None:
    plan = plan_of([16, 160, 160, 16], [((0,), (1,)), ((0,), (2,)), ((2,), (3,))], outputs=(3,))
    plan.buffers.append(Buffer("view", (4, 40), "int8", storage=1))
    plan.kernels.append(Kernel("k3", None, ()))
    plan.layers.append(PlanLayer("l3", 3, (4, 3), (5,), (), 0, None, ()))
    plan.buffers.append(Buffer("end", (16,), "int8"))
    plan.outputs = [5]
    place(plan, {}, {})
    span = lifetimes(plan)[1]
    steps = [step for step, layer in enumerate(plan.layers) if layer.name in ("l0", "l3")]
    assert (span.first, span.last) == tuple(steps)
    assert plan.buffers[4].offset == plan.buffers[1].offset
    # The other branch runs before the viewed tensor is made.
    assert plan.layers[0].name == "l1"
    assert plan.memory == sum(aligned(plan.buffers[i].nbytes) for i in (0, 1, 3, 5))


def test_a_tensor_that_is_read_from_its_middle_is_not_overwritten() -> None:
    plan = plan_of([16, 640, 640, 16], [((0,), (1,)), ((1, 4), (2,)), ((2,), (3,))], outputs=(3,))
    plan.buffers.append(Buffer("view", (160,), "int8", storage=1, start=32))
    place(plan, {}, {"k1": {0: 0, 1: 0}})
    assert plan.root(2) == 2
    assert plan.buffers[4].offset == plan.buffers[1].offset + 32


def chain(sizes: list[int]) -> Plan:
    """Layers in a row, the last of which writes the output."""
    layers = [((step,), (step + 1,)) for step in range(len(sizes) - 1)]
    return plan_of(sizes, layers, outputs=(len(sizes) - 1,))


def test_an_output_that_begins_before_its_input_takes_memory_for_the_difference() -> None:
    plan = chain([64, 640, 640, 640, 16])
    place(plan, {}, {"k1": {0: 48}, "k2": {0: 32}})
    first, second, third = plan.buffers[1:4]
    assert (second.offset, third.offset) == (first.offset - 48, first.offset - 80)
    assert plan.memory == 64 + (640 + 80) + 16


def test_an_output_that_is_smaller_takes_the_memory_of_its_input() -> None:
    plan = chain([64, 640, 160, 16])
    place(plan, {}, {"k1": {0: 0}})
    assert plan.buffers[2].offset == plan.buffers[1].offset
    assert plan.memory == 64 + 640 + 16


def test_only_the_layers_at_the_peak_overwrite_their_inputs() -> None:
    plan = chain([16, 160, 160, 640, 640, 160, 160, 16])
    place(plan, {}, {f"k{step}": {0: 0} for step in (1, 3, 5)})
    assert [plan.root(index) for index in range(7)] == [0, 1, 2, 3, 3, 5, 6]
    assert plan.memory == 16 + 640 + 160


def test_a_lead_that_takes_more_memory_than_it_saves_is_not_taken() -> None:
    plan = chain([16, 640, 160, 640, 16])
    place(plan, {}, {"k1": {0: 128}})
    assert all(plan.root(index) == index for index in range(4))
