# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Sigmoid and tanh of 16-bit tensors, by a table of 256 values and interpolation.

reference/integer_ops/logistic.h and tanh.h: with inputs in units of 2^-12 and results of 2^-15.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tvm import relax, te, tirx

Expr = Any


# Where LiteRT's table is one more than sigmoid(i / 24) rounded. Found by comparing the results of
# its TANH for all inputs at four scales.
_ONE_MORE = (
    4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39, 40,
    41, 43, 44, 45, 46, 49, 50, 54, 62, 63, 64, 66, 82, 86, 93, 100, 103, 112, 116, 135, 255,
)  # fmt: skip


def table() -> Any:
    """sigmoid(i / 24) in units of 2^-16, as LiteRT has it."""
    values = np.rint(65536 / (1 + np.exp(-np.arange(257) / 24))).astype(np.int32)
    values[list(_ONE_MORE)] += 1
    return np.minimum(values, 65535)


def input_scale(scale: float) -> tuple[int, int]:
    """Factor and shift that bring inputs to 1 / (3 * 4096) (kernels/activations.cc)."""
    if math.frexp(scale)[0] == 0.5 and math.log2(scale) == -12:
        return 3, 0
    factor, shift = scale * 4096.0 * 3.0, 0
    while factor <= 32767.0 / 2.0 and shift <= 30:
        factor, shift = factor * 2.0, shift + 1
    return int(factor), shift


def _input(x: Any, factor: int, shift: int) -> Any:
    half = 1 << (shift - 1) if shift > 0 else 0
    return tirx.shift_right(
        x.astype("int32") * factor + tirx.const(half, "int32"), tirx.const(shift, "int32")
    )


def _parts(x: Any, values: Any, bits: int) -> tuple[Any, Any]:
    """Return the interpolated table at |x|, with `bits` of fraction, and whether it is beyond."""
    size = tirx.Select(x < 0, -x, x)
    at = te.min(tirx.shift_right(size, tirx.const(bits, "int32")), 255)
    low, high = values[at], values[at + 1]
    rest = tirx.bitwise_and(size, tirx.const((1 << bits) - 1, "int32"))
    return low * (1 << bits) + rest * (high - low), at >= 255


def sigmoid(x: Any, values: Any, factor: int, shift: int) -> Any:
    """Return a te computation."""

    def at(*index: Any) -> Any:
        v = _input(x[index], factor, shift)
        inner, beyond = _parts(v, values, 9)
        result = tirx.Select(beyond, tirx.const(0x7FFF << 10, "int32"), inner)
        up = result + (1 << 9)
        down = (1 << 25) - result + (1 << 9) - 1
        chosen = tirx.Select(v >= 0, up, down)
        return tirx.shift_right(chosen, tirx.const(10, "int32")).astype("int16")

    return te.compute(x.shape, at, name="sigmoid")


def tanh(x: Any, values: Any, factor: int, shift: int) -> Any:
    """Return a te computation."""

    def at(*index: Any) -> Any:
        v = _input(x[index], factor, shift)
        inner, beyond = _parts(v, values, 8)
        result = tirx.Select(beyond, tirx.const(0xFFFF << 8, "int32"), inner)
        up = result - (1 << 23) + (1 << 7)
        down = -result + (1 << 23) + (1 << 7) - 1
        chosen = tirx.Select(v >= 0, up, down)
        return tirx.shift_right(chosen, tirx.const(8, "int32")).astype("int16")

    return te.compute(x.shape, at, name="tanh")


def apply(builder: Any, kind: str, x: Expr, scale: float = 2.0**-12) -> Expr:
    """Sigmoid or tanh of a 16-bit variable."""
    function = sigmoid if kind == "sigmoid" else tanh
    constant = relax.const(table())
    return builder.emit_te(function, x, constant, *input_scale(scale), primfunc_name_hint=kind)
