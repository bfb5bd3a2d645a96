# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How far two sets of results are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
EXACT = 1e-3
"""What floats may differ by, in parts of the largest magnitude, if both compute in floats."""


@dataclass(frozen=True)
class Difference:
    """Of one output, over all inputs.

    `largest` and `mean` are in quantization steps if `integer`, else in parts of the reference's
    largest magnitude. Reals that integers were dequantized to are compared in steps, too.
    """

    name: str
    largest: float
    mean: float
    cosine: float
    top1: float
    integer: bool

    def within(self, steps: float, part: float) -> bool:
        """Whether it is tolerable; what is not a number is not."""
        return self.largest <= (steps if self.integer else part)


def compare(
    name: str, got: Sequence[Array], wanted: Sequence[Array], step: float | None = None
) -> Difference:
    """Compare one output, one array per input; `step` is how far two values are apart, if known."""
    a, b = (np.stack([np.asarray(x) for x in part]) for part in (got, wanted))
    if a.shape != b.shape or a.dtype != b.dtype:
        return Difference(name, np.inf, np.inf, 0.0, 0.0, a.dtype.kind != "f")
    integer = a.dtype.kind != "f" or bool(step)
    x, y = a.astype(np.float64), b.astype(np.float64)
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    with np.errstate(all="ignore"):
        distance = np.where(same, 0.0, np.abs(x - y))
    distance = np.nan_to_num(distance, nan=np.inf, posinf=np.inf)
    if a.dtype.kind == "f" and step:
        # To a thousandth: float32 does not hold the steps exactly.
        distance = np.round(distance / step, 3)
    elif not integer:
        finite = np.abs(y[np.isfinite(y)])
        distance = distance / max(float(finite.max()) if finite.size else 0.0, 1e-6)
    rows = x.reshape(len(x), -1), y.reshape(len(y), -1)
    top1 = float(np.mean(rows[0].argmax(axis=1) == rows[1].argmax(axis=1)))
    return Difference(
        name, float(distance.max()), float(distance.mean()), _cosine(x, y), top1, integer
    )


def _cosine(x: Array, y: Array) -> float:
    both = np.isfinite(x) & np.isfinite(y)
    a, b = x[both].reshape(-1), y[both].reshape(-1)
    scale = float(np.linalg.norm(a) * np.linalg.norm(b))
    return 1.0 if scale == 0.0 else float(a @ b) / scale
