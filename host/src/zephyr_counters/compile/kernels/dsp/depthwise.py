# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Depthwise convolutions, with a multiplier or not, from planes of one channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zephyr_counters.compile.kernels.c_files import c_file, c_files
from zephyr_counters.compile.kernels.c_kernel import CKernel
from zephyr_counters.compile.kernels.dsp.blocks import bounds
from zephyr_counters.compile.kernels.dsp.scale import Scale, scale
from zephyr_counters.compile.kernels.in_place import overlap
from zephyr_counters.compile.kernels.words import (
    Int64Array,
    as_int8,
    flat_weights,
    flips,
    packed,
    words,
)
from zephyr_counters.extensions.kernel import Candidate, CFile
from zephyr_counters.extensions.operator import Convolution, OffsetConvolution
from zephyr_counters.extensions.tensors import Int32Array

PITCHES = (16, 32, 64, 128)
MAX_PLANE = 4096
"""Bytes; a larger plane is computed in strips."""
_NAMES = ("zc_dsp.h", "zc_dsp_depthwise.h", "zc_dsp_depthwise.c", "zc_dsp_clamp.h")
_FILES = c_files("dsp", *_NAMES, "zc_dsp_clamp.c")
_ANY = (*_FILES, c_file("dsp/zc_dsp_depthwise_any.c"))
_PITCH = re.compile(r"^#define PITCH +16$", re.MULTILINE)
_PER_OUTPUT = {1: 16, 2: 22}
_PER_INPUT, _PER_FLIPPED_INPUT = 4.5, 6.5
_PER_CHANNEL, _PER_ROW = 90, 18
_PER_ANY_OUTPUT, _PER_KERNEL_ROW = 20, 5
_PER_PAIR, _PER_LOOPED_PAIR = {2: 3, 3: 3}, 7
"""Instructions; the loop over 2 or 3 pairs of a row is unrolled."""


def candidates(op: Convolution) -> Iterator[Candidate]:
    """Return those of planes and plane-pairs that can do it exactly."""
    channels = _channels(op) if _fits(op) else None
    if channels is None:
        return
    stride, columns = op.stride[0], op.y.width
    if op.kernel == (3, 3) and op.dilation == (1, 1) and op.stride in ((1, 1), (2, 2)):
        width = (columns + 1) // 2 * 2 + 2 if stride == 1 else 2 * columns + 2
        width = max(width, op.x.width + op.pad_left)
        pitch = next((pitch for pitch in PITCHES if pitch >= width), None)
        if pitch is not None:
            estimate = _around(op) + op.y.size * _PER_OUTPUT[stride]
            files = (*_FILES, c_file("dsp/zc_dsp_rows.h"), rows_file(stride, pitch))
            function = f"zc_dsp_depthwise{stride}_{pitch}"
            kernel = _kernel(op, function, files, pitch, [_three_rows(one) for one in channels])
            yield kernel.candidate(op, "planes", estimate, {"pitch": pitch})
    yield from _paired(op, op, channels)


def offset_candidates(op: OffsetConvolution) -> Iterator[Candidate]:
    """Return plane-pairs, whose weights have room for a zero point, if it can do it exactly."""
    conv = op.convolution
    channels = _channels(conv, op.weight_zero) if _fits(conv) else None
    if channels is not None:
        yield from _paired(op, conv, channels)


def _paired(
    op: Convolution | OffsetConvolution, conv: Convolution, channels: list[_Channel]
) -> Iterator[Candidate]:
    """Return the kernel for neighbouring columns. Its weights are int16, but they are few."""
    if conv.dilation[1] != 1 and conv.kernel[1] != 1:
        return
    pairs = (conv.kernel[1] + 1) // 2
    width = (conv.y.width - 1) * conv.stride[1] + 2 * pairs
    per_row = _PER_KERNEL_ROW + pairs * _PER_PAIR.get(pairs, _PER_LOOPED_PAIR)
    estimate = _around(conv) + conv.y.size * (_PER_ANY_OUTPUT + conv.kernel[0] * per_row)
    packs = [_pairs(one, conv.kernel) for one in channels]
    pitch = max(width, conv.x.width + conv.pad_left)
    kernel = _kernel(conv, "zc_dsp_depthwise_any", _ANY, pitch, packs)
    yield kernel.candidate(op, "plane-pairs", estimate)


def _fits(op: Convolution) -> bool:
    """Tell whether it is depthwise, and its outputs and windows lie as the kernels expect."""
    _, row, column, _ = op.y.strides
    rows = op.y.height == 1 or row == op.y.width * column
    return rows and int(op.weight.shape[3]) == 1 and op.groups == op.x.channels and _reaches_x(op)


