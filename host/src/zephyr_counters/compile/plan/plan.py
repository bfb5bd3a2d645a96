# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The plan: layers, kernels, tensors and where every tensor lives."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from tvm import tirx

from zephyr_counters.formats.model_metadata import LayerCandidate


@dataclass
class Buffer:
    """A tensor: in RAM at `offset`, or a constant in flash if it has `data`."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    data: npt.NDArray[np.generic] | None = None
    offset: int = 0
    storage: int | None = None
    """The buffer in whose memory this one is: under another shape, or once that is not read."""
    start: int = 0
    """Bytes from the start of `storage` to where this one is; negative in its `lead`."""
    lead: int = 0
    """Bytes of memory that it has before its first, for outputs that overwrite it."""
    initial: npt.NDArray[np.generic] | None = None
    """The first value of a state, which lives in RAM of its own at `offset`."""

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize


@dataclass(frozen=True)
class Kernel:
    """A compiled function and the (shape, dtype) of each of its arguments."""

    name: str
    func: tirx.PrimFunc
    signature: tuple[tuple[tuple[int, ...], str], ...]


@dataclass(frozen=True)
class PlanLayer:
    """One call: indices into the plan's buffers."""

    name: str
    kernel: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    ops: tuple[str, ...]
    macs: int
    accelerator: str | None
    sources: tuple[str, ...]
    tensor: str | None = None
    """The source model's tensor that the output equals."""
    candidate: LayerCandidate | None = None


@dataclass(frozen=True)
class Scratch:
    """Memory of a kernel for the time of its call: where, and how many bytes."""

    offset: int
    nbytes: int


@dataclass
class Plan:
    """A whole model.

    Attributes:
        scratch: by layer, of those whose kernel takes some.
        memory: bytes of RAM for activations and scratch memory.
        activations: bytes of activations that live at once, at most.
        unplanned: bytes that activations would take if no two shared memory.
    """

    buffers: list[Buffer] = field(default_factory=list)
    kernels: list[Kernel] = field(default_factory=list)
    layers: list[PlanLayer] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    scratch: dict[int, Scratch] = field(default_factory=dict)
    memory: int = 0
    activations: int = 0
    state_bytes: int = 0
    unplanned: int = 0

    def root(self, index: int) -> int:
        """Return the buffer in whose memory a buffer is; mostly itself."""
        while (storage := self.buffers[index].storage) is not None:
            index = storage
        return index

    def start(self, index: int) -> int:
        """Return how many bytes into its root's memory a buffer starts."""
        total = 0
        while (storage := self.buffers[index].storage) is not None:
            total += self.buffers[index].start
            index = storage
        return total

    @property
    def pinned(self) -> set[int]:
        """Buffers that are read or written between runs, which nothing else overwrites."""
        return {self.root(index) for index in (*self.inputs, *self.outputs, *self.states)}

    @property
    def constants(self) -> int:
        """Bytes of constants, each counted once."""
        return sum(buffer.nbytes for buffer in self.buffers if buffer.data is not None)
