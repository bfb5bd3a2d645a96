# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a frontend is: the reader of one format of model files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.graph import Graph

Shapes = Mapping[str, tuple[int, ...]]
"""Shapes of inputs, by name, that replace those of the file."""


@dataclass(frozen=True)
class Declared:
    """What a file says of an output; an extent that it leaves open is None."""

    shape: tuple[int | None, ...] | None
    dtype: str


@dataclass(frozen=True, eq=False)
class StateTensor:
    """A tensor that keeps its value from one run to the next, and its first value."""

    name: str
    initial: npt.NDArray[np.generic]


@dataclass(frozen=True)
class Imported:
    """A model as a graph, and the names of its inputs and outputs, in order."""

    graph: Graph
    """Its last parameters are the states, and its last results their next values."""
    inputs: Sequence[str]
    outputs: Sequence[str]
    declared: Sequence[Declared | None] = ()
    """What the results must be; None, or nothing at all, if the file does not say."""
    states: Sequence[StateTensor] = ()
    tensors: Mapping[Any, str] = field(default_factory=dict)
    """The file's name of the tensor that a variable of the graph equals, to compare with."""

    def without_graph(self) -> Imported:
        """Return what is said of the graph, which can then be let go."""
        return replace(self, graph=Graph([], [], []))


class Frontend(Protocol):
    """Reads one format. A module with these names is one.

    Importing it needs TVM, but no package that is only for this format: those are imported by
    `load`, after the compiler has found that they are installed.
    """

    name: str
    """What `--model-format` and messages call the format."""
    suffixes: tuple[str, ...]
    """Of files of this format, such as (".onnx",). They decide only where contents do not."""
    packages: tuple[str, ...]
    """Python packages that `load` imports."""
    extra: str
    """What to give to pip to install them, such as "zephyr-counters[onnx]"."""

    def detects(self, data: bytes, path: Path) -> bool:
        """Whether a file's content, possibly damaged further on, is of this format."""

    def load(self, data: bytes, shapes: Shapes) -> Imported:
        """Import a model.

        Raises:
            CompileError: the file is damaged, or has an operator that cannot be imported.
        """
