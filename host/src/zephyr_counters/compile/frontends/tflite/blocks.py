# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that repeat, turn or deal out whole blocks of elements."""

from __future__ import annotations

import math

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite.context import Context, Converters, Expr
from zephyr_counters.compile.frontends.tflite.file import Operator
from zephyr_counters.compile.frontends.tflite.layout import cut


def tile(op: Operator, context: Context) -> Expr:
    """TILE."""
    repeats = [int(n) for n in context.needed(op.inputs[1], "how often it repeats")]
    return relax.op.tile(context.expr(op.inputs[0]), repeats)


def broadcast_to(op: Operator, context: Context) -> Expr:
    """BROADCAST_TO."""
    shape = [int(n) for n in context.needed(op.inputs[1], "its shape")]
    return relax.op.broadcast_to(context.expr(op.inputs[0]), shape)


def space_to_depth(op: Operator, context: Context) -> Expr:
    """SPACE_TO_DEPTH."""
    size = op.options("SpaceToDepthOptions").BlockSize()
    n, h, w, c = context.shape_of(op.inputs[0])
    blocks = relax.op.reshape(context.expr(op.inputs[0]), (n, h // size, size, w // size, size, c))
    moved = relax.op.permute_dims(blocks, [0, 1, 3, 2, 4, 5])
    return relax.op.reshape(moved, (n, h // size, w // size, size * size * c))


def depth_to_space(op: Operator, context: Context) -> Expr:
    """DEPTH_TO_SPACE."""
    size = op.options("DepthToSpaceOptions").BlockSize()
    n, h, w, c = context.shape_of(op.inputs[0])
    depth = c // (size * size)
    blocks = relax.op.reshape(context.expr(op.inputs[0]), (n, h, w, size, size, depth))
    moved = relax.op.permute_dims(blocks, [0, 1, 3, 2, 4, 5])
    return relax.op.reshape(moved, (n, h * size, w * size, depth))


def space_to_batch_nd(op: Operator, context: Context) -> Expr:
    """SPACE_TO_BATCH_ND: pads, then deals elements to the batch."""
    block = [int(n) for n in context.needed(op.inputs[1], "its block")]
    pads = context.needed(op.inputs[2], "its padding").reshape(-1, 2)
    shape = list(context.shape_of(op.inputs[0]))
    spatial = len(block)
    expr = context.expr(op.inputs[0])
    if np.any(pads):
        fill = context.tensor(op.inputs[0]).zero if context.is_quantized(op.inputs[0]) else 0
        widths = [0, 0, *pads.reshape(-1).tolist(), *[0] * (2 * (len(shape) - 1 - spatial))]
        expr = relax.op.nn.pad(expr, widths, pad_mode="constant", pad_value=fill)
        for axis, (before, after) in enumerate(pads.tolist()):
            shape[axis + 1] += before + after
    inner = [v for n, b in zip(shape[1:], block, strict=False) for v in (n // b, b)]
    rest = shape[1 + spatial :]
    expr = relax.op.reshape(expr, [shape[0], *inner, *rest])
    order = [
        *range(2, 2 * spatial + 1, 2), 0, *range(1, 2 * spatial, 2),
        *range(2 * spatial + 1, 2 * spatial + 1 + len(rest)),
    ]  # fmt: skip
    expr = relax.op.permute_dims(expr, order)
    sizes = [n // b for n, b in zip(shape[1:], block, strict=False)]
    return relax.op.reshape(expr, [shape[0] * math.prod(block), *sizes, *rest])


def batch_to_space_nd(op: Operator, context: Context) -> Expr:
    """BATCH_TO_SPACE_ND: the reverse, then crops."""
    block = [int(n) for n in context.needed(op.inputs[1], "its block")]
    crops = context.needed(op.inputs[2], "its crops").reshape(-1, 2).tolist()
    shape = list(context.shape_of(op.inputs[0]))
    spatial = len(block)
    batch = shape[0] // math.prod(block)
    rest = shape[1 + spatial :]
    expr = relax.op.reshape(context.expr(op.inputs[0]), [*block, batch, *shape[1:]])
    order = [spatial]
    for i in range(spatial):
        order += [spatial + 1 + i, i]
    order += range(2 * spatial + 1, 2 * spatial + 1 + len(rest))
    expr = relax.op.permute_dims(expr, order)
    sizes = [n * b for n, b in zip(shape[1:], block, strict=False)]
    full = [batch, *sizes, *rest]
    expr = relax.op.reshape(expr, full)
    slices = [(0, 1, n) for n in full]
    for axis, (before, after) in enumerate(crops):
        slices[axis + 1] = (before, 1, full[axis + 1] - before - after)
    return cut(context, expr, slices, full)


def reverse_v2(op: Operator, context: Context) -> Expr:
    """REVERSE_V2."""
    shape = context.shape_of(op.inputs[0])
    expr = context.expr(op.inputs[0])
    for axis in context.needed(op.inputs[1], "its axes").reshape(-1):
        size = shape[int(axis)]
        expr = context.taken(expr, np.arange(size)[::-1], int(axis) % len(shape))
    return expr


CONVERTERS: Converters = {
    "BATCH_TO_SPACE_ND": batch_to_space_nd,
    "BROADCAST_TO": broadcast_to,
    "DEPTH_TO_SPACE": depth_to_space,
    "REVERSE_V2": reverse_v2,
    "SPACE_TO_BATCH_ND": space_to_batch_nd,
    "SPACE_TO_DEPTH": space_to_depth,
    "TILE": tile,
}
