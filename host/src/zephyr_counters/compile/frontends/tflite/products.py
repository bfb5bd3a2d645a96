# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions and matrix products."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.tflite import fixed
from zephyr_counters.compile.frontends.tflite.context import (
    LIMITS,
    Context,
    Converters,
    Expr,
    Unsupported,
    activate,
    dequantize,
    quantized_bounds,
)
from zephyr_counters.compile.frontends.tflite.file import NONE, Operator, Tensor

_SAME = 0


def padding(size: int, taps: int, stride: int, same: bool) -> tuple[int, int]:
    """Elements before and after an axis that a window needs (kernels/padding.h)."""
    if not same:
        return 0, 0
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + taps - size, 0)
    return total // 2, total - total // 2


def conv_2d(op: Operator, context: Context) -> Expr:
    """CONV_2D: weights [O, H, W, I]; grouped if I is a part of the channels."""
    options = op.options("Conv2DOptions")
    depth = context.shape_of(op.inputs[1])[3]
    channels = context.shape_of(op.inputs[0])[3]
    if channels % depth:
        raise Unsupported(f"{channels} channels are no multiple of the filter's {depth}")
    return _convolution(op, context, options, channels // depth, "O")


def depthwise_conv_2d(op: Operator, context: Context) -> Expr:
    """DEPTHWISE_CONV_2D: weights [1, H, W, C * multiplier]."""
    options = op.options("DepthwiseConv2DOptions")
    channels = context.shape_of(op.inputs[0])[3]
    if context.shape_of(op.inputs[1])[3] % channels:
        raise Unsupported("the filter's channels are no multiple of the input's")
    return _convolution(op, context, options, channels, "C")


def _convolution(op: Operator, context: Context, options: Any, groups: int, kind: str) -> Expr:
    x, weight = op.inputs[:2]
    _, height, width, channels = context.shape_of(x)
    shape = context.shape_of(weight)
    stride = max(options.StrideH(), 1), max(options.StrideW(), 1)
    dilation = max(options.DilationHFactor(), 1), max(options.DilationWFactor(), 1)
    taps = [(n - 1) * d + 1 for n, d in zip(shape[1:3], dilation, strict=True)]
    same = options.Padding() == _SAME
    top, bottom = padding(height, taps[0], stride[0], same)
    left, right = padding(width, taps[1], stride[1], same)
    attributes = {
        "strides": stride,
        "dilation": dilation,
        "padding": [top, left, bottom, right],
        "groups": groups,
        "data_layout": "NHWC",
        "kernel_layout": "HWIO",
    }

    def arranged(expr: Expr) -> Expr:
        if kind == "O":
            return relax.op.permute_dims(expr, [1, 2, 3, 0])
        if channels == 1:
            return relax.op.reshape(expr, (*shape[1:3], 1, shape[3]))
        attributes["kernel_layout"] = "HWOI"
        return relax.op.reshape(expr, (*shape[1:], 1))

    if context.tensor(x).dtype == "int16":
        kernel = arranged(context.expr(weight))
        acc = relax.op.nn.conv2d(context.expr(x), kernel, **attributes, out_dtype="int64")
        return _finish_int16(op, context, acc, options.FusedActivationFunction())
    kernel = arranged(_weight(weight, context))
    out = relax.op.nn.conv2d(context.real(x), kernel, **attributes)
    return _finish(op, context, out, options.FusedActivationFunction())


def _weight(index: int, context: Context) -> Expr:
    """Real weights; those of uint8 as int8, which kernels read, and float16 as it is."""
    tensor, value = context.tensor(index), context.constant(index)
    if value is not None and index in context.halves:
        return relax.op.astype(relax.const(value.astype(np.float16)), "float32")
    if value is None or not context.is_quantized(index):
        return context.real(index)
    assert tensor.quantization is not None
    if tensor.dtype != "uint8":
        return dequantize(relax.const(value), tensor)
    shifted = (value.astype(np.int16) - 128).astype(np.int8)
    scale = relax.const(tensor.quantization.scale[0], "float32")
    zero = relax.const(tensor.zero - 128, "int8")
    return relax.op.dequantize(relax.const(shifted), scale, zero, axis=-1)


def _bias_scale(op: Operator, context: Context) -> Any:
    x, weight = (context.tensor(i).quantization for i in op.inputs[:2])
    assert x is not None and weight is not None
    return x.scale[0] * weight.scale


def _finish(op: Operator, context: Context, out: Expr, activation: int) -> Expr:
    """Bias, quantization and activation of a real sum."""
    y = context.tensor(op.outputs[0])
    if len(op.inputs) > 2 and op.inputs[2] != NONE:
        index = op.inputs[2]
        bias, value = context.tensor(index), context.constant(index)
        if value is not None and bias.dtype in ("int32", "int64"):
            scale = _bias_scale(op, context)
            if bias.quantization is not None and len(bias.quantization.scale) == len(scale):
                scale = bias.quantization.scale
            zeros = np.zeros(scale.shape, np.int32)
            one = len(scale) == 1
            real = relax.op.dequantize(
                relax.const(value.astype(np.int32)),
                relax.const(scale[0] if one else scale, "float32"),
                relax.const(0 if one else zeros, "int32"),
                axis=-1 if one else 0,
            )
        else:
            real = context.real(index)
        out = relax.op.add(out, real)
    if context.is_quantized(op.outputs[0]):
        return activate(context.quantize(out, y), activation, y)
    return activate(out, activation, y)


def _finish_int16(op: Operator, context: Context, acc: Expr, activation: int) -> Expr:
    """Bias, scales and activation of an int64 sum of 16-bit activations and 8-bit weights."""
    y = context.tensor(op.outputs[0])
    if len(op.inputs) > 2 and op.inputs[2] != NONE:
        acc = relax.op.add(acc, fixed.wide(context.expr(op.inputs[2])))
    scales = _bias_scale(op, context).astype(np.float64) / y.scale
    low, high = quantized_bounds(activation, y)
    return fixed.finish(fixed.multiply_int16(acc, scales), y.zero, low, high, y.dtype)


def fully_connected(op: Operator, context: Context) -> Expr:
    """FULLY_CONNECTED: x as [rows, I] times weights [O, I]."""
    options = op.options("FullyConnectedOptions")
    if options.WeightsFormat():
        raise Unsupported("its weights are shuffled (SHUFFLED4x16INT8)")
    x, weight = op.inputs[:2]
    shape = context.shape_of(x)
    outputs, depth = context.shape_of(weight)
    rows = int(np.prod(shape)) // depth
    if rows * depth != int(np.prod(shape)):
        raise Unsupported(f"its input {shape} is no multiple of {depth} elements")
    flat = context.expr(x)
    if shape != (rows, depth):
        flat = context.emit(relax.op.reshape(flat, (rows, depth)))
    tensor = context.tensor(x)
    if tensor.dtype == "int16":
        image = relax.op.reshape(flat, (rows, 1, 1, depth))
        kernel = relax.op.reshape(
            relax.op.permute_dims(context.expr(weight), [1, 0]), (1, 1, depth, outputs)
        )
        acc = relax.op.nn.conv2d(
            image, kernel, data_layout="NHWC", kernel_layout="HWIO", out_dtype="int64"
        )
        acc = relax.op.reshape(acc, (rows, outputs))
        out = _finish_int16(op, context, acc, options.FusedActivationFunction())
    else:
        real = dequantize(flat, tensor) if context.is_quantized(x) else flat
        kernel = relax.op.permute_dims(_weight(weight, context), [1, 0])
        out = _finish(op, context, relax.op.matmul(real, kernel), options.FusedActivationFunction())
    if options.KeepNumDims() and len(shape) != 2:
        out = relax.op.reshape(out, (*shape[:-1], outputs))
    return out


def _output_shape(op: Operator, context: Context) -> list[int]:
    """Return TRANSPOSE_CONV's output shape.

    If the model computes it from its inputs, it is the one that the file declares, as in TensorFlow
    Lite Micro (kernels/transpose_conv.cc).
    """
    declared = context.tensor(op.outputs[0])
    if context.constant(op.inputs[0]) is None and min(declared.signature[1:], default=-1) > 0:
        return list(declared.shape)
    return [int(n) for n in context.needed(op.inputs[0], "the output shape")]


def transpose_conv(op: Operator, context: Context) -> Expr:
    """TRANSPOSE_CONV: zeros between the elements, then a convolution by the turned filter."""
    options = op.options("TransposeConvOptions")
    weight, x = op.inputs[1:3]
    size = _output_shape(op, context)
    batch, height, width, channels = context.shape_of(x)
    taps = context.shape_of(weight)[1:3]
    value = context.needed(weight, "the filter")
    stride = max(options.StrideH(), 1), max(options.StrideW(), 1)
    same = options.Padding() == _SAME
    tensor = context.tensor(x)
    zero = tensor.zero if context.is_quantized(x) else 0
    spread = context.expr(x)
    if stride != (1, 1):
        spread = relax.op.reshape(spread, (batch, height, 1, width, 1, channels))
        widths = [0, 0, 0, 0, 0, stride[0] - 1, 0, 0, 0, stride[1] - 1, 0, 0]
        spread = relax.op.nn.pad(spread, widths, pad_mode="constant", pad_value=zero)
        spread = relax.op.reshape(spread, (batch, height * stride[0], width * stride[1], channels))
    pads, ends = [], []
    for extent, count, step, k in zip((height, width), size[1:3], stride, taps, strict=True):
        before = padding(count, k, step, same)[0]
        first = k - 1 - before
        last = count - extent * step - first + k - 1
        pads.append((first, max(last, 0)))
        ends.append(extent * step + min(last, 0))
    if ends != [height * stride[0], width * stride[1]]:
        spread = relax.op.strided_slice(spread, [1, 2], [0, 0], ends)
    spread = context.emit(spread)
    turned = np.ascontiguousarray(value[:, ::-1, ::-1, :])
    attributes = {
        "padding": [pads[0][0], pads[1][0], pads[0][1], pads[1][1]],
        "data_layout": "NHWC",
        "kernel_layout": "HWIO",
    }
    rest = Operator(op.code, (x, weight, *op.inputs[3:]), op.outputs, None, 0, op.layer)
    activation = options.FusedActivationFunction()
    if tensor.dtype == "int16":
        kernel = relax.op.permute_dims(relax.const(turned), [1, 2, 3, 0])
        acc = relax.op.nn.conv2d(spread, kernel, **attributes, out_dtype="int64")
        return _finish_int16(rest, context, acc, activation)
    of_weight = context.tensor(weight)
    real = relax.const(turned)
    if weight in context.halves:
        real = relax.op.astype(relax.const(turned.astype(np.float16)), "float32")
    if context.is_quantized(weight):
        real = dequantize(real, of_weight)
    kernel = relax.op.permute_dims(real, [1, 2, 3, 0])
    image = dequantize(spread, tensor) if context.is_quantized(x) else spread
    return _finish(rest, context, relax.op.nn.conv2d(image, kernel, **attributes), activation)


def batch_matmul(op: Operator, context: Context) -> Expr:
    """BATCH_MATMUL, each side transposed or not."""
    options = op.options("BatchMatMulOptions")
    turned = bool(options.AdjX()), bool(options.AdjY())

    def arranged(expr: Expr, turn: bool) -> Expr:
        rank = len(context.shape(expr))
        order = [*range(rank - 2), rank - 1, rank - 2]
        return relax.op.permute_dims(expr, order) if turn else expr

    y = context.tensor(op.outputs[0])
    if not context.is_quantized(op.inputs[0]):
        sides = [arranged(context.real(i), t) for i, t in zip(op.inputs, turned, strict=True)]
        return relax.op.matmul(*sides)
    wide = "int64" if context.tensor(op.inputs[0]).dtype == "int16" else "int32"
    integers = [
        arranged(_centred(i, context, wide), t) for i, t in zip(op.inputs, turned, strict=True)
    ]
    acc = fixed.wide(relax.op.matmul(*integers))
    scale = _scale(context.tensor(op.inputs[0])) * _scale(context.tensor(op.inputs[1])) / y.scale
    if wide == "int64":
        scaled = fixed.multiply_int16(acc, np.array([scale]))
    else:
        scaled = fixed.multiply_expr(acc, fixed.quantize(scale))
    return fixed.finish(scaled, y.zero, *LIMITS[y.dtype], y.dtype)


def _scale(tensor: Tensor) -> float:
    return tensor.scale


def _centred(index: int, context: Context, dtype: str) -> Expr:
    tensor = context.tensor(index)
    expr = relax.op.astype(context.expr(index), dtype)
    zero = tensor.zero
    return relax.op.subtract(expr, relax.const(zero, dtype)) if zero else expr


CONVERTERS: Converters = {
    "BATCH_MATMUL": batch_matmul,
    "CONV_2D": conv_2d,
    "DEPTHWISE_CONV_2D": depthwise_conv_2d,
    "FULLY_CONNECTED": fully_connected,
    "TRANSPOSE_CONV": transpose_conv,
}
