# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which tensors hold a value while a layer runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zephyr_counters.formats.model_archive import Layer


def live_at(layers: Sequence[Layer], index: int) -> dict[str, int]:
    """Return the bytes of each tensor in RAM that is live while a layer runs, by name.

    A tensor is live from the layer that writes it to the last one that reads it. The model's inputs
    are live from the start, its outputs to the end. Constants are in flash.
    A slice that is a view has its source's name: it counts as the whole of it.

    Args:
        layers: all layers, in the order in which they run.
        index: the layer.
    """
    written: dict[str, int] = {}
    read: dict[str, int] = {}
    size: dict[str, int] = {}
    for step, layer in enumerate(layers):
        for tensor in layer.inputs:
            if not tensor.constant:
                written.setdefault(tensor.name, 0)
                read[tensor.name] = step
                size[tensor.name] = max(tensor.nbytes, size.get(tensor.name, 0))
        for tensor in layer.outputs:
            written[tensor.name] = min(step, written.get(tensor.name, step))
            size[tensor.name] = max(tensor.nbytes, size.get(tensor.name, 0))
    last = len(layers) - 1
    return {
        name: count
        for name, count in size.items()
        if written[name] <= index <= max(read.get(name, last), written[name])
    }
