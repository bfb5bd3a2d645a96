# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLite's fixed-point arithmetic, on arrays and on expressions.

Scales are (multiplier, shift) with scale ~ multiplier * 2^(shift - 31). Products are rounded
twice, as gemmlowp does (kernels/internal/common.h: MultiplyByQuantizedMultiplier).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from tvm import relax

Array = npt.NDArray[Any]
Expr = Any


def round_away(values: Any) -> Any:
    """To the nearest integer, ties away from zero."""
    array = np.asarray(values, np.float64)
    return np.asarray(np.sign(array) * np.floor(np.abs(array) + 0.5)).astype(np.int64)


def quantize(scale: float) -> tuple[int, int]:
    """Return a scale as (multiplier, shift) (quantization_util.cc: QuantizeMultiplier)."""
    if scale == 0.0:
        return 0, 0
    mantissa, shift = math.frexp(scale)
    multiplier = math.floor(mantissa * 2**31 + 0.5)
    if multiplier == 2**31:
        multiplier, shift = 2**30, shift + 1
    return (0, 0) if shift < -31 else (multiplier, shift)


def multiply(x: Array, scale: tuple[int, int]) -> Array:
    """Return x * scale, of int64 arrays that hold int32."""
    multiplier, shift = scale
    high = ((x << max(shift, 0)) * multiplier + (1 << 30)) >> 31
    down = max(-shift, 0)
    if down == 0:
        return np.asarray(high)
    return np.asarray((high + (1 << (down - 1)) + (high >> 63)) >> down)


def wide(expr: Expr) -> Expr:
    """As int64."""
    return relax.op.astype(expr, "int64")


def number(value: int) -> Expr:
    """Return an int64 constant."""
    return relax.const(value, "int64")


def multiply_expr(x: Expr, scale: tuple[int, int]) -> Expr:
    """`multiply` of an int64 expression."""
    multiplier, shift = scale
    if shift > 0:
        x = relax.op.multiply(x, number(1 << shift))
    product = relax.op.add(relax.op.multiply(x, number(multiplier)), number(1 << 30))
    high = relax.op.right_shift(product, number(31))
    down = max(-shift, 0)
    if down == 0:
        return high
    half = relax.op.add(high, number(1 << (down - 1)))
    half = relax.op.add(half, relax.op.right_shift(high, number(63)))
    return relax.op.right_shift(half, number(down))


def multiply_channels(x: Expr, scales: Array) -> Expr:
    """`multiply` of an int64 expression by one scale per index of the last axis."""
    pairs = [quantize(float(scale)) for scale in np.atleast_1d(scales)]
    if len(pairs) == 1:
        return multiply_expr(x, pairs[0])
    multiplier = relax.const(np.array([m for m, _ in pairs], np.int64), "int64")
    up = np.array([max(s, 0) for _, s in pairs], np.int64)
    down = np.array([max(-s, 0) for _, s in pairs], np.int64)
    if np.any(up):
        x = relax.op.multiply(x, relax.const(np.int64(1) << up, "int64"))
    high = relax.op.right_shift(
        relax.op.add(relax.op.multiply(x, multiplier), number(1 << 30)), number(31)
    )
    nudge = np.where(down > 0, np.int64(1) << np.maximum(down - 1, 0), 0)
    sign = relax.op.multiply(
        relax.op.right_shift(high, number(63)), relax.const((down > 0).astype(np.int64), "int64")
    )
    half = relax.op.add(relax.op.add(high, relax.const(nudge, "int64")), sign)
    return relax.op.right_shift(half, relax.const(down, "int64"))


def multiply_int16(x: Expr, scales: Array) -> Expr:
    """Return an int64 accumulator times scales of 15 bits, one per index of the last axis.

    common.h: MultiplyByQuantizedMultiplier of int64, which 16-bit activations use.
    """
    pairs = [quantize(float(scale)) for scale in np.atleast_1d(scales)]
    reduced = [0x7FFF if m >= 0x7FFF0000 else (m + (1 << 15)) >> 16 for m, _ in pairs]
    total = [15 - s for _, s in pairs]
    shape = () if len(pairs) == 1 else (len(pairs),)
    factor = np.array(reduced, np.int64).reshape(shape)
    half = np.array([1 << (t - 1) for t in total], np.int64).reshape(shape)
    product = relax.op.multiply(x, relax.const(factor, "int64"))
    return relax.op.right_shift(
        relax.op.add(product, relax.const(half, "int64")),
        relax.const(np.array(total, np.int64).reshape(shape), "int64"),
    )


def finish(acc: Expr, zero: int, low: int, high: int, dtype: str) -> Expr:
    """Return an int64 expression with its zero point, cut to a range and a type."""
    if zero:
        acc = relax.op.add(acc, number(zero))
    cut = relax.op.maximum(relax.op.minimum(acc, number(high)), number(low))
    return relax.op.astype(cut, dtype)
