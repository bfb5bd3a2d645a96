# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Additions, multiplications, pools and tables by one C function each, for several cores."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.words import is_nhwc, packed, words
from zephyr_counters.extensions.kernel import Candidate, CFile
from zephyr_counters.extensions.operator import (
    Activation,
    Addition,
    AveragePool,
    MaxPool,
    Multiplication,
    Operator,
)
from zephyr_counters.extensions.tensors import INT32_MAX, LIMITS, Int32Array, Tensor

MAX_POOL_TAPS = 255
"""So many values of int8 add up in int16."""
_MIN_SHIFT, _MAX_SHIFT = 33, 63
_SHARED = c_files("elementwise", "zc_elementwise.h")
_AVERAGE = (*_SHARED, *c_files("elementwise", "zc_average.c"))
_MAX_POOL = (*_SHARED, *c_files("elementwise", "zc_max_pool.c"))

_IN_PLACE = {"add": (0, 1), "multiply": (0, 1), "lookup": (0,)}
"""Inputs over which a function may write: it goes from front to back."""


@dataclass(frozen=True)
class Cost:
    """A function of a library: its files and what it costs.

    Attributes:
        files: C files, besides the shared ones.
        per_output: instructions.
        per_tap: instructions for each output and tap of a pool.
        channels: a pool needs a multiple.
    """

    files: tuple[CFile, ...]
    per_output: float
    per_tap: float = 0
    channels: int = 1


@dataclass(frozen=True)
class Elementwise:
    """The functions of a library; None if it has no such function.

    Attributes:
        library: name of the library, of the core's feature, and in the functions' names.
        candidate: name of the candidates.
        add: of two tensors.
        average: pool.
        maximum: pool.
        multiply: of two tensors.
        lookup: in a table.
    """

    library: str
    candidate: str
    add: Cost
    average: Cost
    maximum: Cost
    multiply: Cost | None = None
    lookup: Cost | None = None

    def additions(self, op: Addition) -> Iterator[Candidate]:
        """Return one kernel, if all that does not change fits into one addend."""
        (a, b), y = (_signed(tensor) for tensor in op.inputs), _signed(op.y)
        factors, zeros = op.factors, (op.zeros[0] - a, op.zeros[1] - b)
        start = (1 << (op.shift - 1)) - zeros[0] * factors[0] - zeros[1] * factors[1]
        if abs(start) + 128 * sum(abs(factor) for factor in factors) > INT32_MAX:
            return
        fixed = (op.y_zero - y, op.low - y, op.high - y, *_flips(op))
        head = words((op.y.size, start, *factors, op.shift, *fixed))
        kernel = self._kernel("qadd", "add", self.add, _SHARED, head)
        yield kernel.candidate(op, self.candidate, op.y.size * self.add.per_output)

    def multiplications(self, op: Multiplication) -> Iterator[Candidate]:
        """Return one kernel, if the high word of a product is enough."""
        if self.multiply is None or not _MIN_SHIFT <= op.shift < _MAX_SHIFT:
            return
        (a, b), y = (_signed(tensor) for tensor in op.inputs), _signed(op.y)
        fixed = (op.zeros[0] - a, op.zeros[1] - b, op.multiplier, op.shift)
        head = words((op.y.size, *fixed, op.y_zero - y, op.low - y, op.high - y, *_flips(op)))
        kernel = self._kernel("qmultiply", "multiply", self.multiply, _SHARED, head)
        yield kernel.candidate(op, self.candidate, op.y.size * self.multiply.per_output)

    def averages(self, op: AveragePool) -> Iterator[Candidate]:
        """Return one kernel, for a multiple of some number of channels."""
        taps, cost = math.prod(op.window), self.average
        if taps > MAX_POOL_TAPS or op.x.channels % cost.channels or not _nhwc(op):
            return
        x, y = _signed(op.x), _signed(op.y)
        multiplier, shift = op.scale or (0, 0)
        head = words(
            (
                *_images(op),
                *(*op.window, *op.stride, (x - op.x_zero) * taps, multiplier, shift),
                *(op.y_zero - y, op.low - y, op.high - y, *_flips(op)),
            )
        )
        kernel = self._kernel("qavg_pool2d", "average", cost, _AVERAGE, head)
        estimate = op.y.size * (taps * cost.per_tap + cost.per_output)
        yield kernel.candidate(op, self.candidate, estimate)

    def maxima(self, op: MaxPool) -> Iterator[Candidate]:
        """Return one kernel, if every window has a tap in x."""
        cost = self.maximum
        if op.x.channels % cost.channels or not _nhwc(op) or not _reaches_x(op):
            return
        fixed = (*op.window, *op.stride, *op.dilation, op.pad_top, op.pad_left, _flips(op)[0])
        head = words((*_images(op), *fixed))
        kernel = self._kernel("max_pool2d", "max_pool", cost, _MAX_POOL, head)
        estimate = op.y.size * (math.prod(op.window) * cost.per_tap + cost.per_output)
        yield kernel.candidate(op, self.candidate, estimate)

    def lookups(self, op: Activation) -> Iterator[Candidate]:
        """Return one kernel, for any table."""
        if self.lookup is None:
            return
        head = words((op.y.size,))
        kernel = self._kernel("lookup", "lookup", self.lookup, _SHARED, head, by_byte(op))
        yield kernel.candidate(op, self.candidate, op.y.size * self.lookup.per_output)

    def _kernel(
        self,
        kernel: str,
        function: str,
        cost: Cost,
        shared: Sequence[CFile],
        head: Int32Array,
        *more: npt.NDArray[Any],
    ) -> CKernel:
        data = packed(head, *more)
        name = f"zc_{self.library}_{function}"
        files = (*shared, *cost.files)
        over = _IN_PLACE.get(function, ())
        size = 4 * data.size
        return CKernel(self.library, kernel, name, files, lambda: (data,), size, in_place=over)


def by_byte(op: Activation) -> npt.NDArray[Any]:
    """Return the table in the order of x's bytes, read as unsigned."""
    return np.roll(op.table, LIMITS[op.x.dtype][0])


def _nhwc(op: AveragePool | MaxPool) -> bool:
    return is_nhwc(op.x) and is_nhwc(op.y)


def _signed(tensor: Tensor) -> int:
    """Return what a byte stands for less, read as int8 with its highest bit flipped."""
    return 128 if tensor.dtype == "uint8" else 0


def _flips(op: Operator) -> list[int]:
    """Return what makes int8 of the bytes of inputs and outputs, by exclusive or."""
    tensors = (*op.inputs, op.y)
    return [0x80808080 if tensor.dtype == "uint8" else 0 for tensor in tensors]


def _images(op: AveragePool | MaxPool) -> tuple[int, ...]:
    x, y = op.x, op.y
    return (x.batch, x.height, x.width, y.height, y.width, x.channels)


def _reaches_x(op: MaxPool) -> bool:
    return all(
        pad <= (taps - 1) * dilation and (outputs - 1) * stride - pad < size
        for pad, taps, dilation, outputs, stride, size in (
            (op.pad_top, op.window[0], op.dilation[0], op.y.height, op.stride[0], op.x.height),
            (op.pad_left, op.window[1], op.dilation[1], op.y.width, op.stride[1], op.x.width),
        )
    )
