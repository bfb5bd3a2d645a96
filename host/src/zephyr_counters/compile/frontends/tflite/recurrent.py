# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recurrent layers, unrolled over time; their state lives from one run to the next."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite import fixed, lstm_float, sigmoid16
from zephyr_counters.compile.frontends.tflite.context import (
    LIMITS,
    Context,
    Converters,
    Expr,
    Unsupported,
    activate,
)
from zephyr_counters.compile.frontends.tflite.file import NONE, Operator
from zephyr_counters.compile.frontends.tflite.variables import tensor_state

_GATES = ("input", "forget", "cell", "output")
_I16 = LIMITS["int16"]


def unidirectional_sequence_lstm(op: Operator, context: Context) -> Expr:
    """UNIDIRECTIONAL_SEQUENCE_LSTM; its variants on reals only."""
    options = op.options("UnidirectionalSequenceLSTMOptions")

    def given(i: int) -> bool:
        return i < len(op.inputs) and op.inputs[i] != NONE

    if context.is_quantized(op.inputs[0]):
        if any(given(i) for i in (9, 10, 11)):
            raise Unsupported("its peepholes are not supported on integers")
        if given(16) or any(given(i) for i in range(20, 24)):
            raise Unsupported("its projection or normalization is not supported on integers")
        if not given(1):
            raise Unsupported("its coupled gates (CIFG) are not supported on integers")
    lstm_float.check_tanh(options)
    time_major = bool(options.TimeMajor())
    x = lstm_float.steps_first(context, op.inputs[0], time_major)
    steps, batch, _ = context.shape(x)
    clip = float(options.CellClip())
    if context.is_quantized(op.inputs[0]):
        rows = _quantized(op, context, x, steps, batch, clip)
    else:
        rows = lstm_float.lstm(op, context, x, steps, batch, options)
    return lstm_float.sequence(context, rows, time_major)


def _joined(op: Operator, context: Context, first: int) -> Any:
    return np.concatenate([context.needed(op.inputs[first + k], "its weights") for k in range(4)])


def _saturated(expr: Expr) -> Expr:
    return fixed.finish(expr, 0, *_I16, "int16")


def _product(x: Expr, weight: Any, zero: int, bias: Any, scales: Any, context: Context) -> Expr:
    """(x - zero) * weight + bias, times a scale per column, as int16."""
    rows, depth = context.shape(x)
    offset = bias - zero * weight.astype(np.int64).sum(axis=1)
    image = relax.op.reshape(x, (1, rows, 1, depth))
    kernel = relax.const(np.ascontiguousarray(weight.T)[None, None])
    acc = relax.op.nn.conv2d(
        image, kernel, data_layout="NHWC", kernel_layout="HWIO", out_dtype="int32"
    )
    acc = relax.op.add(acc, relax.const(offset.astype(np.int32)))
    scaled = fixed.multiply_channels(fixed.wide(acc), scales)
    out = relax.op.reshape(_saturated(scaled), (rows, weight.shape[0]))
    return context.emit(out)


def _quantized(
    op: Operator, context: Context, x: Expr, steps: int, batch: int, clip: float
) -> list[Expr]:
    """8-bit activations and weights, 16-bit gates and cell (TFLM: lstm_eval, int8x8_16)."""
    source, y = context.tensor(op.inputs[0]), context.tensor(op.outputs[0])
    hidden, cell = (context.tensor(op.inputs[i]) for i in (18, 19))
    if source.dtype != "int8" or hidden.dtype != "int8" or cell.dtype != "int16":
        raise Unsupported(f"its input is {source.dtype}, its state {hidden.dtype}, {cell.dtype}")
    w, r = _joined(op, context, 1), _joined(op, context, 5)
    bias = _joined(op, context, 12).astype(np.int64)
    units = r.shape[1]
    unit = 2.0**-12

    def scales(first: int, scale: float) -> Any:
        each = [context.tensor(op.inputs[first + k]).scale * scale / unit for k in range(4)]
        return np.repeat(each, units)

    h_state, c_state = (tensor_state(context, op.inputs[i]) for i in (18, 19))
    h, c = h_state.value, c_state.value
    flat = context.emit(relax.op.reshape(x, (steps * batch, w.shape[1])))
    wide = _product(flat, w, source.zero, bias, scales(1, source.scale), context)
    none = np.zeros(4 * units, np.int64)
    r_scales = scales(5, hidden.scale)
    keep = fixed.quantize(2.0**-15)
    take = fixed.quantize(2.0**-30 / cell.scale)
    give = fixed.quantize(2.0**-30 / hidden.scale)
    bound = int(min(max(clip / cell.scale, -32768), 32767)) if clip > 0 else 0
    rows = []
    for t in range(steps):
        part = relax.op.strided_slice(wide, [0], [t * batch], [(t + 1) * batch])
        recurrent = _product(h, r, hidden.zero, none, r_scales, context)
        total = relax.op.add(relax.op.astype(part, "int32"), relax.op.astype(recurrent, "int32"))
        total = context.emit(_saturated(fixed.wide(total)))
        gates = []
        for k, name in enumerate(_GATES):
            gate = relax.op.strided_slice(total, [1], [k * units], [(k + 1) * units])
            kind = "tanh" if name == "cell" else "sigmoid"
            gates.append(fixed.wide(sigmoid16.apply(context.builder, kind, context.emit(gate))))
        i, f, g, o = gates
        kept = _saturated(fixed.multiply_expr(relax.op.multiply(f, fixed.wide(c)), keep))
        fresh = _saturated(fixed.multiply_expr(relax.op.multiply(g, i), take))
        low, high = (-bound, bound) if bound else _I16
        summed = relax.op.add(fixed.wide(kept), fixed.wide(fresh))
        c = context.emit(fixed.finish(summed, 0, low, high, "int16"))
        squashed = sigmoid16.apply(context.builder, "tanh", c, cell.scale)
        product = fixed.multiply_expr(relax.op.multiply(o, fixed.wide(squashed)), give)
        h = context.emit(fixed.finish(product, hidden.zero, *LIMITS[y.dtype], y.dtype))
        rows.append(h)
    h_state.value, c_state.value = h, c
    return rows


