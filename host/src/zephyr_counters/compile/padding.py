# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The pass that gives a pad to the convolution or pool that reads it, which pads for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize.matchers import Matcher, clip_bounds, merged
from zephyr_counters.extensions.tensors import LIMITS

_NON_NEGATIVE = frozenset(["relu", "relu6", "sigmoid", "softmax"])


@dataclass(frozen=True)
class _Padded:
    """A tensor that is read as if it were larger."""

    pad: g.Step
    source: g.Expr
    """What is padded: an integer tensor if there is a `dequantize`."""
    fill: float
    dequantize: g.Step | None = None

    @property
    def widths(self) -> list[int]:
        """Elements before and after, for each axis."""
        return [int(width) for width in self.pad.value.attrs.pad_width]


def folded_pads(graph: g.Graph, target: object) -> g.Graph:
    """Make pads with what stands for 0 the padding of the convolution that reads them.

    Pads with the lowest value become that of a maximum pool. A pad that others read too stays for
    them.
    """
    matcher = Matcher(graph)
    steps: list[g.Step] = []
    for step in graph.steps:
        steps.extend(_folded(step, matcher))
    return g.Graph(graph.params, steps, graph.outputs)


def _folded(step: g.Step, matcher: Matcher) -> list[g.Step]:
    name = g.op_name(step.value)
    if name not in ("conv2d", "max_pool2d"):
        return [step]
    padded = _padded(step.value.args[0], matcher)
    if padded is None:
        return [step]
    attrs = step.value.attrs
    layout = str(attrs.data_layout if name == "conv2d" else attrs.layout)
    padding = _padding(padded.widths, layout, _extents(step))
    if padding is None:
        return [step]
    if name == "max_pool2d" and (attrs.ceil_mode or not _is_lowest(padded, matcher)):
        return [step]
    if name == "conv2d" and padded.fill != 0:
        return [step]
    source, made = padded.source, []
    parts = [padded.pad.origin, step.origin]
    if padded.dequantize is not None:
        call = padded.dequantize.value
        type_ = relax.TensorType(source.ty.shape, str(padded.dequantize.type.dtype))
        var = relax.Var(f"{padded.dequantize.var.name}_unpadded", type_)
        value = relax.op.dequantize(source, call.args[1], call.args[2], axis=int(call.attrs.axis))
        made.append(g.Step(var, value, type_, padded.dequantize.origin))
        source = var
    total = [a + b for a, b in zip(_four(attrs.padding), padding, strict=True)]
    value = (_convolution if name == "conv2d" else _pool)(step.value, source, total)
    return [*made, g.Step(step.var, value, step.type, merged(parts))]


def _padded(expr: g.Expr, matcher: Matcher) -> _Padded | None:
    """Return what a reader sees as padded: directly, or as integers or reals in between."""
    direct = _pad(expr, matcher)
    if direct is not None:
        return direct
    step = matcher.producer(expr, "dequantize", single=False)
    if step is None or not isinstance(step.value.args[0], relax.Var):
        return None
    inner = matcher.dequantized(expr)
    if inner is None:
        return None
    found = _pad(inner.var, matcher)
    if found is not None and found.fill == inner.zero:
        return _Padded(found.pad, found.source, 0.0, step)
    quantize = matcher.producer(inner.var, "quantize", single=False)
    if quantize is None:
        return None
    found = _pad(quantize.value.args[0], matcher)
    original = None if found is None else matcher.dequantized(found.source)
    if found is None or original is None or found.fill != 0:
        return None
    scales = [matcher.scalar(arg) for arg in quantize.value.args[1:3]]
    if scales != [inner.scale, inner.zero] or inner.dtype != original.dtype:
        return None
    if (original.scale, original.zero) != (inner.scale, inner.zero):
        return None
    return _Padded(found.pad, original.var, 0.0, step)


