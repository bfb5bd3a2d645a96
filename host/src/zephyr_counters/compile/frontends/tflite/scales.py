# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""QUANTIZE and DEQUANTIZE."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite import fixed
from zephyr_counters.compile.frontends.tflite.context import (
    Array,
    Context,
    Converters,
    Expr,
    Unsupported,
)
from zephyr_counters.compile.frontends.tflite.file import Operator

_8_BITS = ("int8", "uint8")


def _converted(q: Array, ratio: Any, x_zero: int, y_zero: int) -> Array:
    """Return a change of scale as LiteRT does it, with 8 bits of fraction (XNNPACK: qs8-vcvt)."""
    factor = int(np.rint(np.float32(256) * ratio))
    return np.asarray(((y_zero << 8) - factor * x_zero + 128 + q * factor) >> 8)


def quantize(op: Operator, context: Context) -> Expr:
    """QUANTIZE: of reals, or a change of scale in fixed point (kernels/quantize.cc)."""
    x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
    if x.quantization is None:
        return context.quantize(context.expr(op.inputs[0]), y)
    ratio = x.scale / y.scale
    scale = fixed.quantize(ratio)
    if x.dtype == y.dtype and x.dtype in _8_BITS and 2.0**-8 <= ratio <= 2.0**7:
        return context.table(op, lambda q: _converted(q, np.float32(ratio), x.zero, y.zero))
    if x.dtype in _8_BITS and y.dtype in _8_BITS:
        return context.table(op, lambda q: fixed.multiply(q - x.zero, scale) + y.zero)
    wide = fixed.wide(context.expr(op.inputs[0]))
    acc = fixed.multiply_expr(relax.op.subtract(wide, fixed.number(x.zero)), scale)
    if y.dtype not in (*_8_BITS, "int16", "int32"):
        raise Unsupported(f"it gives {y.dtype}")
    limits = np.iinfo(y.dtype)
    low, high = int(limits.min), int(limits.max)
    return fixed.finish(acc, y.zero, low, high, y.dtype)


def dequantize(op: Operator, context: Context) -> Expr:
    """DEQUANTIZE, of integers or of float16 constants."""
    if context.tensor(op.inputs[0]).dtype == "float16":
        context.halves.add(op.outputs[0])
        return context.needed(op.inputs[0], "a float16 tensor").astype(np.float32)
    return context.real(op.inputs[0])


CONVERTERS: Converters = {
    "DEQUANTIZE": dequantize,
    "QUANTIZE": quantize,
}
