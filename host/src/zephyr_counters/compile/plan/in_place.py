# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which kernels may write their output over an input.

A kernel of tensor IR may, if each iteration reads of that input only the element that it then
writes. A kernel that calls C code says so itself, by an attribute.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import tvm
import tvm_ffi
from tvm import tirx
from tvm.ir import TensorLoad

from zephyr_counters.extensions.tensor_ir import IN_PLACE, LEAD

Overwritable = Mapping[int, int]
"""By index of an argument in whose memory a kernel's output may be, how many bytes before that
argument the output then begins."""


def overwritable(func: tirx.PrimFunc) -> Overwritable:
    """Return the arguments in whose memory a kernel's last argument, its output, may be.

    Args:
        func: as C is generated from it: its loops in their final order.
    """
    if func.attrs is not None and IN_PLACE in func.attrs:
        return {int(index): int(func.attrs[LEAD]) for index in func.attrs[IN_PLACE]}
    body = _Body(func)
    y = len(func.params) - 1
    stores = [node for node in body.accesses if _is_store(node) and body.argument(node) == y]
    if len(stores) != 1 or y in body.opaque:
        return {}
    store = stores[0]
    elements = math.prod(int(extent) for extent in func.params[y].shape)
    within = body.inside(store.value)
    if body.times(store) != elements or any(body.argument(node) == y for node in within):
        return {}
    found = {}
    for index, x in enumerate(func.params[:-1]):
        reads = [node for node in body.accesses if body.argument(node) == index]
        if index in body.opaque or not reads or _bytes(x) != _bytes(func.params[y]):
            continue
        if all(_is_in(node, within) and _same_place(node, store) for node in reads):
            found[index] = 0
    return found


class _Body:
    """What a kernel does with its arguments."""

    def __init__(self, func: tirx.PrimFunc) -> None:
        self.body = func.body
        self.accesses = self.inside(func.body)
        self.buffers: list[tuple[Any, int]] = [(x, i) for i, x in enumerate(func.params)]
        """Arguments and other names of their memory."""
        self.opaque: set[int] = set()
        """Arguments that a call gets: what the called function does with them is not known."""
        views: list[Any] = []
        calls: list[Any] = []
        tvm_ffi.structural_walk(
            self.body, [(tirx.DeclBuffer, views.append), (tvm.ir.Call, calls.append)]
        )
        for view in views:
            source = getattr(view.data, "args", (None,))[0]
            index = self._index(source)
            if index is not None:
                self.buffers.append((view.buffer, index))
        for call in calls:
            if not _is_in(call, [view.data for view in views]):
                given = {self._index(arg) for arg in call.args}
                self.opaque.update(index for index in given if index is not None)

    def _index(self, var: Any) -> int | None:
        return next((i for buffer, i in self.buffers if buffer.same_as(var)), None)

    def argument(self, node: Any) -> int | None:
        """Return the argument that a load or store accesses; None if it is something else."""
        return self._index(node.buffer if _is_store(node) else node.source)

    @staticmethod
    def inside(node: Any) -> list[Any]:
        """Return all loads and stores."""
        found: list[Any] = []
        tvm_ffi.structural_walk(node, ((TensorLoad, tirx.BufferStore), found.append))
        return found

    def times(self, store: Any) -> int:
        """Return how often a store runs; 0 if that is not known."""
        loops: list[Any] = []
        tvm_ffi.structural_walk(self.body, ((tirx.For, tirx.While), loops.append))
        around = [loop for loop in loops if _is_in(store, self.inside(loop.body))]
        if not all(isinstance(getattr(loop, "extent", None), tirx.IntImm) for loop in around):
            return 0
        return math.prod(int(loop.extent) for loop in around)


def _is_in(node: Any, nodes: list[Any]) -> bool:
    return any(node.same_as(other) for other in nodes)


def _is_store(node: Any) -> bool:
    return isinstance(node, tirx.BufferStore)


def _same_place(load: Any, store: Any) -> bool:
    """Tell whether both have the same indices into buffers of the same shape, without strides."""
    same = tvm_ffi.structural_equal
    x, y = load.source, store.buffer
    return bool(
        same(list(x.shape), list(y.shape))
        and same(list(load.indices), list(store.indices))
        and not (len(x.strides) or len(y.strides))
        and same(x.elem_offset, y.elem_offset)
    )


def _bytes(buffer: Any) -> int:
    return np.dtype(str(buffer.dtype)).itemsize
