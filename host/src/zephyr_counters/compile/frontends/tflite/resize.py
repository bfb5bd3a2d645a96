# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Resizing of images."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite import fixed
from zephyr_counters.compile.frontends.tflite.context import Context, Converters, Expr
from zephyr_counters.compile.frontends.tflite.file import Operator

F32 = np.float32


def resize_nearest_neighbor(op: Operator, context: Context) -> Expr:
    """RESIZE_NEAREST_NEIGHBOR (reference/resize_nearest_neighbor.h)."""
    options = op.options("ResizeNearestNeighborOptions")
    align, half = bool(options.AlignCorners()), bool(options.HalfPixelCenters())
    expr = context.expr(op.inputs[0])
    sizes = context.needed(op.inputs[1], "its size").reshape(-1)
    for axis, count in zip((1, 2), map(int, sizes), strict=True):
        size = context.shape_of(op.inputs[0])[axis]
        scale = (
            F32((size - 1) / (count - 1)) if align and count > 1 else F32(F32(size) / F32(count))
        )
        at = (np.arange(count, dtype=F32) + F32(0.5 if half else 0)) * scale
        index = fixed.round_away(at) if align else np.floor(at).astype(np.int64)
        index = np.clip(index, 0, size - 1)
        if not np.array_equal(index, np.arange(size)):
            expr = context.taken(expr, index, axis)
    return expr


def resize_bilinear(op: Operator, context: Context) -> Expr:
    """RESIZE_BILINEAR; of integers in fixed point with 10 bits (reference/resize_bilinear.h)."""
    options = op.options("ResizeBilinearOptions")
    align, half = bool(options.AlignCorners()), bool(options.HalfPixelCenters())
    sizes = [int(n) for n in context.needed(op.inputs[1], "its size").reshape(-1)]
    extents = context.shape_of(op.inputs[0])[1:3]
    y = context.tensor(op.outputs[0])
    x = context.emit(context.expr(op.inputs[0]))
    if y.dtype in ("int8", "uint8", "int16"):
        rows, columns = (
            _integer_taps(n, count, align, half) for n, count in zip(extents, sizes, strict=True)
        )
        total: Any = None
        for v, a in rows:
            for h, b in columns:
                weight = relax.const(np.outer(a, b).astype(np.int64)[None, :, :, None], "int64")
                part = relax.op.multiply(
                    fixed.wide(context.taken(context.taken(x, v, 1), h, 2)), weight
                )
                total = part if total is None else relax.op.add(total, part)
        half_step = 1 << 19
        total = context.emit(total)
        sign = relax.op.right_shift(total, fixed.number(63))
        # Ties away from zero, and division towards zero: -(-t + half) / 2^20 for negatives.
        rounded = relax.op.add(total, fixed.number(half_step))
        rounded = relax.op.add(rounded, sign)
        return relax.op.astype(relax.op.right_shift(rounded, fixed.number(20)), y.dtype)
    rows, columns = (
        _real_taps(n, count, align, half) for n, count in zip(extents, sizes, strict=True)
    )
    total = None
    for v, a in rows:
        for h, b in columns:
            weight = relax.const(np.outer(a, b).astype(F32)[None, :, :, None])
            part = relax.op.multiply(context.taken(context.taken(x, v, 1), h, 2), weight)
            total = part if total is None else relax.op.add(total, part)
    return total


def _real_taps(size: int, count: int, align: bool, half: bool) -> list[tuple[Any, Any]]:
    """Two (indices, weights) for an axis."""
    scale = F32((size - 1) / (count - 1)) if align and count > 1 else F32(F32(size) / F32(count))
    at = np.arange(count, dtype=F32)
    place = (at + F32(0.5)) * scale - F32(0.5) if half else at * scale
    low = np.maximum(np.floor(place), 0)
    high = np.minimum(np.ceil(place), size - 1)
    low = np.minimum(low, size - 1)
    part = (place - low).astype(F32)
    return [(low, F32(1) - part), (high, part)]


def _integer_taps(size: int, count: int, align: bool, half: bool) -> list[tuple[Any, Any]]:
    """Two (indices, weights of 10 bits) for an axis."""
    one = 1 << 10
    scale = ((one * size) + count // 2) // count
    if align and count > 1:
        scale = ((one * (size - 1)) + (count - 1) // 2) // (count - 1)
    at = np.arange(count, dtype=np.int64)
    place = at * scale + scale // 2 - one // 2 if half else at * scale
    low = np.minimum(np.maximum(place // one, 0), size - 1)
    high = np.minimum((place + one - 1) // one, size - 1)
    # As in C, where the division truncates; a place is at least -512.
    high = np.maximum(high, 0)
    part = place - one * low
    return [(low, one - part), (high, part)]


CONVERTERS: Converters = {
    "RESIZE_BILINEAR": resize_bilinear,
    "RESIZE_NEAREST_NEIGHBOR": resize_nearest_neighbor,
}
