# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions and matrix products by VMLADAVA."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from zephyr_counters.compile.kernels import gather
from zephyr_counters.compile.kernels.c_files import GEOMETRY, c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.in_place import APART, Overlap, overlap_of_pixels
from zephyr_counters.compile.kernels.sums import Ending
from zephyr_counters.compile.kernels.words import (
    as_int8,
    edge_pixels,
    flat_weights,
    flips,
    geometry,
    is_matrix,
    is_nhwc,
    kernel_name,
    packed,
    round_up,
    words,
)
from zephyr_counters.extensions.kernel import Candidate, CFile
from zephyr_counters.extensions.operator import Convolution
from zephyr_counters.extensions.tensors import Int32Array

MIN_SHIFT = 33
"""The high word of a product is shifted by what exceeds 32, to the right and rounding."""
_PRODUCT = ("zc_mve.h", "zc_mve_bytes.h", "zc_mve_bytes.c", "zc_mve_product.h", "zc_mve_product.c")
_FILES = (GEOMETRY, *c_files("mve", *_PRODUCT, "zc_mve_conv.h", "zc_mve_conv.c"))
_GATHER = (*gather.FILES, *c_files("mve", *_PRODUCT, "zc_mve_gather.h", "zc_mve_gather.c"))
_PER_PRODUCT = 0.125
_PER_OUTPUT = 4
_PER_TAP, _PER_KERNEL_ROW, _PER_PIXEL = 0.4, 14, 70
_PER_EDGE_ROW = 85
_PER_CALL = 150
_PER_GATHERED_TAP, _PER_GATHERED_PIXEL, _PER_SCATTERED_OUTPUT = 1, 190, 4
_PER_COLUMN_AT_EDGE = 35


@dataclass(frozen=True)
class Way:
    """A function for a convolution of one group."""

    kind: str
    kernel: CKernel
    estimate: float


def candidates(op: Convolution) -> Iterator[Candidate]:
    """Return those of dense, pointwise, conv and gather that can do it exactly."""
    for way in ways(op):
        yield way.kernel.candidate(op, way.kind, way.estimate)
    if int(op.shift.min()) >= MIN_SHIFT and gather.fits(op):
        yield _gathered(op)


def ways(op: Convolution, end: Ending | None = None) -> Iterator[Way]:
    """Return functions that can do it exactly.

    Args:
        op: the operator.
        end: what is done to outputs in the end, if that is not what the operator says.
    """
    if int(op.shift.min()) < MIN_SHIFT or op.groups != 1:
        return
    if not (is_nhwc(op.x) and is_nhwc(op.y)):
        return
    wanted = as_int8(op)
    end = end or Ending(flips(op)[1], wanted.low, wanted.high)
    inputs, outputs = math.prod(op.weight.shape[1:]), op.y.channels
    rows = op.y.batch * op.y.height * op.y.width
    per_row = (_PER_PRODUCT * round_up(inputs, 16) + _PER_OUTPUT) * outputs
    taps = round_up(inputs, 16)
    if is_matrix(op) and rows == 1:
        room = taps + round_up(outputs, 4)
        estimate = per_row + _PER_TAP * taps + _PER_CALL
        yield Way("dense", _conv(op, "dense", room, end), estimate)
    if is_matrix(op) and inputs >= 8 and outputs % 4 == 0 and op.x.dtype == "int8":
        estimate = rows * (per_row + 10) + _PER_CALL
        yield Way("pointwise", _conv(op, "pointwise", taps, end), estimate)
    scratch = 2 * taps + (2 * round_up(outputs, 4) if outputs % 4 else 0)
    per_row += _PER_TAP * taps + _PER_KERNEL_ROW * op.kernel[0] + _PER_PIXEL
    estimate = round_up(rows, 2) * per_row + edge_pixels(op) * _PER_EDGE_ROW * op.kernel[0]
    yield Way("conv", _conv(op, "conv", scratch, end), estimate)


def _gathered(op: Convolution) -> Candidate:
    count, outputs = math.prod(op.weight.shape[1:]), op.y.channels // op.groups
    taps, padded = round_up(count, 16), round_up(outputs, 4)
    pixels = op.y.batch * op.y.height * op.y.width
    per_pixel = (_PER_PRODUCT * taps + _PER_OUTPUT) * padded + _PER_SCATTERED_OUTPUT * outputs
    per_pixel += _PER_GATHERED_TAP * taps + _PER_GATHERED_PIXEL
    estimate = op.groups * round_up(pixels, 2) * per_pixel
    columns = math.prod(op.kernel)
    estimate += op.groups * edge_pixels(op) * columns * _PER_COLUMN_AT_EDGE
    size = _nbytes(outputs, count)
    head = gather.head(op, as_int8(op), taps, size)

    def make() -> Int32Array:
        return packed(head, *(blocks(group) for group in gather.groups_of(as_int8(op))))

    nbytes = 4 * head.size + op.groups * size
    kernel = _kernel(op, "gather", _GATHER, make, nbytes, 2 * taps + 2 * padded)
    return kernel.candidate(op, "gather", estimate)


def blocks(op: Convolution) -> Int32Array:
    """Weights, and what belongs to output channels, as zc_mve_product.h wants them."""
    weight, bias = flat_weights(op)
    outputs, depth = weight.shape
    padded, taps = round_up(outputs, 4), round_up(depth, 16)
    w = np.zeros((padded, taps), np.int8)
    w[:outputs, :depth] = weight
    b, multiplier = np.zeros(padded, np.int32), np.zeros(padded, np.int32)
    shift = np.full(padded, -1, np.int32)
    b[:outputs] = bias
    multiplier[:outputs] = op.multiplier
    shift[:outputs] = 32 - op.shift
    parts = []
    for first in range(0, padded, 4):
        four = slice(first, first + 4)
        rows = w[four].reshape(4, taps // 16, 16).transpose(1, 0, 2)
        parts.append(packed(b[four], rows, multiplier[four], shift[four]))
    return np.concatenate(parts)


def _nbytes(outputs: int, depth: int) -> int:
    """Return the size of `blocks`."""
    return round_up(outputs, 4) * (round_up(depth, 16) + 12)


def _conv(op: Convolution, kind: str, scratch: int, end: Ending) -> CKernel:
    count = math.prod(op.weight.shape[1:])
    sizes = geometry(op)
    if op.kernel[1] > 1 and op.dilation[1] > 1:
        # A row's taps are not contiguous: all pixels' are copied tap by tap.
        sizes[-2:] = 0, 0
    wanted, size = as_int8(op), _nbytes(op.y.channels, count)
    fixed = (round_up(count, 16), size, wanted.y_zero, end.low, end.high)
    # Padding is as x's own bytes.
    head = words((*sizes, op.x_zero, *fixed, flips(op)[0], end.flip, 0, 0, 0))
    nbytes = 4 * head.size + size
    over = overlap_of_pixels(op, at_once=2, is_buffered=kind != "pointwise")
    return _kernel(op, kind, _FILES, lambda: packed(head, blocks(wanted)), nbytes, scratch, over)


def _kernel(
    op: Convolution,
    kind: str,
    files: tuple[CFile, ...],
    make: Callable[[], Int32Array],
    nbytes: int,
    scratch: int,
    over: Overlap = APART,
) -> CKernel:
    return CKernel(
        "mve",
        kernel_name(op),
        f"zc_mve_{kind}",
        files,
        lambda: (make(),),
        nbytes,
        scratch,
        in_place=over.in_place,
        lead=over.lead,
    )
