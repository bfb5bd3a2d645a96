# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recognizing quantized convolutions and matrix products."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize import constants
from zephyr_counters.compile.quantize.matchers import Match, Matcher, Quantized, Requantize
from zephyr_counters.extensions.operator import Convolution, MatrixProduct, OffsetConvolution
from zephyr_counters.extensions.tensors import (
    LIMITS,
    MAX_SHIFT,
    Image,
    fits_int32,
    quantize_scale,
)

Float64Array = npt.NDArray[np.float64]


def match(matcher: Matcher, end: Requantize) -> Match | None:
    """Dequantize -> conv2d or matmul by constants -> add bias -> activation -> quantize."""
    steps = list(end.steps)
    step = matcher.producer(end.before, "conv2d", "matmul")
    bias: g.Expr | None = None
    if step is None:
        added = matcher.producer(end.before, "add")
        if added is None:
            return None
        steps.insert(0, added)
        for first, second in (added.value.args, added.value.args[::-1]):
            step = matcher.producer(first, "conv2d", "matmul")
            if step is not None and constants.evaluate(second, matcher.graph) is not None:
                bias = second
                break
        else:
            return None
    if step is None or tuple(int(n) for n in step.type.shape) != end.shape:
        return None
    steps.insert(0, step)
    x = matcher.dequantized(step.value.args[0])
    weight = constants.evaluate(step.value.args[1], matcher.graph)
    if x is None or weight is None or weight.scale is None:
        return None
    if g.op_name(step.value) == "matmul":
        op = _matmul(x, weight, end)
    else:
        op = geometry_of(step, x.shape, end.shape, x.dtype, weight, end.dtype)
    if op is None:
        return None
    finished = _with_bias(op, weight_scale(op[1]), bias, matcher, x, end)
    return None if finished is None else Match(tuple(steps), finished, (x.var,))


Partial = tuple[dict[str, object], constants.Value, Image, Image, int]
"""Geometry, weight as [o, h, w, i], input, output, and the channel axis of the output tensor."""


def weight_scale(weight: constants.Value) -> Float64Array | None:
    """Return the scale per output channel; None unless each has one, and all one zero point."""
    assert weight.scale is not None and weight.zero is not None
    flat = weight.scale.reshape(weight.scale.shape[0], -1)
    if (
        np.any(weight.zero != weight.zero.flat[0])
        or np.any(flat != flat[:, :1])
        or np.any(flat <= 0)
    ):
        return None
    return np.asarray(flat[:, 0], dtype=np.float64)


def _matmul(x: Quantized, weight: constants.Value, end: Requantize) -> Partial | None:
    if weight.data.ndim != 2 or len(x.shape) < 1 or x.shape[-1] != weight.data.shape[0]:
        return None
    if end.shape != (*x.shape[:-1], weight.data.shape[1]):
        return None
    canonical = weight.map(lambda array: array.T[:, None, None, :])
    source = Image.of(x.shape, x.dtype, "rows")
    result = Image.of(end.shape, end.dtype, "rows")
    return {}, canonical, source, result, len(end.shape) - 1


