# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions of one group and matrix products, NHWC, by SMLAD from taps widened to int16."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zephyr_counters.compile.kernels.c_files import GEOMETRY, c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.dsp import gathered
from zephyr_counters.compile.kernels.dsp.blocks import blocks, fours, wide_blocks
from zephyr_counters.compile.kernels.in_place import overlap_of_pixels
from zephyr_counters.compile.kernels.sums import Ending
from zephyr_counters.compile.kernels.words import (
    as_int8,
    edge_pixels,
    flips,
    geometry,
    is_matrix,
    is_nhwc,
    kernel_name,
    packed,
    round_up,
    words,
)
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import Convolution, OffsetConvolution, Operator
from zephyr_counters.extensions.tensors import Int32Array

_CLAMP = ("zc_dsp_clamp.h", "zc_dsp_clamp.c")
_PRODUCT = ("zc_dsp.h", "zc_dsp_product.h", "zc_dsp_product_asm.h", "zc_dsp_product.c", *_CLAMP)
_PER_OUTPUT = 8.5
_PER_TAP, _PER_PIXEL = 2, 90
_PER_INPUT = 1.6
_PER_EDGE_ROW = 85
_PER_CALL = 300


@dataclass(frozen=True)
class _Weights:
    """How weights are packed, for the functions whose names end in `suffix`."""

    suffix: str
    pack: Callable[[Convolution, list[int]], Int32Array | None]
    per_product: float
    per_product_of_one_row: float

    def files(self, kind: str, driver: str) -> tuple[str, ...]:
        """Return names of the C files of a function that is in the files of `driver`."""
        found = (*_PRODUCT, f"zc_dsp_{driver}.h", f"zc_dsp_{driver}.c")
        wide = (f"zc_dsp_{kind}_wide.c", "zc_dsp_product_wide.c") if self.suffix else ()
        return (*found, *wide)


_NARROW = _Weights("", blocks, 0.8, 0.97)
_WIDE = _Weights("_wide", wide_blocks, 0.74, 0.78)


@dataclass(frozen=True)
class Way:
    """A function for a convolution of one group."""

    kind: str
    suffix: str
    """Of the names of functions for its weights."""
    kernel: CKernel
    estimate: float

    def candidate(self, op: Operator) -> Candidate:
        """Return the candidate for an operator that the function computes."""
        name = f"{self.kind}{self.suffix}"
        return self.kernel.candidate(op, name, self.estimate, widens=bool(self.suffix))


def candidates(op: Convolution) -> Iterator[Candidate]:
    """Return those that can do it exactly, with weights as bytes and widened."""
    yield from (way.candidate(op) for way in ways(op))
    yield from gathered.candidates(op)


def ways(op: Convolution, end: Ending | None = None) -> Iterator[Way]:
    """Return functions that can do it exactly.

    Args:
        op: the operator.
        end: what is done to outputs in the end, if that is not what the operator says.
    """
    if op.groups == 1 and is_nhwc(op.x) and is_nhwc(op.y):
        yield from _contiguous(op, _NARROW, end)
        yield from _contiguous(op, _WIDE, end)


def offset_candidates(op: OffsetConvolution) -> Iterator[Candidate]:
    """Return those with widened weights, which have room for their zero point."""
    conv = op.convolution
    if conv.groups == 1 and is_nhwc(conv.x) and is_nhwc(conv.y):
        weights = _Weights(
            _WIDE.suffix,
            lambda wanted, order: wide_blocks(wanted, order, op.weight_zero),
            _WIDE.per_product,
            _WIDE.per_product_of_one_row,
        )
        yield from (way.candidate(op) for way in _contiguous(conv, weights))


