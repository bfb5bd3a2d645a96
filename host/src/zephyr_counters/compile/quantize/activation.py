# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Recognizing functions of one 8-bit tensor, element by element, as tables of 256 values."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.frontends.programs import LOOKUP
from zephyr_counters.compile.quantize.matchers import (
    Match,
    Matcher,
    Quantized,
    Requantize,
    clip_bounds,
)
from zephyr_counters.extensions.operator import Activation
from zephyr_counters.extensions.tensors import LIMITS, Tensor

Values = npt.NDArray[np.float32]

MAX_STEPS = 32
"""Longer chains stay as they are."""

_CLIPS = ("relu", "relu6", "clip")
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "add": np.add,
    "divide": np.divide,
    "erf": np.vectorize(math.erf, [np.float32]),
    "exp": np.exp,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "multiply": np.multiply,
    "negative": np.negative,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "sqrt": np.sqrt,
    "subtract": np.subtract,
    "tanh": np.tanh,
}


def match(matcher: Matcher, end: Requantize) -> Match | None:
    """Dequantize -> any of the functions above, with scalars -> activation -> quantize."""
    walk = _Walk(matcher)
    with np.errstate(all="ignore"):
        values = walk.values(end.before)
    x = walk.x
    if values is None or x is None or values.shape != (256,) or x.shape != end.shape:
        return None
    quantized = np.rint(values / np.float32(end.scale)) + end.zero
    if np.any(np.isnan(quantized)):
        return None
    table = np.clip(quantized, end.low, end.high).astype(end.dtype)
    op = Activation(Tensor(x.shape, x.dtype), Tensor(end.shape, end.dtype), table)
    return Match((*walk.steps[::-1], *end.steps), op, (x.var,))


def looked_up(matcher: Matcher, step: g.Step) -> Match | None:
    """Return a table that a frontend computed."""
    call = step.value
    # TVM adds a number to the name of every further one.
    if not isinstance(call, g.KernelCall) or call.name.rstrip("_0123456789") != LOOKUP:
        return None
    x, table = call.args
    if not isinstance(x, relax.Var) or not hasattr(table, "value"):
        return None
    shape = tuple(int(extent) for extent in x.ty.shape)
    y = Tensor(shape, str(step.type.dtype))
    op = Activation(Tensor(shape, str(x.ty.dtype)), y, table.value.numpy())
    return Match((step,), op, (x,))


@dataclass
class _Walk:
    """Evaluates an expression for all values of the only tensor that it depends on."""

    matcher: Matcher
    x: Quantized | None = None
    steps: list[g.Step] = field(default_factory=list)
    known: dict[Any, Values | None] = field(default_factory=dict)

    def values(self, expr: g.Expr) -> Values | None:
        """Return the expression's 256 values (1 if it is constant); None if it is anything else."""
        constant = self.matcher.scalar(expr)
        if constant is not None:
            return np.full(1, constant, np.float32)
        if (source := self.matcher.dequantized(expr)) is not None:
            return self._leaf(source)
        step = self.matcher.producer(expr, *_CLIPS, *_FUNCTIONS, single=False)
        if step is None:
            return None
        if step.var not in self.known:
            if len(self.steps) >= MAX_STEPS:
                return None
            self.steps.append(step)
            self.known[step.var] = self._result(step)
        return self.known[step.var]

    def _leaf(self, source: Quantized) -> Values | None:
        if self.x is not None and not self.x.var.same_as(source.var):
            return None
        self.x = source
        low, high = LIMITS[source.dtype]
        integers = np.arange(low, high + 1) - source.zero
        return np.asarray(integers.astype(np.float32) * np.float32(source.scale), np.float32)

    def _result(self, step: g.Step) -> Values | None:
        name = g.op_name(step.value)
        operands = step.value.args[:1] if name in _CLIPS else step.value.args
        arrays: list[Values] = []
        for operand in operands:
            array = self.values(operand)
            if array is None:
                return None
            arrays.append(array)
        if name in _CLIPS:
            return np.asarray(np.clip(arrays[0], *clip_bounds(step)), np.float32)
        return np.asarray(_FUNCTIONS[name](*arrays), np.float32)
