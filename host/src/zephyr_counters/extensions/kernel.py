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
    constants: int = 0
    """Bytes of its constants, roughly."""
    code: Mapping[str, int] = field(default_factory=dict)
    """Bytes of its code, roughly, by parts; candidates of a model that name one part share it."""
    widens: bool = False
    """Whether weights take more bytes than in the model; taken by `--optimize speed` only."""


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


def fastest(op: Operator, candidates: list[Candidate]) -> Candidate:
    """Return the candidate with the lowest estimate; the first of equal ones."""
    return min(candidates, key=lambda candidate: candidate.estimate)


def cheapest(op: Operator, candidates: list[Candidate]) -> Candidate:
    """Return the fastest of those that do not widen weights, if there are such."""
    return fastest(op, [one for one in candidates if not one.widens] or candidates)


@dataclass(frozen=True)
class Choice:
    """The candidate that was chosen for an operator, and what the archive says of it."""

    candidate: Candidate
    library: str
    """The name of the library that offers it."""
    is_extension: bool
    """Whether an extension brings it, rather than the compiler."""
    extra_constants: int = 0
    """Bytes of constants more than `cheapest` takes."""


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
    optimize: str = "balanced"
    """What `choose` is for, as `--optimize` calls it."""
    fuse: bool = True
    """Whether kernels may compute several integer operators."""
    overwrite: bool = True
    """Whether layers may write their output over their input."""

    def choice(self, op: Operator) -> Choice | None:
        """Return what computes `op`; None if no library can."""
        for library in self.extensions:
            if found := [(library, one) for one in library.candidates(op)]:
                return self._chosen(op, found, is_extension=True)
        found = [(library, one) for library in self.libraries for one in library.candidates(op)]
        return self._chosen(op, found, is_extension=False) if found else None

    def _chosen(
        self, op: Operator, found: list[tuple[KernelLibrary, Candidate]], is_extension: bool
    ) -> Choice:
        offered = [one for _, one in found]
        taken = self.choose(op, offered)
        library = next(library for library, one in found if one is taken)
        more = taken.constants - cheapest(op, offered).constants if taken.widens else 0
        return Choice(taken, library.name, is_extension, max(0, more))
