# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which operators CMSIS-NN computes with the bits that the compiler prescribes.

With CMSIS_NN_USE_SINGLE_ROUNDING, CMSIS-NN requantizes as `extensions/operator` does, if no
shift is to the left. Its additions, multiplications and softmax round otherwise, so they are not
taken; an average is, if the other rounding of ties never shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from zephyr_counters.compile.kernels.words import (
    is_int8,
    is_matrix,
    is_nhwc,
    kernel_name,
    packed,
    round_up,
    words,
)
from zephyr_counters.extensions.kernel import Candidate, CFile, KernelLibrary, Lowering
from zephyr_counters.extensions.operator import (
    AveragePool,
    Convolution,
    MatrixProduct,
    MaxPool,
    Operator,
)
from zephyr_counters.extensions.tensor_ir import c_call

FOLDER = Path(__file__).parent / "kernels"
_COMMON = "zc_cmsis_nn_common.h"
PORTABLE, DSP, MVE = 0, 1, 2
"""The paths that CMSIS-NN has, by what the core has."""
_LEAST_SHIFT = 32
"""Of the operator's requantization: CMSIS-NN's is 31 minus it, and then to the right."""
_CHANNELS_OF_MVE = 124
"""Channels that arm_depthwise_conv_s8_opt does at once (CH_IN_BLOCK_MVE)."""
_DENSE_INSTRUCTIONS = {PORTABLE: 7.0, DSP: 1.7, MVE: 0.25}
_CONV_INSTRUCTIONS = {PORTABLE: 6.0, DSP: 1.7, MVE: 0.35}
_DEPTHWISE_INSTRUCTIONS = {PORTABLE: 10.0, DSP: 6.5, MVE: 1.2}
_POOL_INSTRUCTIONS = {PORTABLE: 6.0, DSP: 4.0, MVE: 1.0}
"""Per product or tap, about."""
_PER_OUTPUT = 15
_MOST_TAPS = 4096
"""Of an average: each possible sum is tried."""


@dataclass(frozen=True)
class CmsisNN:
    """Convolutions of one group or of one per channel, matrix products, and pools, of int8."""

    name: str = "cmsis-nn"
    path: int = PORTABLE

    def for_core(self, features: Set[str]) -> CmsisNN:
        """Return the library for a core with these features."""
        path = MVE if "mve" in features else DSP if "dsp" in features else PORTABLE
        return replace(self, path=path)

    def candidates(self, op: Operator) -> Iterator[Candidate]:
        """One call of the library."""
        if not is_int8(op):
            return
        if isinstance(op, Convolution) and _is_exact(op):
            if isinstance(op, MatrixProduct):
                yield self._dense(op)
            elif op.is_depthwise and self._reads_within(op):
                yield self._convolution("depthwise", op, self._depthwise_scratch(op))
            elif op.groups == 1:
                yield self._convolution("conv", op, self._conv_scratch(op))
        elif isinstance(op, AveragePool) and _takes_average(op):
            sums = 4 * op.x.channels if self.path == DSP else 0
            yield self._pool("average", op, (op.low, op.high), (0, 0), sums)
        elif isinstance(op, MaxPool) and _takes_maximum(op):
            yield self._pool("maximum", op, (-128, 127), (op.pad_top, op.pad_left))

    def _convolution(self, kind: str, op: Convolution, scratch: int) -> Candidate:
        head = words(
            (
                *_sizes(op),
                *op.kernel,
                *op.stride,
                *op.dilation,
                *(op.pad_top, op.pad_left, -op.x_zero, op.y_zero, op.low, op.high, scratch),
            )
        )
        depthwise = kind == "depthwise"
        weight = op.weight[..., 0].transpose(1, 2, 0) if depthwise else op.weight
        data = (words(op.bias), words(op.multiplier), words(31 - op.shift), _padded(weight))
        costs = _DEPTHWISE_INSTRUCTIONS if depthwise else _CONV_INSTRUCTIONS
        taps = math.prod(op.weight.shape[1:])
        estimate = op.y.size * (costs[self.path] * taps + _PER_OUTPUT)
        lower = partial(self._call, kind, kernel_name(op), op, (head, *data), max(8, scratch))
        return Candidate(kind, lower, estimate)

    def _dense(self, op: Convolution) -> Candidate:
        rows, inputs, outputs = op.x.batch, op.x.channels, op.y.channels
        same = len(set(op.multiplier.tolist())) == len(set(op.shift.tolist())) == 1
        scale = (int(op.multiplier[0]), 31 - int(op.shift[0])) if same else (0, 0)
        head = words((rows, inputs, outputs, -op.x_zero, op.y_zero, op.low, op.high, *scale))
        data = [words(op.bias)]
        if not same:
            data += [words(op.multiplier), words(31 - op.shift)]
        if self.path == MVE:
            sums = op.weight.reshape(outputs, -1).sum(axis=1, dtype=np.int64)
            data.append(words(op.bias - op.x_zero * sums))
        data.append(_padded(op.weight))
        estimate = rows * outputs * (_DENSE_INSTRUCTIONS[self.path] * inputs + _PER_OUTPUT)
        lower = partial(self._call, "dense", kernel_name(op), op, (head, *data), 0)
        return Candidate("dense", lower, estimate)

    def _pool(
        self,
        kind: str,
        op: AveragePool | MaxPool,
        limits: tuple[int, int],
        pads: tuple[int, int],
        scratch: int | None = None,
    ) -> Candidate:
        head = words(
            (*_sizes(op), *op.window, *op.stride, 1, 1, *pads, 0, 0, *limits, scratch or 0)
        )
        estimate = op.y.size * (_POOL_INSTRUCTIONS[self.path] * math.prod(op.window) + _PER_OUTPUT)
        size = 0 if scratch is None else max(8, scratch)
        name = f"q{'avg' if kind == 'average' else 'max'}_pool2d"
        return Candidate(kind, partial(self._call, kind, name, op, (head,), size), estimate)

    def _call(
        self,
        kind: str,
        name: str,
        op: Operator,
        data: Sequence[npt.NDArray[np.int32]],
        scratch: int,
    ) -> Lowering:
        # A header would be included into kernels.c, which does without CMSIS-NN's.
        common = (FOLDER / _COMMON).read_text()
        text = (FOLDER / f"zc_cmsis_nn_{kind}.c").read_text()
        path = f"#define ZC_CMSIS_NN_CORE {self.path}\n{common}"
        files = [
            CFile("zc_cmsis_nn.h", (FOLDER / "zc_cmsis_nn.h").read_text()),
            CFile(f"zc_cmsis_nn_{kind}.c", text.replace(f'#include "{_COMMON}"\n', path)),
        ]
        return c_call(
            name,
            op,
            f"zc_cmsis_nn_{kind}",
            constants=[packed(*data)],
            files=files,
            scratch=scratch,
            requires=[(), ("dsp",), ("mve",)][self.path],
        )

    def _reads_within(self, op: Convolution) -> bool:
        """Tell whether arm_depthwise_conv_3x3_s8, where it is called, finds its middle column."""
        if self.path == MVE or op.kernel != (3, 3):
            return True
        return (op.y.width - 1) * op.stride[1] - op.pad_left + 1 < op.x.width

    def _conv_scratch(self, op: Convolution) -> int:
        """As arm_convolve_wrapper_s8_get_buffer_size() says."""
        taps = math.prod(op.weight.shape[1:])
        if op.kernel == (1, 1) and op.dilation == (1, 1) and not op.is_padded:
            return 0
        if self.path != MVE:
            return 4 * round_up(taps, 4)
        # A row of one image may take the other function, which has its own formula.
        row = (op.kernel[1] + op.pad_left + op.stride[1] + op.kernel[1]) * op.x.channels
        return max(4 * round_up(taps, 16), row if op.x.height == 1 else 0)

    def _depthwise_scratch(self, op: Convolution) -> int:
        """As arm_depthwise_conv_wrapper_s8_get_buffer_size() says."""
        if op.x.batch > 1 or op.dilation != (1, 1) or self.path == PORTABLE:
            return 0
        if self.path == MVE:
            return 4 * _CHANNELS_OF_MVE * math.prod(op.kernel)
        if op.kernel == (3, 3) and op.pad_top <= 1 and op.pad_left <= 1:
            return 0
        return 2 * op.x.channels * math.prod(op.kernel)