def svdf(op: Operator, context: Context) -> Expr:
    """SVDF: a filter over features, then one over the last steps (TFLM: svdf_common)."""
    options = op.options("SVDFOptions")
    rank = max(options.Rank(), 1)
    x = context.emit(context.expr(op.inputs[0]))
    batch = context.shape(x)[0]
    feature = context.needed(op.inputs[1], "its feature weights")
    time = context.needed(op.inputs[2], "its time weights")
    filters, memory = time.shape
    units = filters // rank
    found = tensor_state(context, op.inputs[4])
    old = context.emit(relax.op.reshape(found.value, (batch, filters, memory)))
    y = context.tensor(op.outputs[0])
    if context.is_quantized(op.inputs[0]):
        return _svdf_quantized(op, context, x, old, found, (feature, time, rank))
    of_feature, of_time = (context.tensor(i) for i in op.inputs[1:3])
    feature, time = (
        values.astype(np.float32) * (np.float32(t.scale) if t.quantization is not None else 1)
        for values, t in ((feature, of_feature), (time, of_time))
    )
    newest = relax.op.matmul(x, relax.const(np.ascontiguousarray(feature.T, np.float32)))
    state = _pushed(old, newest, (batch, filters, memory), context)
    found.value = context.emit(relax.op.reshape(state, (batch, filters * memory)))
    weighted = relax.op.multiply(state, relax.const(time.astype(np.float32)[None]))
    out = relax.op.sum(weighted, [2])
    out = relax.op.sum(relax.op.reshape(out, (batch, units, rank)), [2])
    if op.inputs[3] != NONE:
        out = relax.op.add(out, context.real(op.inputs[3]))
    return activate(out, options.FusedActivationFunction(), y)


def _pushed(old: Expr, newest: Expr, shape: tuple[int, int, int], context: Context) -> Expr:
    """Return the memory without its oldest step, and with a new one."""
    batch, filters, memory = shape
    column = relax.op.reshape(newest, (batch, filters, 1))
    if memory == 1:
        return context.emit(column)
    kept = relax.op.strided_slice(old, [2], [1], [memory])
    return context.emit(relax.op.concat([kept, column], 2))


def _svdf_quantized(
    op: Operator, context: Context, x: Expr, old: Expr, found: Any, weights: tuple[Any, Any, int]
) -> Expr:
    feature, time, rank = weights
    filters, memory = time.shape
    source, of_feature, of_time = (context.tensor(i) for i in op.inputs[:3])
    state, y = context.tensor(op.inputs[4]), context.tensor(op.outputs[0])
    batch, size = context.shape(x)
    image = relax.op.reshape(x, (1, batch, 1, size))
    kernel = relax.const(np.ascontiguousarray(feature.T)[None, None])
    acc = relax.op.nn.conv2d(
        image, kernel, data_layout="NHWC", kernel_layout="HWIO", out_dtype="int32"
    )
    offset = (-source.zero * feature.astype(np.int64).sum(axis=1)).astype(np.int32)
    acc = relax.op.reshape(relax.op.add(acc, relax.const(offset)), (batch, filters))
    first = fixed.quantize(source.scale * of_feature.scale / state.scale)
    zero = state.zero if state.dtype == "int8" else 0
    scaled = fixed.multiply_expr(fixed.wide(acc), first)
    newest = fixed.finish(scaled, zero, *LIMITS[state.dtype], state.dtype)
    pushed = _pushed(old, newest, (batch, filters, memory), context)
    found.value = context.emit(relax.op.reshape(pushed, (batch, filters * memory)))
    centred = relax.op.astype(pushed, "int32")
    if zero:
        centred = relax.op.subtract(centred, relax.const(zero, "int32"))
    weighted = relax.op.multiply(centred, relax.const(time.astype(np.int32)[None]))
    out = relax.op.sum(weighted, [2])
    out = relax.op.sum(relax.op.reshape(out, (batch, filters // rank, rank)), [2])
    if op.inputs[3] != NONE:
        out = relax.op.add(out, context.expr(op.inputs[3]))
    second = fixed.quantize(state.scale * of_time.scale / y.scale)
    last = fixed.multiply_expr(fixed.wide(out), second)
    return fixed.finish(last, y.zero, *LIMITS[y.dtype], y.dtype)


CONVERTERS: Converters = {
    "SVDF": svdf,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": unidirectional_sequence_lstm,
}
