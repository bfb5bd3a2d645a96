# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which kernels only copy a piece of their input's memory, so that a view can replace them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

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
    blocks: list[Any] = []
    tvm_ffi.structural_walk(schedule(func).body, (s_tir.SBlock, blocks.append))
    inner = [block for block in blocks if len(block.iter_vars)]
    if len(inner) != 1 or not isinstance(inner[0].body, tirx.BufferStore):
        return None
    store, axes = inner[0].body, inner[0].iter_vars
    load = store.value
    x, y = func.params
    if (
        not isinstance(load, TensorLoad)
        or not load.source.same_as(x)
        or not store.buffer.same_as(y)
    ):
        return None
    extents = [int(axis.dom.extent) for axis in axes]
    if math.prod(extents) != math.prod(int(extent) for extent in y.shape):
        return None
    analyzer = sym.Analyzer()
    for axis, extent in zip(axes, extents, strict=True):
        analyzer.bind(axis.var, Range(0, extent))
    # With row-major axes of the output, the store goes through its memory in order.
    ordered = _row_major([axis.var for axis in axes], extents)
    written = _row_major(store.indices, y.shape)
    read = _row_major(load.indices, x.shape)
    if not _is(analyzer.simplify(written - ordered), 0):
        return None
    found = analyzer.simplify(read - written)
    return int(found) if isinstance(found, tirx.IntImm) else None


def _is(expr: Any, value: int) -> bool:
    return isinstance(expr, tirx.IntImm) and int(expr) == value


def _row_major(indices: Sequence[Any], shape: Sequence[Any]) -> Any:
    """Return which element of a tensor has these indices."""
    total = tirx.const(0, "int64")
    for index, extent in zip(indices, shape, strict=True):
        total = total * int(extent) + tirx.Cast("int64", index)
    return total
