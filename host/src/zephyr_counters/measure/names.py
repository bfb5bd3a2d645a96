# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Names of records: layers and kernels from the model's metadata, regions from the user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from zephyr_counters.blob.records import Origin
from zephyr_counters.board.firmware import built_from
from zephyr_counters.errors import ArchiveError
from zephyr_counters.measure.lifetimes import live_at
from zephyr_counters.report.report import Model, Row

if TYPE_CHECKING:
    from zephyr_counters.blob.model_info import DeviceModel
    from zephyr_counters.formats.model_archive import Layer, ModelArchive


class Describer(Protocol):
    """Names what records measured."""

    def describe(self, origin: Origin, tag: int) -> Row:
        """Return a row without values."""


@dataclass(frozen=True)
class ModelNames:
    """Names of the parts of a model, as its metadata lists them.

    Attributes:
        model: name of the model.
        layers: names of its layers; a record's tag is the index.
        kernels: names of its functions; a record's tag is the index.
    """

    model: str
    layers: Sequence[str]
    kernels: Sequence[str]

    def find(self, origin: Origin, tag: int) -> str | None:
        """Return the name of what a record measured; None if the model does not have it."""
        if origin is Origin.WHOLE:
            return self.model
        names = {Origin.LAYER: self.layers, Origin.FUNCTION: self.kernels}.get(origin, ())
        return names[tag] if tag < len(names) else None


class Names:
    """Names rows after the model's metadata and the user's tags.

    Args:
        archive: the model's, or None if it is not known.
        regions: names of the user's tags.
        function: name of the measured function and calls per record, or None.
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
        if origin is Origin.FUNCTION and self._function is not None:
            name, calls = self._function
            return Row(origin, tag, name, kernel=name, calls=calls)
        if origin is Origin.USER:
            return Row(origin, tag, self._regions.get(tag, f"region {tag}"))
        if self._archive is not None:
            archive = self._archive
            if origin is Origin.LAYER and tag < len(archive.layers):
                return replace(_of_layer(archive.layers[tag]), live=live_at(archive.layers, tag))
            layers = [layer.name for layer in archive.layers]
            found = ModelNames(archive.name, layers, archive.kernels).find(origin, tag)
            if found is not None:
                return Row(origin, tag, found, kernel=found if origin is Origin.FUNCTION else "")
        unnamed = {Origin.LAYER: f"layer {tag}", Origin.WHOLE: "model"}
        return Row(origin, tag, unnamed.get(origin, f"kernel {tag}"))


def check_hash(model: DeviceModel, archive: ModelArchive) -> None:
    """Check that a firmware was built from an archive.

    Raises:
        ArchiveError: it was built from another.
    """
    if not built_from(model, archive):
        raise ArchiveError(
            f"the firmware's model {model.name} ({model.hash.hex()[:12]}) was built from another "
            f"archive than this project's {archive.name} ({archive.hash.hex()[:12]})",
            "build and flash the project again",
        )


def model_of(archive: ModelArchive) -> Model:
    """Return the part of a report that describes the model."""
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
        sources=layer.sources,
        accelerator=layer.accelerator,
        candidate=None if layer.candidate is None else str(layer.candidate),
        macs=layer.macs,
        bytes_read=layer.bytes_read,
        bytes_written=layer.bytes_written,
        inputs=tuple(type_name(one.dtype, one.shape) for one in layer.inputs),
        outputs=tuple(type_name(one.dtype, one.shape) for one in layer.outputs),
    )


def type_name(dtype: Any, shape: Iterable[int]) -> str:
    """Return a tensor's type as text: `int8[1, 8, 8, 16]`."""
    return f"{dtype}[{', '.join(map(str, shape))}]"
