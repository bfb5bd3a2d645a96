# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Resize of all versions, and Upsample: weighted sums along each axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends import programs
from zephyr_counters.compile.frontends.onnx.convert import (
    Array,
    Converters,
    Expr,
    Node,
    Unsupported,
)


def resize(node: Node) -> Expr:
    """Resize (and Upsample), by scales or sizes, of any axes."""
    x = node.emit(node.input(0))
    shape = node.shape(x)
    roi, scales, sizes = None, None, None
    if node.op == "Upsample" or node.opset < 11:
        given = node.get("scales")
        scales = np.asarray(given) if given is not None else node.needed(1, "its scales")
    else:
        roi = node.array(1)
        scales = node.array(2)
        sizes = node.array(3)
        if (node.input(3) is not None and sizes is None) or (
            node.input(2) is not None and scales is None
        ):
            raise Unsupported("its scales or sizes must be constant")
    axes = [int(a) % len(shape) for a in node.get("axes", range(len(shape)))]
    factors, extents = _extents(node, shape, axes, scales, sizes)
    mode = node.get("mode", "nearest")
    for position, axis in enumerate(axes):
        size, count, factor = shape[axis], extents[position], factors[position]
        bounds = (0.0, 1.0)
        if roi is not None and roi.size == 2 * len(axes):
            bounds = float(roi[position]), float(roi[position + len(axes)])
        index, weight, outside = _taps(node, mode, size, count, factor, bounds)
        identity = index.shape[1] == 1 and np.array_equal(index[:, 0], np.arange(size))
        if identity and not outside.any():
            continue
        if index.shape[1] == 1 and np.all(weight == 1):
            x = programs.taken(node.builder, x, index[:, 0], axis)
        else:
            x = programs.resample(node.builder, _as_float(node, x), axis, index, weight)
        if outside.any():
            place = [1] * len(shape)
            place[axis] = count
            fill = relax.const(np.float32(node.get("extrapolation_value", 0.0)))
            mask = relax.const(outside.reshape(place))
            x = node.emit(relax.op.where(mask, fill, x))
    dtype = node.dtype(node.input(0))
    if node.dtype(x) != dtype:
        x = relax.op.astype(relax.op.round(x), dtype)
    return x


def _as_float(node: Node, x: Expr) -> Expr:
    return x if node.dtype(x) == "float32" else node.emit(relax.op.astype(x, "float32"))


def _extents(
    node: Node, shape: tuple[int, ...], axes: list[int], scales: Any, sizes: Any
) -> tuple[list[float], list[int]]:
    """Scale and output extent of each resized axis."""
    if sizes is not None and sizes.size:
        wanted = [int(n) for n in sizes]
        factors = [n / shape[a] for n, a in zip(wanted, axes, strict=True)]
        policy = node.get("keep_aspect_ratio_policy", "stretch")
        if policy != "stretch":
            factor = min(factors) if policy == "not_larger" else max(factors)
            factors = [factor] * len(axes)
            wanted = [int(np.floor(factor * shape[a] + 0.5)) for a in axes]
        return factors, wanted
    if scales is None or not scales.size:
        raise Unsupported("it has neither scales nor sizes")
    factors = [float(s) for s in scales]
    return factors, [int(np.floor(shape[a] * f)) for a, f in zip(axes, factors, strict=True)]


def _places(node: Node, size: int, count: int, factor: float, bounds: tuple[float, float]) -> Array:
    """Where in the input each output lies (onnx.ai: Resize, coordinate_transformation_mode)."""
    default = "asymmetric" if node.op == "Upsample" or node.opset < 11 else "half_pixel"
    mode = node.get("coordinate_transformation_mode", default)
    at = np.arange(count, dtype=np.float64)
    length = factor * size
    if mode == "align_corners":
        return at * (size - 1) / (length - 1) if length != 1 else np.zeros(count)
    if mode == "asymmetric":
        return at / factor
    if mode == "tf_crop_and_resize":
        start, end = bounds
        if count > 1:
            return start * (size - 1) + at * (end - start) * (size - 1) / (length - 1)
        return np.full(count, 0.5 * (start + end) * (size - 1))
    if mode == "tf_half_pixel_for_nn":
        return (at + 0.5) / factor
    if mode == "pytorch_half_pixel":
        return (at + 0.5) / factor - 0.5 if length > 1 else np.zeros(count)
    if mode == "half_pixel_symmetric":
        adjustment = count / length
        centre = size / 2
        return centre * (1 - adjustment) + (at + 0.5) / factor - 0.5
    if mode == "half_pixel":
        return (at + 0.5) / factor - 0.5
    raise Unsupported(f"coordinate_transformation_mode {mode}")


def _taps(
    node: Node, mode: str, size: int, count: int, factor: float, bounds: tuple[float, float]
) -> tuple[Array, Array, Any]:
    """Return indices and weights [outputs, taps], and which outputs lie outside of the input."""
    places = _places(node, size, count, factor, bounds)
    crop = node.get("coordinate_transformation_mode") == "tf_crop_and_resize"
    outside = (places < 0) | (places > size - 1) if crop else np.zeros(count, bool)
    if mode == "nearest":
        index = np.clip(_nearest(node, places), 0, size - 1).astype(np.int64)
        return index[:, None], np.ones((count, 1)), outside
    antialias = bool(node.get("antialias", 0)) and factor < 1
    stretch = factor if antialias else 1.0
    a = float(node.get("cubic_coeff_a", -0.75))
    if mode == "linear":
        radius = 1.0 / stretch
    elif mode == "cubic":
        radius = 2.0 / stretch
    else:
        raise Unsupported(f"mode {mode}")
    first = np.floor(places).astype(np.int64) - int(np.ceil(radius)) + 1
    raw = first[:, None] + np.arange(2 * int(np.ceil(radius)))[None, :]
    distance = np.abs((raw - places[:, None]) * stretch)
    weight = np.maximum(1 - distance, 0) if mode == "linear" else _cubic(distance, a)
    inside = (raw >= 0) & (raw < size)
    if node.get("exclude_outside", 0):
        weight = np.where(inside, weight, 0)
    weight = weight / weight.sum(axis=1, keepdims=True)
    return np.clip(raw, 0, size - 1), weight, outside


def _cubic(d: Array, a: float) -> Array:
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.asarray(np.where(d <= 1, near, np.where(d < 2, far, 0.0)))


def _nearest(node: Node, places: Array) -> Array:
    default = "floor" if node.op == "Upsample" or node.opset < 11 else "round_prefer_floor"
    mode = node.get("nearest_mode", default)
    # Places are sums and quotients, so what should be a tie may be off by a rounding error.
    places = np.round(places, 9)
    if mode == "round_prefer_floor":
        return np.asarray(np.ceil(places - 0.5))
    if mode == "round_prefer_ceil":
        return np.asarray(np.floor(places + 0.5))
    return np.asarray(np.floor(places) if mode == "floor" else np.ceil(places))


CONVERTERS: Converters = {"Resize": resize, "Upsample": resize}
