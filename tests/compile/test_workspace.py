# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Scratch memory lies among the activations where no kernel that uses it has any."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from zephyr_counters.compile.plan import memory, workspace
from zephyr_counters.compile.plan.plan import Buffer, Kernel, Plan, PlanLayer, lifetimes


def chain(sizes: list[int]) -> Plan:
    """A chain of layers, each with a kernel of its own."""
    plan = Plan()
    plan.buffers = [Buffer(f"b{i}", (size,), "int8") for i, size in enumerate(sizes)]
    for step in range(len(sizes) - 1):
        plan.kernels.append(Kernel(f"k{step}", None, ()))
        plan.layers.append(PlanLayer(f"l{step}", step, (step,), (step + 1,), (), 0, None, ()))
    plan.inputs, plan.outputs = [0], [len(sizes) - 1]
    spans = lifetimes(plan)
    offsets, plan.activations = memory.plan(list(spans.values()))
    for index, offset in zip(spans, offsets, strict=True):
        plan.buffers[index].offset = offset
    return plan


def test_room_that_a_large_layer_leaves_is_used() -> None:
    # The last layer needs scratch memory when the two large tensors are dead.
    plan = chain([16, 800, 800, 32, 16])
    assert workspace.place(plan, {"k3": 512}) + 512 <= plan.activations
    # The layer between them needs some when all memory is taken.
    assert workspace.place(plan, {"k1": 512}) == plan.activations


@given(
    sizes=st.lists(st.integers(1, 300), min_size=2, max_size=8),
    needs=st.lists(st.integers(0, 300), min_size=7, max_size=7),
)
def test_nothing_that_lives_is_overwritten(sizes: list[int], needs: list[int]) -> None:
    plan = chain(sizes)
    wanted = {f"k{step}": need for step, need in enumerate(needs)}
    offset = workspace.place(plan, wanted)
    assert offset % 16 == 0
    for index, span in lifetimes(plan).items():
        begin = plan.buffers[index].offset
        end = begin + span.nbytes
        for step in range(len(plan.layers)):
            lives = span.first <= step <= span.last or index in (0, len(sizes) - 1)
            need = wanted[f"k{step}"]
            if lives and need:
                assert offset >= end or offset + need <= begin
