# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Float matrix products with bias and limits, by floats in registers or by vectors of them.

Sums have the order of the inputs, as in the portable kernel. Product and addition are fused, so
that last bits differ from those of a compiler that does not fuse them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.words import round_up, words
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import FloatMatrixProduct, Operator
from zephyr_counters.extensions.tensors import Float32Array, Int32Array

_COMMON = ("zc_float_matrix.h", "zc_float_matrix.c")
_PER_OUTPUT = 10


class FloatMatrix:
    """A library with one kernel.

    Args:
        name: the library's name.
        function: the kernel's C function; its file has the same name.
        feature: what the core must have.
        per_product: instructions.
    """

    def __init__(self, name: str, function: str, feature: str, per_product: float) -> None:
        self._name = name
        self._function = function
        self._feature = feature
        self._per_product = per_product

    @property
    def name(self) -> str:
        """The library's name."""
        return self._name

    def candidates(self, op: Operator) -> Iterable[Candidate]:
        """Return the kernel, for a multiple of 4 inputs."""
        if not isinstance(op, FloatMatrixProduct) or op.weight.shape[1] % 4:
            return ()
        inputs = op.weight.shape[1]
        estimate = op.y.size * (self._per_product * inputs + _PER_OUTPUT)
        outputs = op.weight.shape[0]
        kernel = CKernel(
            self._name,
            "matmul",
            self._function,
            c_files("float_matrix", *_COMMON, f"{self._function}.c"),
            lambda: (_sizes(op), _floats(op)),
            4 * (7 + outputs + round_up(outputs, 8) * inputs),
            # Sums of a multiple of 8 go where the outputs do.
            8 if outputs % 8 == 0 else 4 * round_up(outputs, 8),
            self._feature,
        )
        return (kernel.candidate(op, "tile8", estimate),)


def _sizes(op: FloatMatrixProduct) -> Int32Array:
    outputs, inputs = op.weight.shape
    return words(
        (op.y.size // outputs, inputs, outputs, math.isfinite(op.low), math.isfinite(op.high))
    )


def _floats(op: FloatMatrixProduct) -> Float32Array:
    outputs, inputs = op.weight.shape
    padded = np.zeros((round_up(outputs, 8), inputs), np.float32)
    padded[:outputs] = op.weight
    tiles = padded.reshape(-1, 8, inputs).transpose(0, 2, 1)
    bias = np.zeros(outputs, np.float32) if op.bias is None else op.bias
    limits = np.array([op.low, op.high], np.float32)
    limits[~np.isfinite(limits)] = 0
    return np.concatenate([limits, bias, tiles.reshape(-1)])


VFP = FloatMatrix("vfp", "zc_vfp_matrix", "fp", 1.25)
MVE_FLOAT = FloatMatrix("mve-float", "zc_mve_float_matrix", "mve.fp", 0.77)
