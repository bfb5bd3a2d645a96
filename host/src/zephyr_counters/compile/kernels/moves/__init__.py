# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Pads and concats of 8-bit tensors, a run of neighbouring bytes at a time, for any core.

Others stay as TVM lowers them: a transpose moves single elements, for which its loops are as
short; a concat whose parts are whole pieces of the result needs no kernel (`plan.slices`); and
floats are fused with what reads them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.words import words
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import Block, LayoutMove
from zephyr_counters.extensions.tensors import LIMITS

_FILES = c_files("moves", "zc_move.h", "zc_move.c")
_AXES, _MAX_INPUTS = 3, 4
_MIN_RUN = 8
"""Bytes; with shorter ones TVM's loops are as fast."""
_ALIGNMENT = 16
_PER_RUN, _PER_BYTE, _PER_FILLED = 14, 0.7, 0.5


def candidates(op: LayoutMove) -> Iterator[Candidate]:
    """Return one kernel, for runs of some bytes."""
    if op.kind not in ("pad", "concat") or op.y.dtype not in LIMITS:
        return
    found = [runs for block in op.blocks if (runs := _runs(block)) is not None]
    if len(found) != len(op.blocks) or len(found) > _MAX_INPUTS or _is_joined(op, found):
        return
    if min(run for run, _ in found) < _MIN_RUN:
        return
    filled = 0 if op.fill is None else op.y.size
    head = [filled, int(op.fill or 0)]
    estimate = filled * _PER_FILLED
    for block, (run, axes) in zip(op.blocks, found, strict=True):
        extents, x_strides, y_strides = zip(*axes, strict=True)
        head += [run, block.x_offset, block.y_offset, *extents, *x_strides, *y_strides]
        estimate += math.prod(extents) * (_PER_RUN + run * _PER_BYTE)
    data = words(head)
    kernel = CKernel(
        "portable",
        op.kind,
        f"zc_move{len(found)}",
        _FILES,
        lambda: (data,),
        4 * data.size,
        feature="",
    )
    yield kernel.candidate(op, "runs", estimate)


Axis = tuple[int, int, int]
"""Extent, and strides in the input and in the output."""
Runs = tuple[int, list[Axis]]
"""How many neighbours move together, and the axes of such runs."""


def _is_joined(op: LayoutMove, found: list[Runs]) -> bool:
    """Tell whether the output is its inputs one after the other, aligned as tensors are."""
    sizes = [run for run, _ in found]
    starts = [block.y_offset % _ALIGNMENT for block in op.blocks]
    return op.kind == "concat" and sizes == [x.size for x in op.x] and not any(starts)


def _runs(block: Block) -> Runs | None:
    """Return the runs of a block; None if they have more axes than the kernel has."""
    run, axes = 1, list[Axis]()
    for axis in reversed(list(zip(block.extents, block.x_strides, block.y_strides, strict=True))):
        extent, *strides = axis
        if extent == 1:
            continue
        if not axes and strides == [run, run]:
            run *= extent
        elif axes and strides == [axes[0][0] * stride for stride in axes[0][1:]]:
            axes[0] = (axes[0][0] * extent, axes[0][1], axes[0][2])
        else:
            axes.insert(0, axis)
    if len(axes) > _AXES:
        return None
    return run, [(1, 0, 0)] * (_AXES - len(axes)) + axes