def _contiguous(conv: Convolution, weights: _Weights, end: Ending | None = None) -> Iterator[Way]:
    wanted = as_int8(conv)
    end = end or Ending(flips(conv)[1], wanted.low, wanted.high)
    inputs, outputs = conv.x.channels, conv.y.channels
    rows = conv.y.batch * conv.y.height * conv.y.width
    if is_matrix(conv) and rows == 1:
        order = [*fours(inputs), *range(inputs // 4 * 4, inputs)]
        if (data := weights.pack(wanted, order)) is not None:
            estimate = weights.per_product_of_one_row * inputs * outputs + 6.5 * outputs
            scratch = 2 * round_up(inputs, 8) + (round_up(outputs, 4) if outputs % 4 else 0)
            kernel = _matrix("dense", conv, weights, data, scratch, end)
            yield Way("dense", weights.suffix, kernel, estimate + _PER_CALL)
    aligned = inputs % 8 == 0 and outputs % 4 == 0
    taken = is_matrix(conv) and rows > 1 and aligned
    if taken and (data := weights.pack(wanted, fours(inputs))) is not None:
        per_row = (weights.per_product * inputs + _PER_OUTPUT) * outputs + _PER_INPUT * inputs
        kernel = _matrix("pointwise", conv, weights, data, 4 * inputs, end)
        yield Way("pointwise", weights.suffix, kernel, round_up(rows, 2) * per_row + _PER_CALL)
    if (data := weights.pack(wanted, _order(conv))) is not None:
        taps = math.prod(conv.weight.shape[1:])
        per_pixel = (weights.per_product * taps + _PER_OUTPUT) * outputs
        per_pixel += _PER_TAP * taps + _PER_PIXEL
        # The last of an odd number of pixels is computed twice.
        estimate = round_up(rows, 2) * per_pixel + _PER_CALL
        estimate += edge_pixels(conv) * _PER_EDGE_ROW * conv.kernel[0]
        yield Way("conv", weights.suffix, _conv(conv, weights, data, end), estimate)


def _matrix(
    kind: str,
    op: Convolution,
    weights: _Weights,
    data: Int32Array,
    scratch: int,
    end: Ending,
) -> CKernel:
    rows = op.y.batch * op.y.height * op.y.width
    sizes = (rows, op.x.channels, op.y.channels, data.size)
    head = words((*sizes, flips(op)[0], end.flip, end.low, end.high))
    return _kernel(kind, "matrix", op, weights, packed(head, data), scratch)


def _conv(op: Convolution, weights: _Weights, data: Int32Array, end: Ending) -> CKernel:
    count = math.prod(op.weight.shape[1:])
    taps, outputs = round_up(count, 8), op.y.channels
    sizes = geometry(op)
    if op.kernel[1] > 1 and op.dilation[1] > 1:
        # A row's taps are not contiguous: all pixels' are copied.
        sizes[-2:] = 0, 0
    # Padding is as x's own bytes.
    fixed = (op.x_zero, taps, data.size, flips(op)[0], end.flip, end.low, end.high)
    head = words((*sizes, *fixed))
    scratch = 4 * taps + (2 * round_up(outputs, 4) if outputs % 4 else 0) + count
    return _kernel("conv", "conv", op, weights, packed(head, data), scratch)


def _kernel(
    kind: str, driver: str, op: Convolution, weights: _Weights, data: Int32Array, scratch: int
) -> CKernel:
    # What two pixels read is widened in scratch memory first.
    over = overlap_of_pixels(op, at_once=2)
    return CKernel(
        "dsp",
        kernel_name(op),
        f"zc_dsp_{kind}{weights.suffix}",
        (GEOMETRY, *c_files("dsp", *weights.files(kind, driver))),
        lambda: (data,),
        4 * data.size,
        scratch,
        in_place=over.in_place,
        lead=over.lead,
    )


def _order(op: Convolution) -> list[int]:
    """Return whole fours of each kernel row, then what remains of each."""
    rows, length = op.kernel[0], op.kernel[1] * op.x.channels
    whole = [row * length + i for row in range(rows) for i in fours(length)]
    rest = range(length // 4 * 4, length)
    return whole + [row * length + i for row in range(rows) for i in rest]
