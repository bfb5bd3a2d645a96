# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recognizing quantized softmax."""

from __future__ import annotations

import numpy as np

from zephyr_counters.compile.quantize.matchers import Match, Matcher, Requantize
from zephyr_counters.extensions.operator import Softmax
from zephyr_counters.extensions.tensors import INT32_MAX, Tensor

MAX_BITS, MIN_BITS = 23, 12
"""Of table[0]: with 23, an 8-bit result is right but for ties; less than 12 is too coarse."""


def match(matcher: Matcher, end: Requantize) -> Match | None:
    """Dequantize -> softmax over the last axis -> quantize."""
    step = matcher.producer(end.before, "softmax")
    x = None if step is None else matcher.dequantized(step.value.args[0])
    if step is None or x is None or x.shape != end.shape:
        return None
    if int(step.value.attrs.axis) not in (-1, len(x.shape) - 1):
        return None
    bits = min(MAX_BITS, 30 - x.shape[-1].bit_length())
    steps = 256 / end.scale
    if bits < MIN_BITS or not 1 <= steps <= INT32_MAX:
        return None
    table = np.rint(np.exp(-np.arange(256) * x.scale) * 2**bits).astype(np.int32)
    op = Softmax(
        x=Tensor(x.shape, x.dtype),
        y=Tensor(end.shape, end.dtype),
        table=table,
        steps=round(steps),
        y_zero=end.zero,
        low=end.low,
        high=end.high,
    )
    return Match((step, *end.steps), op, (x.var,))