def _around(op: Convolution) -> float:
    """Instructions of gathering the planes, and per row and channel."""
    per_input = _PER_FLIPPED_INPUT if op.x.dtype == "uint8" else _PER_INPUT
    rows = op.x.batch * (op.x.channels * op.x.height + op.y.channels * op.y.height)
    return op.x.size * per_input + op.x.batch * op.y.channels * _PER_CHANNEL + rows * _PER_ROW


def _reaches_x(op: Convolution) -> bool:
    """Tell whether every window has a tap in x: the kernels do not expect strips without."""
    return all(
        pad <= (taps - 1) * dilation and (outputs - 1) * stride - pad < size
        for pad, taps, dilation, outputs, stride, size in (
            (op.pad_top, op.kernel[0], op.dilation[0], op.y.height, op.stride[0], op.x.height),
            (op.pad_left, op.kernel[1], op.dilation[1], op.y.width, op.stride[1], op.x.width),
        )
    )


@dataclass(frozen=True, eq=False)
class _Channel:
    weight: Int64Array
    bias: int
    scale: Scale

    @property
    def fixed(self) -> list[int]:
        return [self.bias, self.scale.m, self.scale.c, self.scale.k]


def _channels(op: Convolution, weight_zero: int = 0) -> list[_Channel] | None:
    """Return each output channel; None if 32 bits cannot requantize one."""
    wanted = as_int8(op)
    weight, bias = flat_weights(wanted, weight_zero)
    low, high = bounds(weight, bias)
    found = []
    for c in range(op.y.channels):
        sums = int(low[c]), int(high[c])
        item = scale(sums, int(op.multiplier[c]), int(op.shift[c]), wanted.y_zero)
        if item is None:
            return None
        used = 0 if item.m == 0 else 1
        found.append(_Channel(weight[c] * used, int(bias[c]) * used, item))
    return found


def _three_rows(channel: _Channel) -> list[int]:
    """Return struct zc_dsp_channel."""
    found = []
    for row in range(3):
        w0, w1, w2 = (int(value) & 0xFF for value in channel.weight[3 * row : 3 * row + 3])
        found.append(w0 | w1 << 8 | w1 << 16 | w2 << 24)
    return found + channel.fixed


def _pairs(channel: _Channel, kernel: tuple[int, int]) -> list[int]:
    """Return struct zc_dsp_channel_any."""
    padded = np.zeros((kernel[0], (kernel[1] + 1) // 2 * 2), np.int64)
    padded[:, : kernel[1]] = channel.weight.reshape(kernel)
    flat = (padded & 0xFFFF).reshape(-1, 2)
    return channel.fixed + [int(low | high << 16) for low, high in flat]


def _kernel(
    op: Convolution, function: str, files: tuple[CFile, ...], pitch: int, channels: list[list[int]]
) -> CKernel:
    strip = op.y.height
    while _plane(op, strip) * pitch * 2 > MAX_PLANE and strip > 1:
        strip = (strip + 1) // 2
    plane = _plane(op, strip)
    # Columns of x that no window reaches are not read.
    columns = (op.y.width - 1) * op.stride[1] + op.kernel[1] - op.pad_left
    wanted, x, y = as_int8(op), op.x.strides, op.y.strides
    multiplier = op.y.channels // op.x.channels
    head = words(
        (
            *(op.x.batch, op.x.channels, multiplier, op.x.height, op.y.height, op.y.width),
            *(*x, op.y.size // op.y.batch, y[2], y[3], *op.stride, op.pad_top, op.pad_left),
            *(min(op.x.width, columns), strip, plane, pitch),
            *(op.kernel[0], (op.kernel[1] + 1) // 2, op.dilation[0] * pitch, 4 * len(channels[0])),
            *(op.x_zero, *flips(op), wanted.low, wanted.high),
        )
    )
    size = 4 * (head.size + sum(map(len, channels)))
    scratch = plane * pitch * 2

    def constants() -> tuple[Int32Array]:
        return (packed(head, *(words(channel) for channel in channels)),)

    over = overlap(op, at_once=strip * op.y.width)
    return CKernel(
        "dsp",
        "qdepthwise",
        function,
        files,
        constants,
        size,
        scratch,
        in_place=over.in_place,
        lead=over.lead,
    )


def _plane(op: Convolution, strip: int) -> int:
    """Return the rows of x, padding included, that `strip` rows of y take."""
    return (strip - 1) * op.stride[0] + (op.kernel[0] - 1) * op.dilation[0] + 1


def rows_file(stride: int, pitch: int) -> CFile:
    """Return the functions of a stride and a pitch."""
    text, found = _PITCH.subn(
        f"#define PITCH {pitch}", c_file(f"dsp/zc_dsp_depthwise{stride}.c").text
    )
    assert found == 1
    return CFile(f"zc_dsp_depthwise{stride}_{pitch}.c", text)
