# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""3x3 depthwise convolutions from planes of one channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zephyr_counters.compile.kernels.c_files import c_file, c_files
from zephyr_counters.compile.kernels.dsp.blocks import bounds
from zephyr_counters.compile.kernels.dsp.scale import scale
from zephyr_counters.compile.kernels.words import flat_weights, is_int8, is_nhwc, packed, words
from zephyr_counters.extensions.kernel import Candidate, CFile, Lowering
from zephyr_counters.extensions.operator import Convolution
from zephyr_counters.extensions.tensor_ir import c_call
from zephyr_counters.extensions.tensors import Int32Array

PITCHES = (16, 32, 64, 128)
MAX_PLANE = 4096
"""Bytes; a larger plane is computed in strips."""
_FILES = c_files(
    "dsp",
    "zc_dsp.h",
    "zc_dsp_depthwise.h",
    "zc_dsp_depthwise.c",
    "zc_dsp_clamp.h",
    "zc_dsp_clamp.c",
)
_PITCH = re.compile(r"^#define PITCH +16$", re.MULTILINE)
_PER_OUTPUT = {1: 16, 2: 22}
_PER_INPUT = 4.5
_PER_CHANNEL, _PER_ROW = 80, 16


def candidates(op: Convolution) -> Iterator[Candidate]:
    """Return one kernel, for stride 1 or 2 and images of up to 126 columns."""
    if op.kernel != (3, 3) or op.dilation != (1, 1) or op.stride not in ((1, 1), (2, 2)):
        return
    if op.y.channels != op.x.channels or not (is_int8(op) and is_nhwc(op.x) and is_nhwc(op.y)):
        return
    stride, columns = op.stride[0], op.y.width
    width = (columns + 1) // 2 * 2 + 2 if stride == 1 else 2 * columns + 2
    width = max(width, op.x.width + op.pad_left)
    pitch = next((pitch for pitch in PITCHES if pitch >= width), None)
    data = None if pitch is None else _channels(op)
    if pitch is None or data is None:
        return
    planes = op.y.batch * op.y.channels
    estimate = op.y.size * _PER_OUTPUT[stride] + op.x.size * _PER_INPUT
    estimate += planes * (_PER_CHANNEL + _PER_ROW * (op.y.height + op.x.height))
    yield Candidate("planes", lambda: _lower(op, pitch, data), estimate, {"pitch": pitch})


def _channels(op: Convolution) -> Int32Array | None:
    """Return struct zc_dsp_channel of each channel; None if 32 bits cannot requantize one."""
    weight, bias = flat_weights(op)
    low, high = bounds(weight, bias)
    found = []
    for c in range(op.y.channels):
        item = scale(
            (int(low[c]), int(high[c])), int(op.multiplier[c]), int(op.shift[c]), op.y_zero
        )
        if item is None:
            return None
        if item.m == 0:
            weight[c] = 0
            bias[c] = 0
        for row in range(3):
            w0, w1, w2 = (int(value) & 0xFF for value in weight[c, 3 * row : 3 * row + 3])
            found.append(w0 | w1 << 8 | w1 << 16 | w2 << 24)
        found += [int(bias[c]), item.m, item.c, item.k]
    return words(found)


def _lower(op: Convolution, pitch: int, data: Int32Array) -> Lowering:
    stride = op.stride[0]
    strip = op.y.height
    while _plane(strip, stride) * pitch * 2 > MAX_PLANE and strip > 1:
        strip = (strip + 1) // 2
    # Columns of x that no window reaches are not read.
    columns = min(op.x.width, (op.y.width - 1) * stride + 3 - op.pad_left)
    head = words(
        (
            *(op.x.batch, op.x.height, op.x.width, op.y.height, op.y.width, op.y.channels),
            *(stride, op.pad_top, op.pad_left, columns, strip, _plane(strip, stride), pitch),
            *(op.x_zero, op.low, op.high),
        )
    )
    return c_call(
        "qdepthwise",
        op,
        f"zc_dsp_depthwise{stride}_{pitch}",
        constants=[packed(head, data)],
        files=(*_FILES, rows_file(stride, pitch)),
        scratch=_plane(strip, stride) * pitch * 2,
        requires=["dsp"],
    )


def _plane(strip: int, stride: int) -> int:
    """Return the rows of x, padding included, that `strip` rows of y take."""
    return strip * stride + 3 - stride


def rows_file(stride: int, pitch: int) -> CFile:
    """Return the functions of a stride and a pitch."""
    text, found = _PITCH.subn(
        f"#define PITCH {pitch}", c_file(f"dsp/zc_dsp_depthwise{stride}.c").text
    )
    assert found == 1
    return CFile(f"zc_dsp_depthwise{stride}_{pitch}.c", text)