def geometry_of(
    step: g.Step,
    x: tuple[int, ...],
    y: tuple[int, ...],
    dtype: str,
    weight: constants.Value,
    y_dtype: str | None = None,
) -> Partial | None:
    """Return what a conv2d computes; None for layouts that no kernel has.

    Args:
        step: the convolution.
        x: shape of its input.
        y: shape of its output.
        dtype: type of its input.
        weight: the constant weights.
        y_dtype: type of its output, if that is another.
    """
    attrs = step.value.attrs
    layout, kernel_layout = str(attrs.data_layout), str(attrs.kernel_layout)
    out_layout = str(attrs.out_layout) or layout
    if {layout, out_layout} - {"NHWC", "NCHW"} or sorted(kernel_layout) != sorted("OHWI"):
        return None
    source = Image.of(x, dtype, layout)
    result = Image.of(y, y_dtype or dtype, out_layout)
    groups = int(attrs.groups)
    axes = [kernel_layout.index(axis) for axis in "OHWI"]
    canonical = weight.map(lambda array: np.transpose(array, axes))
    outputs, height, width, depth = canonical.data.shape
    if outputs != result.channels and groups == source.channels == outputs:
        shape = (result.channels, height, width, 1)
        canonical = canonical.map(lambda a: np.moveaxis(a, 3, 1).reshape(shape))
        outputs, depth = result.channels, 1
    if outputs != result.channels or depth * groups != source.channels or outputs % groups:
        return None
    padding = [int(pad) for pad in attrs.padding]
    padding = padding * (4 // len(padding)) if len(padding) < 4 else padding
    geometry: dict[str, object] = {
        "stride": tuple(int(n) for n in attrs.strides),
        "dilation": tuple(int(n) for n in attrs.dilation),
        "pad_top": padding[0],
        "pad_left": padding[1],
        "groups": groups,
    }
    return geometry, canonical, source, result, out_layout.index("C")


def _with_bias(
    partial: Partial,
    scales: Float64Array | None,
    bias: g.Expr | None,
    matcher: Matcher,
    x: Quantized,
    end: Requantize,
) -> Convolution | OffsetConvolution | None:
    geometry, weight, source, result, axis = partial
    if scales is None or weight.data.dtype != np.int8:
        return None
    channels = result.channels
    bias_values = np.zeros(channels, np.int64)
    if bias is not None:
        value = constants.evaluate(bias, matcher.graph)
        assert value is not None
        found = _bias(value, end.shape, axis, scales * x.scale)
        if found is None:
            return None
        bias_values = found
    span = max(abs(limit) for limit in LIMITS[x.dtype]) + abs(x.zero)
    assert weight.zero is not None
    weight_zero = int(weight.zero.flat[0])
    if not fits_int32(weight.data.astype(np.int16) - weight_zero, bias_values, span):
        return None
    # In single precision, as XNNPACK, LiteRT's kernels, computes it.
    ratios = np.float32(x.scale) * scales.astype(np.float32) / np.float32(end.scale)
    fixed = [_fixed(float(ratio)) for ratio in ratios]
    if any(pair is None for pair in fixed):
        return None
    multiplier, shift = (
        np.array([pair[part] for pair in fixed if pair is not None], dtype=np.int32)
        for part in (0, 1)
    )
    sizes = (source.height, source.width, *weight.data.shape[1:3])
    family = MatrixProduct if sizes == (1, 1, 1, 1) else Convolution
    made = family(
        x=source,
        y=result,
        weight=np.ascontiguousarray(weight.data),
        bias=bias_values.astype(np.int32),
        multiplier=multiplier,
        shift=shift,
        x_zero=x.zero,
        y_zero=end.zero,
        low=end.low,
        high=end.high,
        **geometry,  # type: ignore[arg-type]
    )
    return OffsetConvolution(made, weight_zero) if weight_zero else made


def _fixed(scale: float) -> tuple[int, int] | None:
    """As quantize_scale, but also for what is so small that every int32 gives 0."""
    return (1 << 30, MAX_SHIFT) if 0 < scale < 2.0**-32 else quantize_scale(scale)


def _bias(
    value: constants.Value, shape: tuple[int, ...], axis: int, scales: Float64Array
) -> npt.NDArray[np.int64] | None:
    """Return a bias as integers of the accumulator's scale, per channel; None otherwise."""
    extents = (1,) * (len(shape) - value.data.ndim) + value.data.shape
    channels = shape[axis]
    if any(n != 1 for i, n in enumerate(extents) if i != axis) or extents[axis] not in (
        1,
        channels,
    ):
        return None
    real = np.broadcast_to(value.real.reshape(-1), (channels,))
    if value.scale is not None and value.data.dtype == np.int32 and not np.any(value.zero):
        given = np.broadcast_to(value.scale.reshape(-1), (channels,))
        if np.allclose(given, scales, rtol=1e-4, atol=0):
            return np.broadcast_to(value.data.reshape(-1), (channels,)).astype(np.int64)
    scaled = np.rint(real / scales)
    if not np.all(np.isfinite(scaled)) or np.any(np.abs(scaled) >= 2.0**31):
        return None
    return scaled.astype(np.int64)
