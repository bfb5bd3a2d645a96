# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Schedules for what TVM legalized: less scratch memory, and accumulators in registers.

Fusion leaves every intermediate result of a kernel as a whole buffer. Here elementwise stages
(padding too) are inlined into their readers, and a reduction is computed where its only reader
needs it, one element at a time. The order in which a reduction adds up never changes, so
results do not either. A step that TVM refuses is left out.
"""

from __future__ import annotations

import math
from typing import Any

import tvm
from tvm import s_tir, tirx

_ROOT = "root"
TILE = 4


def schedule(func: tirx.PrimFunc) -> tirx.PrimFunc:
    """Return an equivalent kernel; the same one if it is not made of scheduling blocks."""
    try:
        sch = s_tir.Schedule(tvm.IRModule({"main": func}))
        blocks = _blocks(sch)
    except (RuntimeError, ValueError, TypeError):
        return func
    for block in blocks:
        _inline(sch, block)
    for block in _blocks(sch):
        _accumulate_apart(sch, block)
    for block in reversed(_blocks(sch)):
        _compute_at_reader(sch, block)
    for block in _blocks(sch):
        _separate_start(sch, block)
    return sch.mod["main"]


def _blocks(sch: Any) -> list[Any]:
    """Return the leaf blocks, in order."""
    return list(sch.get_child_blocks(sch.get_sblock(_ROOT)))


def _iterations(sch: Any, block: Any, spatial_only: bool = False) -> int:
    """How often a block's body runs, or how many elements it makes."""
    extents = [
        int(axis.dom.extent)
        for axis in sch.get(block).iter_vars
        if not spatial_only or axis.iter_type == tirx.IterVar.DataPar
    ]
    return math.prod(extents)


def _is_reduction(sch: Any, block: Any) -> bool:
    return sch.get(block).init is not None


def _is_copy(sch: Any, block: Any) -> bool:
    """Whether a block only moves elements, or puts a constant in their place."""
    body = sch.get(block).body
    if not isinstance(body, tirx.BufferStore):
        return False
    value = body.value
    if isinstance(value, tvm.ir.Call) and str(value.op.name).endswith(".if_then_else"):
        branches = list(value.args)[1:]
    else:
        branches = [value]
    moved = (tvm.ir.TensorLoad, tirx.IntImm, tirx.FloatImm)
    return all(isinstance(branch, moved) for branch in branches)


def _inline(sch: Any, block: Any) -> None:
    """Inline a stage, unless that repeats arithmetic."""
    readers = list(sch.get_consumers(block))
    if not readers or _is_reduction(sch, block):
        return
    reads = sum(_iterations(sch, reader) for reader in readers)
    if reads > _iterations(sch, block) and not _is_copy(sch, block):
        return
    _attempt(sch.compute_inline, block)


def _accumulate_apart(sch: Any, block: Any) -> None:
    """Let a reduction that ends the kernel add up in a local variable, not in its result."""
    if _is_reduction(sch, block) and not list(sch.get_consumers(block)):
        _attempt(sch.cache_write, block, 0, "global")


def _compute_at_reader(sch: Any, block: Any) -> None:
    """Compute a stage inside its only reader's loops, if each element is then made once."""
    readers = list(sch.get_consumers(block))
    if len(readers) != 1 or _is_reduction(sch, readers[0]):
        return
    if _iterations(sch, readers[0]) != _iterations(sch, block, spatial_only=True):
        return
    loops = list(sch.get_loops(readers[0]))
    if not loops:
        return
    if _is_reduction(sch, block) and int(sch.get(loops[-1]).extent) % TILE == 0:
        _compute_tiles(sch, block, loops[-1])
    else:
        _attempt(sch.compute_at, block, loops[-1])


def _compute_tiles(sch: Any, block: Any, innermost: Any) -> None:
    """Compute a reduction `TILE` results at a time, so that they share a load of the input."""
    outer, inner = sch.split(innermost, [None, TILE])
    if not _attempt(sch.compute_at, block, outer):
        return
    depth = len(list(sch.get_loops(next(iter(sch.get_consumers(block)))))) - 1
    results, *sums = list(sch.get_loops(block))[depth:]
    if not sums or int(sch.get(results).extent) != TILE:
        return
    if not _attempt(sch.reorder, *sums, results):
        return
    for loop in (results, inner):
        _attempt(sch.unroll, loop)


def _separate_start(sch: Any, block: Any) -> None:
    """Set a reduction's start before its loops, rather than by a test inside them."""
    if not _is_reduction(sch, block):
        return
    for loop in reversed(list(sch.get_loops(block))):
        try:
            start = sch.decompose_reduction(block, loop)
        except (RuntimeError, ValueError):
            continue
        last = list(sch.get_loops(start))[-1:]
        if last and int(sch.get(last[0]).extent) == TILE:
            _attempt(sch.unroll, last[0])
        return


def _attempt(primitive: Any, *args: Any) -> bool:
    try:
        primitive(*args)
    except (RuntimeError, ValueError):
        return False
    return True
