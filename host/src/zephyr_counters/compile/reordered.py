# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators on tensors whose axes are in another order than the model says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import tvm
from tvm import relax

from zephyr_counters.compile import graph as g

Order = tuple[int, ...]


@dataclass(frozen=True)
class Seen:
    """A tensor through a permutation: its axis i is axis order[i] of `var`."""

    var: relax.Var
    order: Order
    step: g.Step | None = None
    """What made it in the model."""

    @property
    def keeps_memory(self) -> bool:
        """Whether the elements lie in the same order, as only axes of extent 1 change places."""
        shape = [int(n) for n in self.var.ty.shape]
        wide = [axis for axis in self.order if shape[axis] != 1]
        return wide == sorted(wide)


Read = Mapping[relax.Var, Seen]
Found = tuple[g.Expr, Order | None]
"""The operator on the tensors themselves, and the order of its result; None if it has its own."""

_UNARY = frozenset(
    ["abs", "astype", "ceil", "clip", "cos", "erf", "exp", "floor", "log", "negative", "relu",
     "relu6", "round", "rsqrt", "sigmoid", "sign", "silu", "sin", "sqrt", "square", "tanh",
     "gelu", "gelu_tanh", "leakyrelu", "softplus", "logical_not", "bitwise_not"]
)  # fmt: skip
_BINARY = frozenset(
    ["add", "divide", "equal", "greater", "greater_equal", "less", "less_equal", "maximum",
     "minimum", "multiply", "not_equal", "power", "subtract"]
)  # fmt: skip
_RESHAPES = frozenset(["reshape", "squeeze", "expand_dims", "flatten"])
_TO_LAST = (0, 3, 1, 2)
"""How NCHW sees NHWC."""


def reordered(step: g.Step, read: Read) -> Found | None:
    """Return an operator on the tensors that it sees permuted; None if its result would differ."""
    if not isinstance(step.value, tvm.ir.Call):
        return None
    name = g.op_name(step.value)
    if name in _UNARY:
        return _with_first(step.value, read)
    if name in _BINARY:
        return _binary(step.value, read)
    convert = _CONVERTERS.get(name)
    if convert is not None:
        return convert(step, read)
    if name in _RESHAPES:
        return _reshape(step, read)
    return None


def _first(call: Any, read: Read) -> Seen | None:
    """Return the first argument, if it alone is seen permuted."""
    found = read.get(call.args[0]) if isinstance(call.args[0], relax.Var) else None
    return found if found is not None and len(read) == 1 else None


def _with_first(call: Any, read: Read) -> Found | None:
    seen = _first(call, read)
    if seen is None:
        return None
    return tvm.ir.Call(call.op, [seen.var, *call.args[1:]], call.attrs, call.ty_args), seen.order


def _scaled(step: g.Step, read: Read) -> Found | None:
    """Return a quantize or dequantize by one scale."""
    parameters = step.value.args[1:3]
    if any(not isinstance(p, tvm.ir.Constant) or p.ty.shape.values for p in parameters):
        return None
    return _with_first(step.value, read)


def _binary(call: Any, read: Read) -> Found | None:
    orders = {seen.order for seen in read.values()}
    if len(orders) != 1:
        return None
    order = next(iter(orders))
    args = []
    for arg in call.args:
        if isinstance(arg, relax.Var) and arg in read:
            args.append(read[arg].var)
            continue
        constant = arg.value.numpy() if isinstance(arg, tvm.ir.Constant) else None
        if constant is None or constant.ndim > len(order):
            return None
        if constant.ndim:
            constant = constant.reshape((1,) * (len(order) - constant.ndim) + constant.shape)
            constant = np.ascontiguousarray(constant.transpose(np.argsort(order)))
        args.append(relax.const(constant, str(constant.dtype)))
    return tvm.ir.Call(call.op, args, call.attrs, call.ty_args), order


def _reshape(step: g.Step, read: Read) -> Found | None:
    seen = _first(step.value, read)
    if seen is None or not seen.keeps_memory:
        return None
    return relax.op.reshape(seen.var, [int(n) for n in step.type.shape]), None


