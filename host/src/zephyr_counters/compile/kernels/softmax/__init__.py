# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Softmax in integers, for any core."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.words import words
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import Softmax

_COMMON = ("zc_softmax.h", "zc_softmax_row.h")
_USUAL_STEPS = 65536
_MAX_TABLE = 1 << 23
"""So 256 times an entry, and half of a sum, are in 32 bits."""
_PER_ELEMENT, _PER_ANY_ELEMENT = 34, 90


def candidates(op: Softmax) -> Iterator[Candidate]:
    """Return the kernel for the steps that outputs have."""
    usual = op.steps == _USUAL_STEPS and int(op.table.max()) <= _MAX_TABLE
    function = "zc_softmax" if usual else "zc_softmax_any"
    columns = op.x.shape[-1]
    flip = 0x80 if op.x.dtype == "uint8" else 0
    fixed = (op.x.size // columns, columns, flip, op.steps, op.y_zero, op.low, op.high)
    head = np.concatenate([words(fixed), op.table])
    files = c_files("softmax", *_COMMON, f"{function}.c")
    kernel = CKernel(
        "portable", "softmax", function, files, lambda: (head,), 4 * head.size, feature="",
        in_place=(0,),
    )  # fmt: skip
    estimate = op.y.size * (_PER_ELEMENT if usual else _PER_ANY_ELEMENT)
    yield kernel.candidate(op, "table", estimate)
