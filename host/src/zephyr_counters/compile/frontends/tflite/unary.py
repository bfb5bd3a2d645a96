# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Functions of one tensor. Of 8-bit tensors they are tables, computed as TFLite computes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite import fixed, sigmoid16
from zephyr_counters.compile.frontends.tflite.context import (
    Array,
    Context,
    Converters,
    Expr,
)
from zephyr_counters.compile.frontends.tflite.file import Operator

_8_BITS = ("int8", "uint8")
_erf = np.vectorize(math.erf, [np.float32])


def _function(on_reals: Any, on_array: Any) -> Any:
    """Return a function that TFLite's kernels compute in floating point for each 8-bit value."""

    def convert(op: Operator, context: Context) -> Expr:
        x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
        if context.is_quantized(op.inputs[0]) and x.dtype in _8_BITS and y.dtype in _8_BITS:
            return context.real_table(op, on_array)
        return context.quantize(on_reals(context.real(op.inputs[0])), y)

    return convert


def _squash(kind: str, on_reals: Any, on_array: Any) -> Any:
    """LOGISTIC or TANH: of 16 bits by a table and interpolation."""
    of_others = _function(on_reals, on_array)

    def convert(op: Operator, context: Context) -> Expr:
        x = context.tensor(op.inputs[0])
        if context.is_quantized(op.inputs[0]) and x.dtype == "int16":
            return sigmoid16.apply(
                context.builder, kind, context.emit(context.expr(op.inputs[0])), x.scale
            )
        return of_others(op, context)

    return convert


def _clip(low: float, high: float) -> Any:
    """Return a relu: the change of scale is in fixed point (kernels/activations.cc)."""

    def convert(op: Operator, context: Context) -> Expr:
        x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
        if context.is_quantized(op.inputs[0]) and x.dtype in _8_BITS:
            scale = fixed.quantize(x.scale / y.scale)
            least, most = (
                bound
                if np.isinf(bound)
                else int(fixed.round_away(np.float32(bound) / np.float32(y.scale))) + y.zero
                for bound in (low, high)
            )
            return context.table(
                op, lambda q: np.clip(fixed.multiply(q - x.zero, scale) + y.zero, least, most)
            )
        real = context.real(op.inputs[0])
        if (low, high) == (0.0, np.inf):
            return context.quantize(relax.op.nn.relu(real), y)
        return context.quantize(relax.op.clip(real, low, high), y)

    return convert


def sqrt(op: Operator, context: Context) -> Expr:
    """SQRT: LiteRT cuts the fraction of an 8-bit result off (kernels/elementwise.cc)."""
    x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
    if context.is_quantized(op.inputs[0]) and x.dtype in _8_BITS and y.dtype in _8_BITS:
        return context.real_table(op, np.sqrt, np.floor)
    return context.quantize(relax.op.sqrt(context.real(op.inputs[0])), y)


def leaky_relu(op: Operator, context: Context) -> Expr:
    """LEAKY_RELU."""
    alpha = float(op.options("LeakyReluOptions").Alpha())
    x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
    if context.is_quantized(op.inputs[0]) and x.dtype in _8_BITS:
        same, scaled = (fixed.quantize(k * x.scale / y.scale) for k in (1.0, alpha))

        def integers(q: Array) -> Array:
            v = q - x.zero
            return np.where(v >= 0, fixed.multiply(v, same), fixed.multiply(v, scaled)) + y.zero

        return context.table(op, integers)
    real = context.emit(context.real(op.inputs[0]))
    negative = relax.op.multiply(real, relax.const(alpha, "float32"))
    zero = relax.const(0.0, "float32")
    return context.quantize(relax.op.where(relax.op.greater(real, zero), real, negative), y)


def prelu(op: Operator, context: Context) -> Expr:
    """PRELU: negative elements times their slope."""
    x, slope, y = (context.tensor(i) for i in (*op.inputs[:2], op.outputs[0]))
    if not context.is_quantized(op.inputs[0]):
        real = context.emit(context.expr(op.inputs[0]))
        scaled = relax.op.multiply(real, context.expr(op.inputs[1]))
        return relax.op.where(
            relax.op.greater_equal(real, relax.const(0.0, "float32")), real, scaled
        )
    v = fixed.wide(context.expr(op.inputs[0]))
    v = context.emit(relax.op.subtract(v, fixed.number(x.zero)))
    k = relax.op.subtract(fixed.wide(context.expr(op.inputs[1])), fixed.number(slope.zero))
    same = fixed.multiply_expr(v, fixed.quantize(x.scale / y.scale))
    product = relax.op.multiply(v, k)
    scaled = fixed.multiply_expr(product, fixed.quantize(x.scale * slope.scale / y.scale))
    chosen = relax.op.where(relax.op.greater_equal(v, fixed.number(0)), same, scaled)
    low, high = (-128, 127) if y.dtype == "int8" else (0, 255)
    return fixed.finish(chosen, y.zero, low, high, y.dtype)


