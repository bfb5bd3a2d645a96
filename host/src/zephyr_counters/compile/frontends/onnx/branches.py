# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Branches whose condition is constant, as it is if it depends on shapes only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np


class Constants(Protocol):
    """Arrays by name."""

    def __contains__(self, name: str) -> bool:
        """Whether there is one."""

    def __getitem__(self, name: str) -> Any:
        """Return one."""

    def add(self, tensor: Any) -> None:
        """Add a TensorProto."""


def inlined(graph: Any, constants: Constants) -> bool:
    """Replace each If with a constant condition by the nodes of its branch.

    Args:
        graph: a GraphProto, which is changed.
        constants: what is known; gets the branches' own.

    Returns:
        whether there was such an If.
    """
    nodes: list[Any] = []
    found = False
    for node in graph.node:
        if node.op_type == "If" and node.input[0] in constants:
            found = True
            nodes.extend(_branch(node, graph, constants))
        else:
            nodes.append(node)
    if found:
        del graph.node[:]
        graph.node.extend(nodes)
    return found


def _branch(node: Any, graph: Any, constants: Constants) -> Iterator[Any]:
    """Give the nodes of the branch that runs, whose results are those of the If."""
    from onnx import helper

    wanted = "then_branch" if np.all(constants[node.input[0]]) else "else_branch"
    branch = next(item.g for item in node.attribute if item.name == wanted)
    made = {name for inner in branch.node for name in inner.output if name}
    made.update(tensor.name for tensor in branch.initializer)
    # Branches may use the same names as one another.
    names = {name: f"{node.name}/{name}" for name in made}
    for tensor in branch.initializer:
        tensor.name = names[tensor.name]
        graph.initializer.append(tensor)
        constants.add(tensor)
    _rename(branch, names)
    for inner in branch.node:
        inner.name = f"{node.name}/{inner.name}" if inner.name else ""
        yield inner
    for value, result in zip(branch.output, node.output, strict=True):
        if result:
            yield helper.make_node("Identity", [value.name], [result], f"{node.name}/{result}")


def _rename(graph: Any, names: Mapping[str, str]) -> None:
    """Rename tensors in a graph, and in the branches and bodies within it."""
    for node in graph.node:
        for field in (node.input, node.output):
            for index, name in enumerate(field):
                field[index] = names.get(name, name)
        for attribute in node.attribute:
            for inner in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
                _rename(inner, names)
    for value in graph.output:
        value.name = names.get(value.name, value.name)