def _convolution(step: g.Step, read: Read) -> Found | None:
    call, attrs = step.value, step.value.attrs
    seen = _first(call, read)
    layouts = (str(attrs.data_layout), str(attrs.out_layout) or "NCHW")
    if seen is None or seen.order != _TO_LAST or layouts != ("NCHW", "NCHW"):
        return None
    made = relax.op.nn.conv2d(
        seen.var,
        call.args[1],
        strides=_numbers(attrs.strides),
        padding=_numbers(attrs.padding),
        dilation=_numbers(attrs.dilation),
        groups=int(attrs.groups),
        data_layout="NHWC",
        kernel_layout=str(attrs.kernel_layout),
        out_dtype=str(attrs.out_dtype) if attrs.out_dtype else None,
    )
    return made, seen.order


def _pool(step: g.Step, read: Read) -> Found | None:
    call, attrs = step.value, step.value.attrs
    seen = _first(call, read)
    layouts = (str(attrs.layout), str(attrs.out_layout) or "NCHW")
    if seen is None or seen.order != _TO_LAST or layouts != ("NCHW", "NCHW"):
        return None
    name = g.op_name(call)
    if name == "adaptive_avg_pool2d":
        sizes = None if attrs.output_size is None else _numbers(attrs.output_size)
        return relax.op.nn.adaptive_avg_pool2d(seen.var, sizes, layout="NHWC"), seen.order
    function = relax.op.nn.max_pool2d if name == "max_pool2d" else relax.op.nn.avg_pool2d
    made = function(
        seen.var,
        pool_size=_numbers(attrs.pool_size),
        strides=_numbers(attrs.strides),
        padding=_numbers(attrs.padding),
        dilation=_numbers(attrs.dilation),
        ceil_mode=bool(attrs.ceil_mode),
        count_include_pad=bool(attrs.count_include_pad),
        layout="NHWC",
    )
    return made, seen.order


def _numbers(values: Any) -> list[int]:
    return [int(n) for n in values]


def _reduction(step: g.Step, read: Read) -> Found | None:
    call = step.value
    seen = _first(call, read)
    if seen is None or call.attrs.axis is None:
        return None
    rank = len(seen.order)
    axes = [int(axis) % rank for axis in call.attrs.axis]
    keep = bool(call.attrs.keepdims)
    function: Callable[..., Any] = getattr(relax.op, g.op_name(call))
    made = function(seen.var, [seen.order[axis] for axis in axes], keep)
    if keep:
        return made, seen.order
    left = [seen.order[axis] for axis in range(rank) if axis not in axes]
    ranked = sorted(left)
    return made, tuple(ranked.index(axis) for axis in left)


def _concat(step: g.Step, read: Read) -> Found | None:
    call = step.value
    parts = list(call.args[0].fields) if isinstance(call.args[0], relax.Tuple) else []
    if call.attrs.axis is None or not parts or any(part not in read for part in parts):
        return None
    orders = {read[part].order for part in parts}
    if len(orders) != 1:
        return None
    order = next(iter(orders))
    axis = order[int(call.attrs.axis) % len(order)]
    return relax.op.concat([read[part].var for part in parts], axis), order


def _pad(step: g.Step, read: Read) -> Found | None:
    call, attrs = step.value, step.value.attrs
    seen = _first(call, read)
    if seen is None or str(attrs.pad_mode) != "constant":
        return None
    pairs = np.array(_numbers(attrs.pad_width)).reshape(-1, 2)
    widths = pairs[np.argsort(seen.order)].reshape(-1).tolist()
    fill = getattr(attrs.pad_value, "value", attrs.pad_value)
    made = relax.op.nn.pad(seen.var, widths, pad_mode="constant", pad_value=fill)
    return made, seen.order


def _along_axis(step: g.Step, read: Read) -> Found | None:
    """Return a softmax whose axis is still the last."""
    seen = _first(step.value, read)
    if seen is None:
        return None
    axis = seen.order[int(step.value.attrs.axis) % len(seen.order)]
    if axis != len(seen.order) - 1:
        return None
    function: Callable[..., Any] = getattr(relax.op.nn, g.op_name(step.value))
    return function(seen.var, axis), seen.order


_CONVERTERS: Mapping[str, Callable[[g.Step, Read], Found | None]] = {
    "adaptive_avg_pool2d": _pool,
    "avg_pool2d": _pool,
    "concat": _concat,
    "conv2d": _convolution,
    "dequantize": _scaled,
    "log_softmax": _along_axis,
    "max": _reduction,
    "max_pool2d": _pool,
    "mean": _reduction,
    "min": _reduction,
    "pad": _pad,
    "quantize": _scaled,
    "softmax": _along_axis,
    "sum": _reduction,
}
