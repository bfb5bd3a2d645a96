# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Inputs to compare with: random and structured, the same each time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.formats.model_archive import Tensor

Array = npt.NDArray[Any]
ROUNDS = 8
_SEED = 20


def rounds(tensors: Sequence[Tensor], count: int = ROUNDS) -> list[list[Array]]:
    """`count` sets of inputs: noise, ramps, edges and nearly constant ones in turn."""
    rng = np.random.default_rng(_SEED)
    return [[_array(tensor, index % 4, rng) for tensor in tensors] for index in range(count)]


def _array(tensor: Tensor, kind: int, rng: np.random.Generator) -> Array:
    dtype = np.dtype(tensor.dtype)
    shape = tuple(tensor.shape)
    size = int(np.prod(shape))
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    # In units of the type's range: -1 to 1.
    if kind == 0:
        flat = rng.uniform(-1, 1, size)
    elif kind == 1:
        flat = np.linspace(-1, 1, size) * rng.uniform(0.2, 1) + rng.normal(0, 0.06, size)
    elif kind == 2:
        flat = np.where(np.arange(size) % int(rng.integers(2, 40)) < 3, 1.0, -1.0)
    else:
        flat = rng.uniform(-1, 1) + rng.normal(0, 0.02, size)
    flat = np.clip(flat, -1, 1)
    if dtype.kind == "f":
        return np.asarray(flat * 2, dtype).reshape(shape)
    limits = np.iinfo(dtype)
    if dtype.itemsize > 2:
        # Indices and counts, as models take them.
        return np.asarray(np.rint(np.abs(flat) * 2), dtype).reshape(shape)
    span = (float(limits.max) - float(limits.min)) / 2
    values = np.rint(flat * span + (float(limits.max) + float(limits.min)) / 2)
    return np.asarray(np.clip(values, limits.min, limits.max), dtype).reshape(shape)
