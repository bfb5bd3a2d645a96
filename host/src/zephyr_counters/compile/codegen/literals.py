# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float constants in C, exactly.

TVM's C code generator prints seven digits, which is up to 2^-23 off for a float32. Here they are
printed again from the kernels' own constants.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import tvm_ffi
from tvm import tirx

_LITERAL = re.compile(r"(?<![\w.])-?\d\.\d{6}e[+-]\d{2,3}f?")

_SPECIAL = re.compile(r"\b(inf|nan)f?\b(?!\()")
"""How TVM prints what <math.h> has macros for."""
_NAMES = {"inf": "INFINITY", "nan": "NAN"}


def exact(source: str, func: tirx.PrimFunc) -> str:
    """Return the C source of `func` with each literal replaced by the constant it was printed from.

    A literal that two different constants, or none, could have been printed from stays.
    """
    wanted: dict[str, set[str]] = {}

    def note(node: Any) -> None:
        value, single = float(node.value), str(node.ty) == "float32"
        digits = f"{np.float32(value):.9g}" if single else f"{value:.17g}"
        suffix = "f" if single else ""
        if "." not in digits and "e" not in digits:
            digits += ".0"
        wanted.setdefault(f"{value:e}{suffix}", set()).add(digits + suffix)

    tvm_ffi.structural_walk(func.body, (tirx.FloatImm, note))

    def replacement(match: re.Match[str]) -> str:
        known = wanted.get(match[0], set())
        return next(iter(known)) if len(known) == 1 else match[0]

    return _SPECIAL.sub(lambda m: _NAMES[m[1]], _LITERAL.sub(replacement, source))