def hard_swish(op: Operator, context: Context) -> Expr:
    """HARD_SWISH; of 8 bits in 16-bit fixed point (kernels/internal/reference/hard_swish.h)."""
    x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
    if not (context.is_quantized(op.inputs[0]) and x.dtype in _8_BITS):
        real = context.emit(context.real(op.inputs[0]))
        shifted = relax.op.clip(relax.op.add(real, relax.const(3.0, "float32")), 0.0, 6.0)
        sixth = relax.const(np.float32(1 / 6))
        return context.quantize(relax.op.multiply(relax.op.multiply(real, shifted), sixth), y)
    hires = x.scale / 128
    out_multiplier, out_shift = _half(hires / y.scale)
    relu_multiplier, relu_shift = _half(hires / (3 / 32768))

    def integers(q: Array) -> Array:
        v = (q - x.zero) << 7
        out = _doubling(v, out_multiplier)
        relu = v
        if relu_shift > 0:
            relu = _saturated(relu << (relu_shift - 1))
        relu = _doubling(relu, relu_multiplier)
        if relu_shift > 0:
            relu = _saturated(relu << 1)
        if relu_shift < 0:
            relu = _down(relu, -relu_shift)
        relu = (relu + (1 << 15)) >> 1
        product = np.sign(relu * out) * (np.abs(relu * out) >> 15)
        return _down(_saturated(product), -out_shift) + y.zero

    return context.table(op, integers)


def _half(scale: float) -> tuple[int, int]:
    """Return a scale with a multiplier of 16 bits."""
    multiplier, shift = fixed.quantize(scale)
    limit = (1 << 31) - 1 - (1 << 15)
    return (0x7FFF if multiplier >= limit else (multiplier + (1 << 15)) >> 16), shift


def _doubling(a: Array, b: int) -> Array:
    return _saturated((a * b + (1 << 14)) >> 15)


def _saturated(values: Array) -> Array:
    return np.clip(values, -32768, 32767)


def _down(values: Array, bits: int) -> Array:
    if bits <= 0:
        return values << -bits
    return np.asarray((values + (1 << (bits - 1)) + (values >> 63)) >> bits)


def abs_(op: Operator, context: Context) -> Expr:
    """ABS."""
    x, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
    if context.is_quantized(op.inputs[0]) and x.dtype in _8_BITS:
        scale = fixed.quantize(x.scale / y.scale)
        return context.table(op, lambda q: fixed.multiply(np.abs(q - x.zero), scale) + y.zero)
    return context.quantize(relax.op.abs(context.real(op.inputs[0])), y)


def gelu(op: Operator, context: Context) -> Expr:
    """GELU, exact or by tanh."""
    if op.options("GeluOptions").Approximate():
        k = math.sqrt(2 / math.pi)
        return _function(
            relax.op.nn.gelu_tanh,
            lambda x: 0.5 * x * (1 + np.tanh(k * (x + 0.044715 * x**3))),
        )(op, context)
    return _function(relax.op.nn.gelu, lambda x: 0.5 * x * (1 + _erf(x * math.sqrt(0.5))))(
        op, context
    )


def _elu(x: Expr) -> Expr:
    one = relax.const(1.0, "float32")
    zero = relax.const(0.0, "float32")
    low = relax.op.subtract(relax.op.exp(relax.op.minimum(x, zero)), one)
    return relax.op.where(relax.op.greater(x, zero), x, low)


def _square(x: Expr) -> Expr:
    return relax.op.multiply(x, x)


CONVERTERS: Converters = {
    "ABS": abs_,
    "CEIL": _function(relax.op.ceil, np.ceil),
    "COS": _function(relax.op.cos, np.cos),
    "ELU": _function(_elu, lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0)))),
    "EXP": _function(relax.op.exp, np.exp),
    "FLOOR": _function(relax.op.floor, np.floor),
    "GELU": gelu,
    "HARD_SWISH": hard_swish,
    "LEAKY_RELU": leaky_relu,
    "LOG": _function(relax.op.log, np.log),
    "LOGICAL_NOT": _function(relax.op.logical_not, np.logical_not),
    "LOGISTIC": _squash("sigmoid", relax.op.sigmoid, lambda x: 1 / (1 + np.exp(-x))),
    "NEG": _function(relax.op.negative, np.negative),
    "PRELU": prelu,
    "RELU": _clip(0.0, np.inf),
    "RELU6": _clip(0.0, 6.0),
    "RELU_0_TO_1": _clip(0.0, 1.0),
    "RELU_N1_TO_1": _clip(-1.0, 1.0),
    "ROUND": _function(relax.op.round, np.rint),
    "RSQRT": _function(relax.op.rsqrt, lambda x: 1 / np.sqrt(x)),
    "SIGN": _function(relax.op.sign, np.sign),
    "SIN": _function(relax.op.sin, np.sin),
    "SQRT": sqrt,
    "SQUARE": _function(_square, np.square),
    "TANH": _squash("tanh", relax.op.tanh, np.tanh),
}
