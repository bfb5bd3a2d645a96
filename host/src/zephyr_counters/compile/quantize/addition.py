# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recognizing quantized residual additions."""

from __future__ import annotations

import math

import numpy as np

from zephyr_counters.compile.quantize.matchers import Match, Matcher, Requantize
from zephyr_counters.extensions.operator import Addition
from zephyr_counters.extensions.tensors import INT32_MAX, Tensor

MAX_SHIFT, MIN_SHIFT, FACTOR_BITS = 30, 12, 20


def match(matcher: Matcher, end: Requantize) -> Match | None:
    """dequantize(a) + dequantize(b) -> activation -> quantize, without broadcasting."""
    added = matcher.producer(end.before, "add")
    if added is None:
        return None
    a, b = (matcher.dequantized(arg) for arg in added.value.args)
    if a is None or b is None or not a.shape == b.shape == end.shape:
        return None
    fixed = _fixed(*(float(np.float32(x.scale) / np.float32(end.scale)) for x in (a, b)))
    if fixed is None:
        return None
    factors, shift = fixed
    op = Addition(
        a=Tensor(a.shape, a.dtype),
        b=Tensor(b.shape, b.dtype),
        y=Tensor(end.shape, end.dtype),
        zeros=(a.zero, b.zero),
        factors=factors,
        shift=shift,
        y_zero=end.zero,
        low=end.low,
        high=end.high,
    )
    return Match((added, *end.steps), op, (a.var, b.var))


def _fixed(a: float, b: float) -> tuple[tuple[int, int], int] | None:
    """Both scales as factors / 2^shift, of which the larger factor has 21 bits.

    These are the factors of XNNPACK (src/microparams-init.c, qs8 vadd), with which LiteRT adds;
    others would differ where a sum lies between two steps. None if they do not fit.
    """
    if min(a, b) <= 0 or not math.isfinite(a + b):
        return None
    shift = FACTOR_BITS - (math.frexp(max(a, b))[1] - 1)
    if not MIN_SHIFT <= shift <= MAX_SHIFT:
        return None
    factors = round(a * 2**shift), round(b * 2**shift)
    if min(factors) <= 0 or sum(factors) * 256 + 2**shift > INT32_MAX:
        return None
    return factors, shift
