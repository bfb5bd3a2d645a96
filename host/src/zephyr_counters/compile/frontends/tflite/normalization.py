# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that scale elements by what lies around them: softmax and normalizations."""

from __future__ import annotations

from tvm import relax

from zephyr_counters.compile.frontends.tflite.context import Context, Converters, Expr
from zephyr_counters.compile.frontends.tflite.file import Operator


def softmax(op: Operator, context: Context) -> Expr:
    """SOFTMAX over the last axis."""
    beta = float(op.options("SoftmaxOptions").Beta())
    x = context.real(op.inputs[0])
    if beta not in (0.0, 1.0):
        x = relax.op.multiply(x, relax.const(beta, "float32"))
    return context.quantize(relax.op.nn.softmax(x, axis=-1), context.tensor(op.outputs[0]))


def log_softmax(op: Operator, context: Context) -> Expr:
    """LOG_SOFTMAX over the last axis."""
    out = relax.op.nn.log_softmax(context.real(op.inputs[0]), axis=-1)
    return context.quantize(out, context.tensor(op.outputs[0]))


def l2_normalization(op: Operator, context: Context) -> Expr:
    """L2_NORMALIZATION over the last axis (reference/l2normalization.h)."""
    x = context.emit(context.real(op.inputs[0]))
    total = relax.op.sum(relax.op.multiply(x, x), [-1], True)
    norm = relax.op.maximum(relax.op.sqrt(total), relax.const(1e-6, "float32"))
    return context.quantize(relax.op.divide(x, norm), context.tensor(op.outputs[0]))


def local_response_normalization(op: Operator, context: Context) -> Expr:
    """LOCAL_RESPONSE_NORMALIZATION over the channels."""
    options = op.options("LocalResponseNormalizationOptions")
    x = context.emit(context.expr(op.inputs[0]))
    radius = options.Radius()
    rank = len(context.shape(x))
    widths = [0] * (2 * rank - 2) + [radius, radius]
    squares = relax.op.nn.pad(relax.op.multiply(x, x), widths)
    size = context.shape(x)[-1]
    parts = [
        relax.op.strided_slice(squares, [rank - 1], [i], [i + size]) for i in range(2 * radius + 1)
    ]
    total = parts[0]
    for part in parts[1:]:
        total = relax.op.add(total, part)
    scaled = relax.op.add(
        relax.op.multiply(total, relax.const(options.Alpha(), "float32")),
        relax.const(options.Bias(), "float32"),
    )
    return relax.op.multiply(x, relax.op.power(scaled, relax.const(-options.Beta(), "float32")))


CONVERTERS: Converters = {
    "L2_NORMALIZATION": l2_normalization,
    "LOCAL_RESPONSE_NORMALIZATION": local_response_normalization,
    "LOG_SOFTMAX": log_softmax,
    "SOFTMAX": softmax,
}
