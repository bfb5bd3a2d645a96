# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A model's inputs from a file, or filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.formats.model_archive import Tensor

FILL_MODES = ("zeros", "ones", "random")
_SEED = 0


def make_inputs(
    wanted: Sequence[Tensor], given: Mapping[str, npt.NDArray[Any]], fill_mode: str
) -> dict[str, npt.NDArray[Any]]:
    """All inputs by name, in the model's order.

    Args:
        wanted: the model's inputs.
        given: arrays by name; the others are filled.
        fill_mode: zeros, ones, or random: integers below 128, floats from -1 to 1, the same ones
            each time.

    Raises:
        UsageError: a name the model does not have, or a wrong shape or dtype.
    """
    names = {tensor.name for tensor in wanted}
    for name in given:
        if name not in names:
            listed = ", ".join(f"{t.name} {t.dtype}{list(t.shape)}" for t in wanted)
            raise UsageError(f"input {name!r} is not one of the model's", f"its inputs: {listed}")
    generator = np.random.default_rng(_SEED)
    return {
        tensor.name: _checked(tensor, given[tensor.name])
        if tensor.name in given
        else _filled(tensor, fill_mode, generator)
        for tensor in wanted
    }


def _checked(tensor: Tensor, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if array.shape != tensor.shape:
        shape, takes = list(array.shape), list(tensor.shape)
        raise UsageError(f"input {tensor.name!r}: shape {shape}, the model takes {takes}")
    if array.dtype != np.dtype(tensor.dtype):
        raise UsageError(
            f"input {tensor.name!r}: dtype {array.dtype}, the model takes {tensor.dtype}"
        )
    return array


def _filled(tensor: Tensor, fill_mode: str, generator: np.random.Generator) -> npt.NDArray[Any]:
    dtype = np.dtype(tensor.dtype)
    if fill_mode != "random":
        return np.full(tensor.shape, 1 if fill_mode == "ones" else 0, dtype)
    if dtype.kind in "iu":
        return generator.integers(0, 128, tensor.shape).astype(dtype)
    if dtype.kind == "b":
        return generator.integers(0, 2, tensor.shape).astype(dtype)
    return generator.uniform(-1, 1, tensor.shape).astype(dtype)