def _is_exact(op: Convolution) -> bool:
    """Tell whether CMSIS-NN rounds once, and reads and writes the tensors as they lie."""
    rounds_once = bool(np.all(op.shift >= _LEAST_SHIFT))
    if isinstance(op, MatrixProduct):
        return rounds_once and is_matrix(op) and is_nhwc(op.x) and is_nhwc(op.y)
    # Without padding before the image, a 1x1 kernel is read as if there were none after it, either.
    before = op.pad_top > 0 or op.pad_left > 0
    if op.kernel == (1, 1) and op.is_padded and not before:
        return False
    return rounds_once and is_nhwc(op.x) and is_nhwc(op.y)


def _takes_average(op: AveragePool) -> bool:
    """Tell whether the average is CMSIS-NN's for every sum: it rounds ties away from zero."""
    count = math.prod(op.window)
    if count > _MOST_TAPS or not (is_nhwc(op.x) and is_nhwc(op.y)):
        return False
    sums = np.arange(-128 * count, 127 * count + 1, dtype=np.int64)
    acc = sums - op.x_zero * count
    if op.scale is None:
        mean = _divided(acc, count)
    else:
        mean = (acc * op.scale[0] + (1 << (op.scale[1] - 1))) >> op.scale[1]
    ours = np.clip(mean + op.y_zero, op.low, op.high)
    return bool(np.array_equal(ours, np.clip(_divided(sums, count), op.low, op.high)))


def _divided(sums: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """Return the nearest integers to `sums / count`, ties away from zero."""
    return np.sign(sums) * ((np.abs(sums) + count // 2) // count)


def _takes_maximum(op: MaxPool) -> bool:
    return op.dilation == (1, 1) and is_nhwc(op.x) and is_nhwc(op.y)


def _sizes(op: Convolution | AveragePool | MaxPool) -> tuple[int, ...]:
    x, y = op.x, op.y
    return (x.batch, x.height, x.width, x.channels, y.height, y.width, y.channels)


def _padded(weight: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Return weights in one row, to a whole number of words."""
    flat = np.ascontiguousarray(weight).reshape(-1)
    return np.pad(flat, (0, -flat.size % 4))


def register(add: Callable[[KernelLibrary], None]) -> None:
    """Register the library; the compiler calls this for `--target c,cmsis-nn`."""
    add(CmsisNN())
