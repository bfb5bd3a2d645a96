# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recognizing quantized multiplications, element by element."""

from __future__ import annotations

from zephyr_counters.compile.quantize.matchers import Match, Matcher, Requantize
from zephyr_counters.extensions.operator import Multiplication
from zephyr_counters.extensions.tensors import Tensor, quantize_scale

MAX_SCALE = 2.0**14
"""Beyond this 32 bits might not hold what requantization gives."""


def match(matcher: Matcher, end: Requantize) -> Match | None:
    """dequantize(a) * dequantize(b) -> activation -> quantize, without broadcasting."""
    product = matcher.producer(end.before, "multiply")
    if product is None:
        return None
    a, b = (matcher.dequantized(arg) for arg in product.value.args)
    if a is None or b is None or not a.shape == b.shape == end.shape:
        return None
    scale = a.scale * b.scale / end.scale
    fixed = quantize_scale(scale)
    if fixed is None or scale > MAX_SCALE:
        return None
    op = Multiplication(
        a=Tensor(a.shape, a.dtype),
        b=Tensor(b.shape, b.dtype),
        y=Tensor(end.shape, end.dtype),
        zeros=(a.zero, b.zero),
        multiplier=fixed[0],
        shift=fixed[1],
        y_zero=end.zero,
        low=end.low,
        high=end.high,
    )
    return Match((product, *end.steps), op, (a.var, b.var))
