# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""MaxPool whose indices are used: the places of the largest elements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tvm import relax, te, tirx

from zephyr_counters.compile.frontends.onnx.convert import Converters, Node


@dataclass(frozen=True)
class _Axis:
    """One spatial axis."""

    size: int
    taps: int
    stride: int
    gap: int
    before: int
    count: int


def max_pool(node: Node) -> Any:
    """MaxPool with its indices, if they are used; else as TVM does."""
    if node.outputs < 2 or not node.attributes["tvm_custom"]["used"][1]:
        return None
    x = node.emit(node.input(0))
    shape, dtype = node.shape(x), node.dtype(x)
    axes = _axes(node, shape[2:])
    windows = node.te("windows", lambda t: _windows(t, axes, dtype), x)
    largest = relax.op.max(windows, [-1])
    tap = node.emit(relax.op.argmax(windows, axis=-1))
    by_columns = bool(node.get("storage_order", 0))
    index = node.te("places", lambda t: _places(t, axes, by_columns), tap)
    return relax.Tuple([node.emit(largest), index])


def _axes(node: Node, sizes: Sequence[int]) -> list[_Axis]:
    """Return the geometry of each axis (onnx.ai: MaxPool)."""
    rank = len(sizes)
    taps = [int(n) for n in node.get("kernel_shape")]
    strides, gaps = ([int(n) for n in node.get(k, [1] * rank)] for k in ("strides", "dilations"))
    pads = [int(n) for n in node.get("pads", [0] * (2 * rank))]
    auto = node.get("auto_pad", "NOTSET")
    ceil = bool(node.get("ceil_mode", 0))
    found = []
    for i, size in enumerate(sizes):
        extent = (taps[i] - 1) * gaps[i] + 1
        before, after = pads[i], pads[i + rank]
        if auto.startswith("SAME"):
            total = max((-(-size // strides[i]) - 1) * strides[i] + extent - size, 0)
            before = total // 2 if auto == "SAME_UPPER" else total - total // 2
            after = total - before
        room = size + before + after - extent
        count = -(-room // strides[i]) + 1 if ceil else room // strides[i] + 1
        if ceil and (count - 1) * strides[i] >= size + before:
            count -= 1
        found.append(_Axis(size, taps[i], strides[i], gaps[i], before, count))
    return found


def _taps(axes: Sequence[_Axis], tap: Any) -> list[Any]:
    """Return the place of a tap along each axis of the window."""
    found = []
    for axis in reversed(axes):
        found.append(tap % axis.taps)
        tap = tap // axis.taps
    return found[::-1]


def _at(axes: Sequence[_Axis], places: Sequence[Any], tap: Any) -> list[Any]:
    return [
        place * axis.stride + k * axis.gap - axis.before
        for axis, place, k in zip(axes, places, _taps(axes, tap), strict=True)
    ]


def _windows(x: Any, axes: Sequence[_Axis], dtype: str) -> Any:
    """Return the elements of each window, [batch, channel, ..., tap]; the lowest outside."""
    lowest = -math.inf if dtype.startswith("float") else int(np.iinfo(dtype).min)
    shape = [*x.shape[:2], *(axis.count for axis in axes), math.prod(a.taps for a in axes)]

    def element(*index: Any) -> Any:
        at = _at(axes, index[2:-1], index[-1])
        inside = tirx.all(*(tirx.all(i >= 0, i < a.size) for i, a in zip(at, axes, strict=True)))
        whole = (*index[:2], *at)
        return tirx.if_then_else(inside, x[whole], tirx.const(lowest, dtype))

    return te.compute(shape, element, name="windows")


def _places(tap: Any, axes: Sequence[_Axis], by_columns: bool) -> Any:
    """Return the index of the chosen element in the whole tensor."""
    channels = int(tap.shape[1])

    def place(*index: Any) -> Any:
        at = _at(axes, index[2:], tap[index].astype("int32"))
        total = tirx.const(0, "int32")
        pairs = list(zip(at, axes, strict=True))
        for i, axis in reversed(pairs) if by_columns else pairs:
            total = total * axis.size + i
        whole = index[0] * channels + index[1]
        return (whole * math.prod(a.size for a in axes) + total).astype("int64")

    return te.compute(tap.shape, place, name="places")


CONVERTERS: Converters = {"MaxPool": max_pool}
