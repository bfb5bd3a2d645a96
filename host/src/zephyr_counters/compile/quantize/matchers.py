# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Finding dequantize -> operator -> quantize in a graph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.names import label, sources
from zephyr_counters.compile.quantize import constants
from zephyr_counters.extensions.operator import Operator
from zephyr_counters.extensions.tensors import LIMITS


@dataclass(frozen=True)
class Quantized:
    """An 8-bit tensor and what it stands for: (var - zero) * scale."""

    var: relax.Var
    scale: float
    zero: int
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True)
class Requantize:
    """A quantize step, with the activation before it, and a clip after it if there is one."""

    steps: tuple[g.Step, ...]
    """From the activation to the end, in order."""
    before: g.Expr
    """What is activated: a float expression."""
    scale: float
    zero: int
    low: int
    high: int
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Match:
    """Steps that `op` replaces; the variable of the last of them stays."""

    steps: tuple[g.Step, ...]
    op: Operator | None
    """None if it belongs to no family."""
    args: tuple[relax.Var, ...]
    """The inputs of `op`."""
    otherwise: tvm.ir.Call | None = None
    """What replaces the steps if no kernel library computes `op`; None leaves them as they are."""


@dataclass
class Matcher:
    """A graph with what matching asks of it."""

    graph: g.Graph
    uses: dict[relax.Var, int] = field(default_factory=dict)
    readers: dict[relax.Var, list[g.Step]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.uses = self.graph.uses()
        for step in self.graph.steps:
            for var in set(g.variables(step.value)):
                self.readers.setdefault(var, []).append(step)

    def producer(self, expr: g.Expr, *ops: str, single: bool = True) -> g.Step | None:
        """Return the step that makes `expr`, if it is one of `ops` and (`single`) read once."""
        step = self.graph.producers.get(expr) if isinstance(expr, relax.Var) else None
        if step is None or (ops and g.op_name(step.value) not in ops):
            return None
        return step if not single or self.uses.get(step.var) == 1 else None

    def scalar(self, expr: g.Expr) -> float | int | None:
        """Return a constant's only element."""
        return constants.scalar(expr, self.graph)

    def dequantized(self, expr: g.Expr) -> Quantized | None:
        """Return what `expr` is the dequantized value of; read elsewhere too or not."""
        step = self.producer(expr, "dequantize", single=False)
        if step is None or not isinstance(step.value.args[0], relax.Var):
            return None
        source = step.value.args[0]
        scale, zero = self.scalar(step.value.args[1]), self.scalar(step.value.args[2])
        dtype = str(source.ty.dtype)
        if not _usable(scale, zero, dtype):
            return None
        shape = tuple(int(extent) for extent in source.ty.shape)
        return Quantized(source, float(scale or 0), int(zero or 0), shape, dtype)

    def requantize(self, step: g.Step) -> Requantize | None:
        """Return the end of a quantized operator, if `step` is its last."""
        following = self.readers.get(step.var, [])
        name = g.op_name(step.value)
        if name == "quantize":
            if self.uses.get(step.var) == 1 and following and _is_integer_clip(following[0]):
                return None
            quantize, clip = step, None
        elif _is_integer_clip(step):
            found = self.producer(step.value.args[0], "quantize")
            if found is None:
                return None
            quantize, clip = found, step
        else:
            return None
        scale, zero = (self.scalar(arg) for arg in quantize.value.args[1:3])
        dtype = str(quantize.type.dtype)
        if not _usable(scale, zero, dtype):
            return None
        scale, zero = float(scale or 0), int(zero or 0)
        low, high = LIMITS[dtype]
        steps = [quantize]
        before, lowest, highest = self._activation(quantize.value.args[0], steps)
        low, high = (_quantized(bound, scale, zero, low, high) for bound in (lowest, highest))
        if clip is not None:
            least, most = (math.floor(_number(arg)) for arg in clip.value.args[1:3])
            low, high = (min(max(bound, least), most) for bound in (low, high))
            steps.append(clip)
        shape = tuple(int(extent) for extent in quantize.type.shape)
        return Requantize(tuple(steps), before, float(scale), int(zero), low, high, dtype, shape)

    def _activation(self, expr: g.Expr, steps: list[g.Step]) -> tuple[g.Expr, float, float]:
        """Walk back over relu and clip; adds them to `steps`, at the front."""
        low, high = -math.inf, math.inf
        while (step := self.producer(expr, "relu", "relu6", "clip")) is not None:
            low, high = (min(max(bound, low), high) for bound in clip_bounds(step))
            steps.insert(0, step)
            expr = step.value.args[0]
        return expr, low, high


def clip_bounds(step: g.Step) -> tuple[float, float]:
    """Return the lowest and highest value that a relu, relu6 or clip lets through."""
    name, args = g.op_name(step.value), step.value.args
    if name == "clip":
        return _number(args[1]), _number(args[2])
    return 0.0, 6.0 if name == "relu6" else math.inf


def merged(origins: Sequence[g.Origin]) -> g.Origin:
    """One origin for several: all operators, the label of what they mostly do, all MACs."""
    ops = tuple(op for origin in origins for op in origin.ops)
    return g.Origin(
        ops,
        label(origins),
        sum(origin.macs for origin in origins),
        sources=tuple(sources(origins)),
    )


def _usable(scale: float | int | None, zero: float | int | None, dtype: str) -> bool:
    """Whether these describe an 8-bit tensor."""
    if scale is None or zero is None or dtype not in LIMITS:
        return False
    low, high = LIMITS[dtype]
    return math.isfinite(scale) and scale > 0 and low <= zero <= high


def _is_integer_clip(step: g.Step) -> bool:
    return g.op_name(step.value) == "clip" and str(step.type.dtype) in LIMITS


def _number(expr: Any) -> float:
    value = getattr(expr, "value", None)
    return float(value if value is not None else expr)


def _quantized(bound: float, scale: float, zero: int, low: int, high: int) -> int:
    """Return a float bound after quantization: rounded to even, as quantize rounds."""
    if math.isinf(bound):
        return low if bound < 0 else high
    return int(min(max(np.rint(np.float32(bound) / np.float32(scale)) + zero, low), high))
