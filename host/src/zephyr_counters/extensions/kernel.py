# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a kernel library offers for an operator, and how the compiler chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from tvm import tirx

from zephyr_counters.extensions.operator import Operator


@dataclass(frozen=True)
class CFile:
    """A C file that goes into the archive's src/.

    A `.c` file is compiled on its own. A `.h` file is included at the top of kernels.c, so its
    functions can be `static inline`. Kernels that bring a file of the same name share it, and its
    text must then be the same.
    """

    name: str
    text: str


@dataclass(frozen=True, eq=False)
class Lowering:
    """How an operator is computed: `func(*inputs, *constants, output)`."""

    name: str
    """The kernel's name; the compiler adds a number if it is taken."""
    func: tirx.PrimFunc
    """Takes tensors of the shapes and types that the operator and `constants` have."""
    constants: tuple[npt.NDArray[np.generic], ...] = ()
    """Packed in the order in which the kernel reads them; they go to flash, 16-byte aligned."""
    files: tuple[CFile, ...] = ()
    """C sources that `func` calls."""
    requires: frozenset[str] = frozenset()
    """Core features without which it does not run, such as "dsp" or "mve"."""


@dataclass(frozen=True)
class Candidate:
    """One way to compute an operator."""

    name: str
    lower: Callable[[], Lowering]
    """Makes the code; called only if the candidate is chosen."""
    estimate: float
    """Instructions of one run, roughly: what candidates are compared by."""
    knobs: Mapping[str, int | str] = field(default_factory=dict)
    """What distinguishes it from other candidates of the same name, such as tile=4."""


class KernelLibrary(Protocol):
    """Computes operators of some families: ours, or the one that an extension brings."""

    @property
    def name(self) -> str:
        """Its name; that in `--target c,NAME` if it comes with an extension."""

    def candidates(self, op: Operator) -> Iterable[Candidate]:
        """Ways to compute `op`; none if the library cannot."""


@runtime_checkable
class CoreLibrary(Protocol):
    """A library whose kernels, scratch memory or constants depend on the core."""

    def for_core(self, features: Set[str]) -> KernelLibrary:
        """Return the library for a core with these features (`formats/core.py`)."""


def for_core(library: KernelLibrary, features: Set[str]) -> KernelLibrary:
    """Return a library as a core needs it; the same one if it does not depend on the core."""
    return library.for_core(features) if isinstance(library, CoreLibrary) else library


Choose = Callable[[Operator, list[Candidate]], Candidate]
"""Takes one of the candidates that a target has for an operator."""


def cheapest(op: Operator, candidates: list[Candidate]) -> Candidate:
    """Return the candidate with the lowest estimate; the first of equal ones."""
    return min(candidates, key=lambda candidate: candidate.estimate)


@dataclass(frozen=True)
class Choice:
    """The candidate that was chosen for an operator, and what the archive says of it."""

    candidate: Candidate
    extension: str | None
    """The extension that brings it; None for a library of the compiler's own."""


@dataclass(frozen=True)
class Target:
    """What a model is compiled for.

    An operator goes to the first extension that has a candidate for it, in the order in which the
    target names them; otherwise to the cheapest candidate of all `libraries`.
    """

    name: str
    """As the user gave it: `c`, or `c,EXTENSION,...`."""
    libraries: tuple[KernelLibrary, ...]
    """Of the compiler's own."""
    extensions: tuple[KernelLibrary, ...] = ()
    mcpu: str | None = None
    """The core, as compilers call it, such as "cortex-m4"; None for any."""
    choose: Choose = cheapest

    def choice(self, op: Operator) -> Choice | None:
        """Return what computes `op`; None if no library can."""
        for library in self.extensions:
            if found := list(library.candidates(op)):
                return Choice(self.choose(op, found), library.name)
        offered = [found for library in self.libraries for found in library.candidates(op)]
        return Choice(self.choose(op, offered), None) if offered else None
