# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Resizing of images, with the places that PyTorch takes (aten/native/UpSample.h)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from zephyr_counters.compile.frontends import programs

_A = -0.75
"""PyTorch's coefficient of cubic interpolation."""


def _step(size: int, count: int, factor: float | None, corners: bool) -> Any:
    """Return how far apart in the input two neighbours of the output are, in single precision."""
    if corners:
        return np.float32(0 if count < 2 else (size - 1) / (count - 1))
    return np.float32(1 / factor if factor else size / count)


def _nearest(size: int, count: int, step: Any) -> tuple[Any, Any]:
    index = np.floor(np.arange(count, dtype=np.float32) * step).astype(np.int64)
    return np.minimum(index, size - 1)[:, None], np.ones((count, 1))


def _between(size: int, count: int, step: Any, corners: bool, cubic: bool) -> tuple[Any, Any]:
    at = np.arange(count, dtype=np.float32)
    places = at * step if corners else (at + np.float32(0.5)) * step - np.float32(0.5)
    if not cubic:
        places = np.maximum(places, 0)
    first = np.floor(places).astype(np.int64)
    t = (places - first).astype(np.float64)
    if not cubic:
        index = np.stack([first, first + 1], 1)
        return np.clip(index, 0, size - 1), np.stack([1 - t, t], 1)
    index = np.stack([first + k for k in (-1, 0, 1, 2)], 1)
    weight = np.stack([_cubic(t + 1), _cubic(t), _cubic(1 - t), _cubic(2 - t)], 1)
    return np.clip(index, 0, size - 1), weight


def _cubic(d: Any) -> Any:
    near = ((_A + 2) * d - (_A + 3)) * d * d + 1
    far = ((_A * d - 5 * _A) * d + 8 * _A) * d - 4 * _A
    return np.where(d <= 1, near, far)


def resize(kind: str, importer: Any, node: Any) -> Any:
    """Return upsample_KIND2d.vec: (x, size, align_corners if it is not nearest, factors)."""
    x = importer.env[node.args[0]]
    rest = list(node.args[1:])
    counts = rest[0]
    corners = bool(rest[1]) if kind != "nearest" else False
    factors = rest[-1] if len(rest) > (1 if kind == "nearest" else 2) else None
    factors = factors or node.kwargs.get("scale_factors")
    for position, axis in enumerate((2, 3)):
        size = int(x.ty.shape[axis])
        factor = None if factors is None else float(factors[position])
        count = int(counts[position]) if counts else int(size * factor)  # type: ignore[operator]
        step = _step(size, count, factor, corners)
        if kind == "nearest":
            index, _ = _nearest(size, count, step)
            x = programs.taken(importer.block_builder, x, index[:, 0], axis)
        else:
            index, weight = _between(size, count, step, corners, kind == "bicubic")
            x = programs.resample(importer.block_builder, x, axis, index, weight)
    return x


CONVERTERS: Mapping[str, Callable[[Any, Any], Any]] = {
    f"upsample_{kind}2d.vec": partial(resize, kind) for kind in ("nearest", "bilinear", "bicubic")
}
