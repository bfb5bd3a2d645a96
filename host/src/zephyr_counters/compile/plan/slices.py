# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which kernels only copy pieces of memory, so that views can replace them: slices and concats."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tvm
import tvm_ffi
from tvm import s_tir, sym, tirx
from tvm.ir import Range, TensorLoad

from zephyr_counters.compile.codegen.schedule import schedule


def start(func: tirx.PrimFunc) -> int | None:
    """Return the element of a kernel's input from which on its output has the same elements.

    Args:
        func: a kernel of one input and one output, as TVM lowers and fuses it.

    Returns:
        None if the output is not one piece of the input's memory.
    """
    copy = _copy(func)
    return None if copy is None else copy.source(func.params[0], copy.store.value)


def pieces(func: tirx.PrimFunc) -> list[int] | None:
    """Return the elements of a kernel's output at which its inputs are, one after the other.

    Args:
        func: a kernel of several inputs and one output, as TVM lowers and fuses it.

    Returns:
        in the order of the inputs; None if the output is not made of all elements of each.
    """
    copy = _copy(func)
    if copy is None:
        return None
    found: dict[int, int] = {}
    for value, axis, first, stop in _branches(copy.store.value):
        place = next((i for i, one in enumerate(copy.axes) if one.var.same_as(axis)), None)
        if place is None or math.prod(copy.extents[:place]) != 1:
            return None
        last = copy.extents[place] if stop is None else stop
        stride = math.prod(copy.extents[place + 1 :])
        index = next((i for i, x in enumerate(func.params) if _loads(value, x)), None)
        size = 0 if index is None else math.prod(int(n) for n in func.params[index].shape)
        if index is None or index in found or size != (last - first) * stride:
            return None
        if copy.source(func.params[index], value, {axis: (first, last)}) != -first * stride:
            return None
        found[index] = first * stride
    count = len(func.params) - 1
    return [found[index] for index in range(count)] if len(found) == count else None


@dataclass(frozen=True)
class _Copy:
    """A kernel that stores each element of its output once."""

    store: Any
    axes: Sequence[Any]
    extents: Sequence[int]

    def source(
        self, x: Any, load: Any, ranges: Mapping[Any, tuple[int, int]] | None = None
    ) -> int | None:
        """Return by how much a loaded element of x is after the element of the output, in memory.

        Args:
            x: an input.
            load: what is stored.
            ranges: of axes, if not the whole ones.

        Returns:
            None if it is nothing of x, or not always the same distance away.
        """
        if not _loads(load, x):
            return None
        analyzer = sym.Analyzer()
        for axis, extent in zip(self.axes, self.extents, strict=True):
            first, stop = (ranges or {}).get(axis.var, (0, extent))
            # Remainders simplify for ranges that begin at 0.
            index = tirx.Var("index", axis.var.ty)
            analyzer.bind(index, Range(0, stop - first))
            analyzer.bind(axis.var, index + first)
        # With row-major axes of the output, the store goes through its memory in order.
        ordered = _row_major([axis.var for axis in self.axes], self.extents)
        written = _row_major(self.store.indices, self.store.buffer.shape)
        if not _is(analyzer.simplify(written - ordered), 0):
            return None
        found = analyzer.simplify(_row_major(load.indices, x.shape) - written)
        return int(found) if isinstance(found, tirx.IntImm) else None


def _copy(func: tirx.PrimFunc) -> _Copy | None:
    blocks: list[Any] = []
    tvm_ffi.structural_walk(schedule(func).body, (s_tir.SBlock, blocks.append))
    inner = [block for block in blocks if len(block.iter_vars)]
    if len(inner) != 1 or not isinstance(inner[0].body, tirx.BufferStore):
        return None
    store, axes, y = inner[0].body, inner[0].iter_vars, func.params[-1]
    extents = [int(axis.dom.extent) for axis in axes]
    is_whole = math.prod(extents) == math.prod(int(extent) for extent in y.shape)
    return _Copy(store, axes, extents) if is_whole and store.buffer.same_as(y) else None


def _branches(
    value: Any, first: int = 0, stop: int | None = None, axis: Any = None
) -> Iterator[tuple[Any, Any, int, int | None]]:
    """Yield what a chain of conditions, each that an axis has reached a number, chooses from.

    Each comes with the axis, and the first index and the one after the last; None is the end.
    """
    is_choice = isinstance(value, tvm.ir.Call) and str(value.op.name).endswith(".if_then_else")
    condition: Any = value.args[0] if is_choice else None
    is_split = isinstance(condition, tirx.LE) and isinstance(condition.a, tirx.IntImm)
    if not is_split or not (axis is None or condition.b.same_as(axis)):
        yield value, axis, first, stop
        return
    middle = int(condition.a)
    yield from _branches(value.args[1], middle, stop, condition.b)
    yield from _branches(value.args[2], first, middle, condition.b)


def _loads(value: Any, x: Any) -> bool:
    return isinstance(value, TensorLoad) and bool(value.source.same_as(x))


def _is(expr: Any, value: int) -> bool:
    return isinstance(expr, tirx.IntImm) and int(expr) == value


def _row_major(indices: Sequence[Any], shape: Sequence[Any]) -> Any:
    """Return which element of a tensor has these indices."""
    total = tirx.const(0, "int64")
    for index, extent in zip(indices, shape, strict=True):
        total = total * int(extent) + tirx.Cast("int64", index)
    return total
