# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What records are called: layers and kernels from a model's metadata, regions from the user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from zephyr_counters.blob.records import Origin
from zephyr_counters.errors import ArchiveError
from zephyr_counters.report.report import Model, Row

if TYPE_CHECKING:
    from zephyr_counters.blob.model_info import DeviceModel
    from zephyr_counters.formats.model_archive import Layer, ModelArchive, Tensor


class Describer(Protocol):
    """Whatever knows what records are called."""

    def describe(self, origin: Origin, tag: int) -> Row:
        """Return a row without values."""


class Names:
    """Gives rows their names.

    Args:
        archive: of the model, or None if it is not known.
        regions: names of the user's tags.
        function: the function that is measured and the calls in a record, or None.
    """

    def __init__(
        self,
        archive: ModelArchive | None = None,
        regions: Mapping[int, str] | None = None,
        function: tuple[str, int] | None = None,
    ) -> None:
        self._function = function
        self._archive = archive
        self._regions = dict(regions or {})

    def describe(self, origin: Origin, tag: int) -> Row:
        """Return a row without values."""
        if origin is Origin.LAYER:
            if self._archive is not None and tag < len(self._archive.layers):
                return _of_layer(self._archive.layers[tag])
            return Row(origin, tag, f"layer {tag}")
        if origin is Origin.WHOLE:
            return Row(origin, tag, self._archive.name if self._archive else "model")
        if origin is Origin.FUNCTION and self._function is not None:
            name, calls = self._function
            return Row(origin, tag, name, kernel=name, calls=calls)
        if origin is Origin.FUNCTION:
            if self._archive is not None and tag < len(self._archive.kernels):
                name = self._archive.kernels[tag]
                return Row(origin, tag, name, kernel=name)
            return Row(origin, tag, f"kernel {tag}")
        return Row(origin, tag, self._regions.get(tag, f"region {tag}"))


def check_hash(model: DeviceModel, archive: ModelArchive) -> None:
    """Check that a firmware was built from an archive.

    Raises:
        ArchiveError: it was built from another.
    """
    if model.hash != archive.hash or model.layers != len(archive.layers):
        raise ArchiveError(
            f"the firmware's model {model.name} ({model.hash.hex()[:12]}) was built from another "
            f"archive than this project's {archive.name} ({archive.hash.hex()[:12]})",
            "build and flash the project again",
        )


def model_of(archive: ModelArchive) -> Model:
    """Return what a report says of the model."""
    memory = archive.memory
    return Model(
        name=archive.name,
        hash=archive.hash.hex(),
        target=archive.target,
        tvm=str(archive.metadata.get("tvm", "")),
        memory={
            "activations": memory.activations,
            "workspace": memory.workspace,
            "constants": memory.constants,
        },
    )


def _of_layer(layer: Layer) -> Row:
    return Row(
        origin=Origin.LAYER,
        tag=layer.index,
        name=layer.name,
        kernel=layer.kernel,
        ops=tuple(layer.ops),
        accelerator=layer.accelerator,
        macs=layer.macs,
        bytes_read=layer.bytes_read,
        bytes_written=layer.bytes_written,
        inputs=tuple(_tensor(one) for one in layer.inputs),
        outputs=tuple(_tensor(one) for one in layer.outputs),
    )


def _tensor(tensor: Tensor) -> str:
    return f"{tensor.dtype}[{', '.join(map(str, tensor.shape))}]"
