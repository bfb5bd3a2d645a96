# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What an archive's metadata.json says, typed and checked."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from zephyr_counters.errors import ArchiveError

FORMAT = 1
MODEL_ABI = 2
"""Version of the structures that the generated C fills in: ZC_MODEL_ABI of model.h."""
RUNTIME = "tvm-ffi"
METADATA = "metadata.json"
MAX_TEXT = 1024
"""Most characters of a name."""
MAKE_ONE = "make one with tvmc compile"


@dataclass(frozen=True)
class Tensor:
    """A tensor as a layer sees it; `constant` ones are in flash."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    constant: bool = False

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return math.prod(self.shape) * max(1, int(re.sub(r"\D", "", self.dtype) or "8") // 8)


@dataclass(frozen=True)
class LayerCandidate:
    """The kernel that a layer runs: a candidate of a kernel library, and what it was made with."""

    library: str
    name: str
    knobs: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return " ".join([f"{self.library}/{self.name}", *(f"{k}={v}" for k, v in self.knobs)])


@dataclass(frozen=True)
class Layer:
    """One step of the model: a kernel, and the graph operators it came from.

    `sources` are the names of all nodes of the model file that it came from.
    """

    index: int
    name: str
    kernel: str
    ops: tuple[str, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    macs: int
    bytes_read: int
    bytes_written: int
    accelerator: str | None
    sources: tuple[str, ...] = ()
    tensor: str | None = None
    """The source model's tensor that its output equals; None if there is none, or several."""
    candidate: LayerCandidate | None = None
    """None if TVM lowered the layer, or the archive is of an earlier version."""


@dataclass(frozen=True)
class Memory:
    """Bytes that the model needs: RAM for activations and workspace, flash for constants.

    The workspace is the scratch memory of the kernel that takes the most; `shared` bytes of it lie
    among the activations, where there is room at the time. `executor` is what the runtime keeps to
    call a kernel, on a 32-bit core. `stack` bounds the arrays that any one kernel keeps on the C
    stack; `unplanned` is what the activations would need if no two shared memory.
    `state` bytes of the activations keep their values from one run to the next.
    """

    activations: int
    workspace: int
    constants: int
    stack: int = 0
    unplanned: int = 0
    shared: int = 0
    executor: int = 0
    state: int = 0

    @property
    def arena(self) -> int:
        """Bytes of tensors and scratch memory together."""
        return self.activations + self.workspace - self.shared

    @property
    def ram(self) -> int:
        """Bytes of static RAM that running the model takes: all but the stack."""
        return self.arena + self.executor


@dataclass(frozen=True)
class Peak:
    """The layer in which the most memory is in use, and the bytes of each tensor alive in it."""

    layer: int
    tensors: tuple[tuple[str, int], ...]


def parse(data: bytes) -> dict[str, Any]:
    """Return the JSON of a model of this format and runtime.

    Raises:
        ArchiveError: it is something else.
    """
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{METADATA} is not JSON: {error}", MAKE_ONE) from error
    if not isinstance(parsed, dict) or "format" not in parsed:
        raise ArchiveError(f"{METADATA} is not that of a model archive", MAKE_ONE)
    if parsed["format"] != FORMAT:
        raise ArchiveError(
            f"archive format {parsed['format']!r}, this version reads {FORMAT}",
            "compile the model again with this version of zephyr-counters",
        )
    if parsed.get("runtime") != RUNTIME:
        raise ArchiveError(f"made for runtime {parsed.get('runtime')!r}, not {RUNTIME!r}")
    if parsed.get("abi", 1) != MODEL_ABI:
        source = parsed.get("source")
        file = source.get("file") if isinstance(source, dict) else None
        raise ArchiveError(
            f"made for model ABI {parsed.get('abi', 1)!r:.20}, this version has {MODEL_ABI}",
            f"compile the model again: tvmc compile {file if isinstance(file, str) else 'FILE'}",
        )
    return parsed


def fields(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the typed view of the metadata; every access that fails means a damaged archive."""
    try:
        layers = tuple(_layer(item) for item in metadata["layers"])
        result: dict[str, Any] = {
            "metadata": metadata,
            "layers": layers,
            "inputs": tuple(_tensor(item) for item in metadata["inputs"]),
            "outputs": tuple(_tensor(item) for item in metadata["outputs"]),
            "memory": Memory(**{key: _count(n) for key, n in metadata["memory"].items()}),
            "peak": _peak(metadata["peak"]) if "peak" in metadata else None,
        }
        kernels = [_text(name) for name in metadata["kernels"]]
        for key in ("name", "target"):
            _text(metadata[key])
        for name in metadata["accelerators"]:
            _text(name)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ArchiveError(f"{METADATA} is damaged: {error!r}") from error
    for index, layer in enumerate(layers):
        if layer.index != index or layer.kernel not in kernels:
            raise ArchiveError(f"{METADATA}: layer {index} ({layer.name}) is inconsistent")
    if result["peak"] is not None and result["peak"].layer >= len(layers):
        raise ArchiveError(f"{METADATA}: the peak is in a layer that there is not")
    return result


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
        raise ValueError(f"{value!r} is not a name")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**62:
        raise ValueError(f"{value!r} is not a count")
    return value


def _peak(item: dict[str, Any]) -> Peak:
    tensors = tuple((_text(one["name"]), _count(one["bytes"])) for one in item["tensors"])
    return Peak(_count(item["layer"]), tensors)


def _tensor(item: dict[str, Any]) -> Tensor:
    shape = tuple(_count(extent) for extent in item["shape"])
    return Tensor(_text(item["name"]), shape, _text(item["dtype"]), bool(item.get("constant")))


def _layer(item: dict[str, Any]) -> Layer:
    accelerator = item["accelerator"]
    return Layer(
        index=_count(item["index"]),
        name=_text(item["name"]),
        kernel=_text(item["kernel"]),
        ops=tuple(_text(op) for op in item["ops"]),
        inputs=tuple(_tensor(tensor) for tensor in item["inputs"]),
        outputs=tuple(_tensor(tensor) for tensor in item["outputs"]),
        macs=_count(item["macs"]),
        bytes_read=_count(item["bytes_read"]),
        bytes_written=_count(item["bytes_written"]),
        accelerator=None if accelerator is None else _text(accelerator),
        # Older archives do not name the nodes.
        sources=tuple(_text(name) for name in item.get("sources", ())),
        tensor=None if item.get("tensor") is None else _text(item["tensor"]),
        candidate=_candidate(item.get("candidate")),
    )


def _candidate(item: Any) -> LayerCandidate | None:
    if item is None:
        return None
    knobs = tuple((_text(key), _text(value)) for key, value in item["knobs"].items())
    return LayerCandidate(_text(item["library"]), _text(item["name"]), knobs)
