# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The compiler's own kernel libraries.

To add one: a folder with an object that has the methods of `KernelLibrary`, and a line here.
"""

from __future__ import annotations

from collections.abc import Set

from zephyr_counters.compile.kernels.dsp import DSP
from zephyr_counters.compile.kernels.float_matrix import MVE_FLOAT, VFP
from zephyr_counters.compile.kernels.mve import MVE
from zephyr_counters.compile.kernels.portable import PORTABLE
from zephyr_counters.extensions.kernel import KernelLibrary

LIBRARIES: tuple[tuple[KernelLibrary, frozenset[str]], ...] = (
    (PORTABLE, frozenset()),
    (DSP, frozenset({"dsp"})),
    (MVE, frozenset({"mve"})),
    (VFP, frozenset({"fp"})),
    (MVE_FLOAT, frozenset({"mve.fp"})),
)
"""Libraries, and the features (formats/core.py) of the cores that they are for."""


def libraries_for(features: Set[str]) -> tuple[KernelLibrary, ...]:
    """Return the libraries whose kernels a core with `features` can run."""
    return tuple(library for library, needs in LIBRARIES if needs <= features)