def _pad(expr: g.Expr, matcher: Matcher) -> _Padded | None:
    step = matcher.producer(expr, "pad", single=False)
    if step is None or str(step.value.attrs.pad_mode) != "constant":
        return None
    source, fill = step.value.args[0], step.value.attrs.pad_value
    if not isinstance(source, relax.Var):
        return None
    return _Padded(step, source, float(getattr(fill, "value", fill)))


def _is_lowest(padded: _Padded, matcher: Matcher) -> bool:
    """Whether nothing in the tensor is less than what it is padded with."""
    if padded.dequantize is not None:
        zero = matcher.scalar(padded.dequantize.value.args[2])
        return zero == LIMITS[str(padded.source.ty.dtype)][0]
    dtype = str(padded.source.ty.dtype)
    if dtype in ("int8", "uint8", "int16"):
        return padded.fill == np.iinfo(dtype).min
    return padded.fill == -np.inf or (padded.fill == 0 and _is_non_negative(padded.source, matcher))


def _is_non_negative(expr: g.Expr, matcher: Matcher) -> bool:
    step = matcher.producer(expr, single=False)
    if step is None or isinstance(step.value, g.KernelCall):
        return False
    name = g.op_name(step.value)
    if name == "clip":
        return clip_bounds(step)[0] >= 0
    if name == "dequantize":
        found = matcher.dequantized(expr)
        return found is not None and found.zero == LIMITS[found.dtype][0]
    return name in _NON_NEGATIVE


def _extents(step: g.Step) -> tuple[int, int]:
    """Height and width of the window, its gaps included."""
    call = step.value
    if g.op_name(call) == "max_pool2d":
        taps = [int(n) for n in call.attrs.pool_size]
    else:
        kernel = [int(n) for n in call.args[1].ty.shape]
        taps = [kernel[str(call.attrs.kernel_layout).index(axis)] for axis in "HW"]
    gaps = [int(n) for n in call.attrs.dilation]
    height, width = ((n - 1) * gap + 1 for n, gap in zip(taps, gaps, strict=True))
    return height, width


def _padding(widths: list[int], layout: str, window: tuple[int, int]) -> list[int] | None:
    """Return top, left, bottom and right of a pad; None if a window could lie in it whole."""
    if layout not in ("NHWC", "NCHW") or len(widths) != 8:
        return None
    pairs = dict(zip(layout, zip(widths[::2], widths[1::2], strict=True), strict=True))
    if any((*pairs["N"], *pairs["C"])):
        return None
    for axis, extent in zip("HW", window, strict=True):
        if not all(0 <= width < extent for width in pairs[axis]):
            return None
    return [pairs["H"][0], pairs["W"][0], pairs["H"][1], pairs["W"][1]]


def _four(padding: Any) -> list[int]:
    """Return top, left, bottom and right of an attribute that may be shorter."""
    values = [int(n) for n in padding]
    return values * (4 // len(values))


def _convolution(call: Any, source: g.Expr, padding: list[int]) -> g.Expr:
    attrs = call.attrs
    return relax.op.nn.conv2d(
        source,
        call.args[1],
        strides=[int(n) for n in attrs.strides],
        padding=padding,
        dilation=[int(n) for n in attrs.dilation],
        groups=int(attrs.groups),
        data_layout=str(attrs.data_layout),
        kernel_layout=str(attrs.kernel_layout),
        out_layout=str(attrs.out_layout),
        out_dtype=str(attrs.out_dtype) if attrs.out_dtype else None,
    )


def _pool(call: Any, source: g.Expr, padding: list[int]) -> g.Expr:
    attrs = call.attrs
    return relax.op.nn.max_pool2d(
        source,
        pool_size=[int(n) for n in attrs.pool_size],
        strides=[int(n) for n in attrs.strides],
        padding=padding,
        dilation=[int(n) for n in attrs.dilation],
        ceil_mode=False,
        layout=str(attrs.layout),
        out_layout=str(attrs.out_layout),
    )
