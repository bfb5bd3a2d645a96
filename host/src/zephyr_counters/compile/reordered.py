# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators on tensors whose axes are in another order than the model says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.quantize import constants

Order = tuple[int, ...]
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Seen:
    """A tensor through a permutation: its axis i is axis order[i] of `var`."""

    var: relax.Var
    order: Order
    step: g.Step | None = None
    """What made it in the model."""
    block: tuple[tuple[int, ...], Order] | None = None
    """If it is [rows, columns]: the columns are a block of this shape, its batch included, whose
    axes are in this order."""

    @property
    def columns(self) -> Array:
        """Which column of `var` each column is."""
        assert self.block is not None
        shape, order = self.block
        places = np.arange(math.prod(shape[1:])).reshape(1, *shape[1:])
        return np.asarray(places.transpose(order).reshape(-1))

    @property
    def keeps_memory(self) -> bool:
        """Whether the elements lie in the same order, as only axes of extent 1 change places."""
        shape = [int(n) for n in self.var.ty.shape]
        wide = [axis for axis in self.order if shape[axis] != 1]
        return wide == sorted(wide)


Read = Mapping[relax.Var, Seen]
Found = tuple[g.Expr, Seen | None]
"""The operator on the tensors themselves, and how its result is seen (`var` is not it yet); None if
that is as the model says. Arguments may be operators on constants."""

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


def reordered(step: g.Step, read: Read, graph: g.Graph) -> Found | None:
    """Return an operator on the tensors that it sees permuted; None if its result would differ."""
    if not isinstance(step.value, tvm.ir.Call):
        return None
    name = g.op_name(step.value)
    if name in _UNARY:
        return _with_first(step.value, read)
    if name == "matmul":
        return _product(step.value, read, graph)
    if name in _BINARY:
        return _binary(step, read, graph)
    convert = _BY_COLUMNS.get(name)
    if convert is None and any(seen.block is not None for seen in read.values()):
        return None
    convert = convert or _CONVERTERS.get(name)
    return None if convert is None else convert(step, read)


def _ordered(seen: Seen, order: Order) -> Seen:
    return replace(seen, order=order, block=None)


def _first(call: Any, read: Read) -> Seen | None:
    """Return the first argument, if it alone is seen permuted."""
    found = read.get(call.args[0]) if isinstance(call.args[0], relax.Var) else None
    return found if found is not None and len(read) == 1 else None


def _with_first(call: Any, read: Read) -> Found | None:
    seen = _first(call, read)
    if seen is None:
        return None
    return tvm.ir.Call(call.op, [seen.var, *call.args[1:]], call.attrs, call.ty_args), seen


def _scaled(step: g.Step, read: Read) -> Found | None:
    """Return a quantize or dequantize by one scale."""
    parameters = step.value.args[1:3]
    if any(not isinstance(p, tvm.ir.Constant) or p.ty.shape.values for p in parameters):
        return None
    return _with_first(step.value, read)


def _binary(step: g.Step, read: Read, graph: g.Graph) -> Found | None:
    call, first = step.value, next(iter(read.values()))
    if any((seen.order, seen.block) != (first.order, first.block) for seen in read.values()):
        return None
    args = []
    for arg in call.args:
        if isinstance(arg, relax.Var) and arg in read:
            args.append(read[arg].var)
            continue
        constant = constants.evaluate(arg, graph)
        if constant is None or constant.data.ndim > len(first.order):
            return None
        expr = constants.expression(constant.map(lambda array: _inverse(array, first)))
        if expr is None:
            return None
        args.append(expr)
    return tvm.ir.Call(call.op, args, call.attrs, call.ty_args), first


def _inverse(constant: Array, seen: Seen) -> Array:
    """Return a constant as the tensor itself meets it."""
    if not constant.ndim:
        return constant
    whole: Array = constant.reshape((1,) * (len(seen.order) - constant.ndim) + constant.shape)
    if seen.block is None:
        return np.ascontiguousarray(whole.transpose(np.argsort(seen.order)))
    return (
        whole if whole.shape[1] == 1 else np.ascontiguousarray(whole[:, np.argsort(seen.columns)])
    )


