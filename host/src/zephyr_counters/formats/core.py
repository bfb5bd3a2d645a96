# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Processor cores by the names that GCC's -mcpu has, and what kernels may use on them.

Features: `dsp` (DSP instructions), `fp` (floats in registers), `mve` (vectors of integers) and
`mve.fp` (vectors of floats). As with GCC, `+nodsp`, `+nofp`, `+nomve` and `+nomve.fp` after a name
take features away.
"""

from __future__ import annotations

from zephyr_counters.errors import UsageError

GENERIC = "generic"
"""Any core: kernels are plain C."""
_DSP_FP = frozenset({"dsp", "fp"})
_HELIUM = _DSP_FP | {"mve", "mve.fp"}
CORES: dict[str, frozenset[str]] = {
    GENERIC: frozenset(),
    "cortex-a53": frozenset(),
    "cortex-m0": frozenset(),
    "cortex-m0plus": frozenset(),
    "cortex-m1": frozenset(),
    "cortex-m3": frozenset(),
    "cortex-m23": frozenset(),
    "cortex-m4": _DSP_FP,
    "cortex-m7": _DSP_FP,
    "cortex-m33": _DSP_FP,
    "cortex-m35p": _DSP_FP,
    "cortex-m55": _HELIUM,
    "cortex-m85": _HELIUM,
    "riscv": frozenset(),
}
"""Features by core (Arm's technical reference manuals); of what is optional, all."""
_WITHOUT = {
    "nodsp": frozenset({"dsp", "mve", "mve.fp"}),
    "nofp": frozenset({"fp", "mve.fp"}),
    "nomve": frozenset({"mve", "mve.fp"}),
    "nomve.fp": frozenset({"mve.fp"}),
}


def features(core: str) -> frozenset[str]:
    """Features of a core such as "cortex-m4" or "cortex-m33+nodsp".

    Raises:
        UsageError: the core or the modifier is not known; lists those that are.
    """
    name, *modifiers = core.split("+")
    if name not in CORES:
        raise UsageError(f"unknown core {core!r}", f"cores: {', '.join(CORES)}")
    found = CORES[name]
    for modifier in modifiers:
        if modifier not in _WITHOUT:
            known = ", ".join(f"+{item}" for item in _WITHOUT)
            raise UsageError(f"core {core!r}: unknown modifier '+{modifier}'", f"use {known}")
        found -= _WITHOUT[modifier]
    return found
