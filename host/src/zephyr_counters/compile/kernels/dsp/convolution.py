# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Convolutions of one group, and matrix products, by SMLAD from taps widened to int16."""

from __future__ import annotations

import math
from collections.abc import Iterator

from zephyr_counters.compile.kernels.c_files import c_files
from zephyr_counters.compile.kernels.dsp.blocks import blocks, fours
from zephyr_counters.compile.kernels.words import (
    edge_pixels,
    geometry,
    is_int8,
    is_matrix,
    is_nhwc,
    kernel_name,
    packed,
    round_up,
    words,
)
from zephyr_counters.extensions.kernel import Candidate, Lowering
from zephyr_counters.extensions.operator import Convolution
from zephyr_counters.extensions.tensor_ir import c_call
from zephyr_counters.extensions.tensors import Int32Array

_COMMON = ("zc_dsp.h", "zc_dsp_product.h", "zc_dsp_product.c", "zc_dsp_clamp.h", "zc_dsp_clamp.c")
_MATRIX = c_files("dsp", *_COMMON, "zc_dsp_matrix.h", "zc_dsp_matrix.c")
_CONV = c_files("dsp", *_COMMON, "zc_dsp_conv.h", "zc_dsp_conv.c")
_PER_PRODUCT = 0.8
_PER_PRODUCT_OF_ONE_ROW = 0.97
_PER_OUTPUT = 8.5
_PER_TAP, _PER_PIXEL = 2, 90
_PER_INPUT = 1.6
_PER_EDGE_ROW = 85


def candidates(op: Convolution) -> Iterator[Candidate]:
    """Return those of zc_dsp_dense, zc_dsp_pointwise and zc_dsp_conv that can do it exactly."""
    if op.groups != 1 or not (is_int8(op) and is_nhwc(op.x) and is_nhwc(op.y)):
        return
    inputs, outputs = op.x.channels, op.y.channels
    rows = op.y.batch * op.y.height * op.y.width
    if is_matrix(op) and rows == 1:
        order = [*fours(inputs), *range(inputs // 4 * 4, inputs)]
        if (data := blocks(op, order)) is not None:
            estimate = _PER_PRODUCT_OF_ONE_ROW * inputs * outputs + 6.5 * outputs
            scratch = 2 * round_up(inputs, 8) + (round_up(outputs, 4) if outputs % 4 else 0)
            yield _matrix("dense", op, data, estimate, scratch)
    aligned = inputs % 8 == 0 and outputs % 4 == 0
    if is_matrix(op) and rows > 1 and aligned and (data := blocks(op, fours(inputs))) is not None:
        per_row = (_PER_PRODUCT * inputs + _PER_OUTPUT) * outputs + _PER_INPUT * inputs
        yield _matrix("pointwise", op, data, round_up(rows, 2) * per_row, 4 * inputs)
    taps = math.prod(op.weight.shape[1:])
    if (data := blocks(op, _order(op))) is not None:
        per_pixel = (_PER_PRODUCT * taps + _PER_OUTPUT) * outputs + _PER_TAP * taps + _PER_PIXEL
        # The last of an odd number of pixels is computed twice.
        estimate = round_up(rows, 2) * per_pixel + edge_pixels(op) * _PER_EDGE_ROW * op.kernel[0]
        yield Candidate("conv", lambda: _conv(op, data), estimate)


def _matrix(
    kind: str, op: Convolution, data: Int32Array, estimate: float, scratch: int
) -> Candidate:
    rows = op.y.batch * op.y.height * op.y.width
    head = words((rows, op.x.channels, op.y.channels, data.size, op.low, op.high))

    def lower() -> Lowering:
        return c_call(
            kernel_name(op),
            op,
            f"zc_dsp_{kind}",
            constants=[packed(head, data)],
            files=_MATRIX,
            scratch=scratch,
            requires=["dsp"],
        )

    return Candidate(kind, lower, estimate)


def _conv(op: Convolution, data: Int32Array) -> Lowering:
    count = math.prod(op.weight.shape[1:])
    taps, outputs = round_up(count, 8), op.y.channels
    sizes = geometry(op)
    if op.kernel[1] > 1 and op.dilation[1] > 1:
        # A row's taps are not contiguous: all pixels' are copied.
        sizes[-2:] = 0, 0
    head = words((*sizes, op.x_zero, taps, data.size, op.low, op.high))
    scratch = 4 * taps + (2 * round_up(outputs, 4) if outputs % 4 else 0) + count
    return c_call(
        kernel_name(op),
        op,
        "zc_dsp_conv",
        constants=[packed(head, data)],
        files=_CONV,
        scratch=scratch,
        requires=["dsp"],
    )


def _order(op: Convolution) -> list[int]:
    """Return whole fours of each kernel row, then what remains of each."""
    rows, length = op.kernel[0], op.kernel[1] * op.x.channels
    whole = [row * length + i for row in range(rows) for i in fours(length)]
    rest = range(length // 4 * 4, length)
    return whole + [row * length + i for row in range(rows) for i in rest]