def _reshape(step: g.Step, read: Read) -> Found | None:
    """Return a change of shape: of the same memory, or of an image to rows, or of rows as such."""
    seen = _first(step.value, read)
    if seen is None:
        return None
    shape = [int(n) for n in step.type.shape]
    source = [int(n) for n in seen.var.ty.shape]
    made = relax.op.reshape(seen.var, shape)
    if seen.block is not None:
        return (made, seen) if shape == source else None
    if seen.keeps_memory:
        return made, None
    if seen.order[0] or len(shape) != 2 or shape[0] != source[0]:
        return None
    return made, replace(seen, order=(0, 1), block=(tuple(source), seen.order))


def _product(call: Any, read: Read, graph: g.Graph) -> Found | None:
    """Return a product of rows by a constant matrix, whose rows change places instead."""
    seen = _first(call, read)
    weight = constants.evaluate(call.args[1], graph)
    if seen is None or seen.block is None or weight is None or weight.data.ndim != 2:
        return None
    moved = constants.expression(weight.map(lambda array: array[np.argsort(seen.columns)]))
    if moved is None:
        return None
    return relax.op.matmul(seen.var, moved, call.attrs.out_dtype), None


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
    return made, seen


def _pool(step: g.Step, read: Read) -> Found | None:
    call, attrs = step.value, step.value.attrs
    seen = _first(call, read)
    layouts = (str(attrs.layout), str(attrs.out_layout) or "NCHW")
    if seen is None or seen.order != _TO_LAST or layouts != ("NCHW", "NCHW"):
        return None
    name = g.op_name(call)
    if name == "adaptive_avg_pool2d":
        sizes = None if attrs.output_size is None else _numbers(attrs.output_size)
        return relax.op.nn.adaptive_avg_pool2d(seen.var, sizes, layout="NHWC"), seen
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
    return made, seen


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
        return made, seen
    left = [seen.order[axis] for axis in range(rank) if axis not in axes]
    ranked = sorted(left)
    return made, _ordered(seen, tuple(ranked.index(axis) for axis in left))


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
    return relax.op.concat([read[part].var for part in parts], axis), read[parts[0]]


def _pad(step: g.Step, read: Read) -> Found | None:
    call, attrs = step.value, step.value.attrs
    seen = _first(call, read)
    if seen is None or str(attrs.pad_mode) != "constant":
        return None
    pairs = np.array(_numbers(attrs.pad_width)).reshape(-1, 2)
    widths = pairs[np.argsort(seen.order)].reshape(-1).tolist()
    fill = getattr(attrs.pad_value, "value", attrs.pad_value)
    made = relax.op.nn.pad(seen.var, widths, pad_mode="constant", pad_value=fill)
    return made, seen


def _along_axis(step: g.Step, read: Read) -> Found | None:
    """Return a softmax whose axis is still the last."""
    seen = _first(step.value, read)
    if seen is None:
        return None
    axis = seen.order[int(step.value.attrs.axis) % len(seen.order)]
    if axis != len(seen.order) - 1:
        return None
    function: Callable[..., Any] = getattr(relax.op.nn, g.op_name(step.value))
    return function(seen.var, axis), seen


_BY_COLUMNS: Mapping[str, Callable[[g.Step, Read], Found | None]] = {
    **dict.fromkeys(_RESHAPES, _reshape),
    "dequantize": _scaled,
    "quantize": _scaled,
}
"""Of tensors whose columns change places, too."""
_CONVERTERS: Mapping[str, Callable[[g.Step, Read], Found | None]] = {
    "adaptive_avg_pool2d": _pool,
    "avg_pool2d": _pool,
    "concat": _concat,
    "conv2d": _convolution,
    "log_softmax": _along_axis,
    "max": _reduction,
    "max_pool2d": _pool,
    "mean": _reduction,
    "min": _reduction,
    "pad": _pad,
    "softmax": _along_axis,
    "sum": _reduction,
}
