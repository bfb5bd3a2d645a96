# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compares each layer's result with the tensor of the source model that it equals.

The board runs layer by layer, and each result is read before a later layer takes its memory. So
what is compared is the firmware that also runs otherwise, on any board.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zephyr_counters.validate.comparison import Difference, compare

if TYPE_CHECKING:
    from zephyr_counters.board.functions import DeviceFunctions
    from zephyr_counters.formats.model_archive import ModelArchive


@dataclass(frozen=True)
class LayerDifference:
    """How far a layer's result is from its tensor of the source model."""

    index: int
    layer: str
    ops: tuple[str, ...]
    difference: Difference


def named(archive: ModelArchive) -> frozenset[str]:
    """Return the tensors of the source model that layers equal."""
    return frozenset(layer.tensor for layer in archive.layers if layer.tensor is not None)


def layer_differences(
    board: DeviceFunctions, archive: ModelArchive, wanted: Mapping[str, tuple[Any, float | None]]
) -> list[LayerDifference]:
    """Run the model layer by layer with the inputs that are set, and compare.

    Args:
        board: runs the archive's model.
        archive: what was compiled.
        wanted: arrays of the source model and their steps, by the tensor's name. Layers without
            one, and those that have another type or size, are run and not compared.
    """
    found = []
    for layer in archive.layers:
        board.run_layer(layer.index)
        array, step = wanted.get(layer.tensor or "", (None, None))
        result = layer.outputs[0]
        if array is None or (str(array.dtype), array.nbytes) != (result.dtype, result.nbytes):
            continue
        data = board.layer_tensor(layer.index, len(layer.inputs), result.nbytes)
        got = np.frombuffer(data, array.dtype).reshape(array.shape)
        difference = compare(str(layer.tensor), [got], [array], step)
        found.append(LayerDifference(layer.index, layer.name, layer.ops, difference))
    return found
