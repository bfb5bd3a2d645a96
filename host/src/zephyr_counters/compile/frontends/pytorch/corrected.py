# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that TVM's importer of exported programs reads wrongly, or lacks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends import programs


class Unsupported(Exception):
    """What an operator asks for and the compiler does not have."""


def argument(node: Any, index: int, name: str, default: Any = None) -> Any:
    """Return an argument, given by place or by name; None if it is absent and has no default."""
    value = node.args[index] if len(node.args) > index else node.kwargs.get(name)
    return default if value is None else value


def _const(value: float) -> Any:
    return relax.const(np.float32(value))


def _scaled(name: str) -> Callable[[Any, Any], Any]:
    """Return an addition or subtraction whose second operand may have a factor, alpha."""

    def convert(importer: Any, node: Any) -> Any:
        function = importer.plain[name]
        alpha = node.kwargs.get("alpha", 1)
        if alpha == 1:
            return function(node)
        a, b = importer.retrieve_args(node)
        dtype = str(importer.env[node.args[0]].ty.dtype)
        factor = relax.const(alpha, dtype)
        if not isinstance(b, relax.Expr):
            b = relax.const(b, dtype)
        operator = relax.op.add if name.startswith("add") else relax.op.subtract
        return operator(a, relax.op.multiply(b, factor))

    return convert


def _divided(name: str) -> Callable[[Any, Any], Any]:
    """Return a division, whose result is real if its operands are integers."""

    def convert(importer: Any, node: Any) -> Any:
        sides = importer.retrieve_args(node)
        real = [
            relax.op.astype(side, "float32")
            if isinstance(side, relax.Expr) and "int" in str(side.ty.dtype)
            else side
            for side in sides
        ]
        if all(a is b for a, b in zip(real, sides, strict=True)):
            return importer.plain[name](node)
        real = [_const(side) if isinstance(side, int | float) else side for side in real]
        return relax.op.divide(*real)

    return convert


def random(importer: Any, node: Any) -> Any:
    """Refuse what gives other values each time."""
    raise Unsupported("random numbers are not supported")


def _extreme(function: Callable[..., Any], place: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    """Return a maximum or minimum along an axis, with its index."""

    def convert(importer: Any, node: Any) -> Any:
        x, axis = importer.env[node.args[0]], int(node.args[1])
        keep = bool(argument(node, 2, "keepdim", False))
        emit = importer.block_builder.emit
        return [emit(function(x, [axis], keep)), emit(place(x, axis, keep))]

    return convert


def elu(importer: Any, node: Any) -> Any:
    """ELU with both of its scales, which SELU is decomposed to."""
    x = importer.env[node.args[0]]
    alpha, scale, inner = (
        float(argument(node, i, name, 1.0))
        for i, name in ((1, "alpha"), (2, "scale"), (3, "input_scale"))
    )
    low = relax.op.minimum(relax.op.multiply(x, _const(inner)), _const(0.0))
    low = relax.op.multiply(relax.op.subtract(relax.op.exp(low), _const(1.0)), _const(alpha))
    chosen = relax.op.where(relax.op.greater(x, _const(0.0)), x, low)
    return chosen if scale == 1 else relax.op.multiply(chosen, _const(scale))


def avg_pool2d(importer: Any, node: Any) -> Any:
    """Average pool; a divisor of its own replaces the number of taps."""
    divisor = argument(node, 6, "divisor_override")
    if divisor is None:
        return importer._avg_pool2d(node)
    window = node.args[1]
    padding, ceil = argument(node, 3, "padding", 0), argument(node, 4, "ceil_mode", False)
    if ceil:
        raise Unsupported("divisor_override with ceil_mode is not supported")
    stride = argument(node, 2, "stride") or window
    out = importer._avg_pool2d_impl(
        importer.env[node.args[0]], window, stride, padding, False, True
    )
    taps = math.prod(window) if len(window) > 1 else window[0] ** 2
    return relax.op.multiply(out, _const(taps / float(divisor)))


def max_pool2d(importer: Any, node: Any) -> Any:
    """Maximum pool whose indices nothing reads."""
    for user in node.users:
        if user.args[1] != 0 and user.users:
            raise Unsupported("its indices are used")
    return importer._max_pool2d_with_indices(node)


def antialiased(importer: Any, node: Any) -> Any:
    """Resizing with antialias."""
    raise Unsupported("resizing with antialias is not supported")


def grid_sampler(importer: Any, node: Any) -> Any:
    """Grid sample: TVM's operator takes the coordinates before the places."""
    x, grid = importer.env[node.args[0]], importer.env[node.args[1]]
    method = {0: "bilinear", 1: "nearest", 2: "bicubic"}[int(argument(node, 2, "", 0))]
    edge = {0: "zeros", 1: "border", 2: "reflection"}[int(argument(node, 3, "", 0))]
    places = relax.op.permute_dims(grid, [0, 3, 1, 2])
    return relax.op.image.grid_sample(
        x,
        places,
        method=method,
        layout="NCHW",
        padding_mode=edge,
        align_corners=bool(argument(node, 4, "", False)),
    )


def _reducer(function: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    def convert(importer: Any, node: Any) -> Any:
        axes = argument(node, 1, "dim", None)
        axes = None if axes is None or axes == [] else [int(a) for a in np.atleast_1d(axes)]
        return function(importer.env[node.args[0]], axes, bool(argument(node, 2, "keepdim", False)))

    return convert


def cumsum(importer: Any, node: Any) -> Any:
    """Return running sums."""
    x = importer.env[node.args[0]]
    axis = int(node.args[1]) % len(x.ty.shape)
    return importer.block_builder.emit_te(
        programs.cumsum, x, axis, False, False, primfunc_name_hint="cumsum"
    )


def topk(importer: Any, node: Any) -> Any:
    """Return the largest or smallest elements and their indices."""
    x = importer.env[node.args[0]]
    axis = int(argument(node, 2, "dim", -1)) % len(x.ty.shape)
    largest = bool(argument(node, 3, "largest", True))
    return programs.topk(importer.block_builder, x, axis, int(node.args[1]), largest)


def sort(importer: Any, node: Any) -> Any:
    """Return all elements in order, and their indices."""
    x = importer.env[node.args[0]]
    axis = int(argument(node, 1, "dim", -1)) % len(x.ty.shape)
    descending = bool(argument(node, 2, "descending", False))
    return programs.topk(importer.block_builder, x, axis, int(x.ty.shape[axis]), descending)


def var_mean(importer: Any, node: Any) -> Any:
    """Variance and mean."""
    x = importer.env[node.args[0]]
    axes = argument(node, 1, "dim", None)
    axes = [int(a) for a in (range(len(x.ty.shape)) if axes is None else np.atleast_1d(axes))]
    keep = bool(argument(node, 3, "keepdim", False))
    correction = argument(node, 2, "correction", 1)
    count = math.prod(int(x.ty.shape[a]) for a in axes)
    emit = importer.block_builder.emit
    variance = emit(relax.op.variance(x, axes, keep))
    factor = count / max(count - float(correction), 0.0) if count > correction else math.inf
    return [emit(relax.op.multiply(variance, _const(factor))), emit(relax.op.mean(x, axes, keep))]


CONVERTERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "_upsample_bicubic2d_aa.default": antialiased,
    "_upsample_bilinear2d_aa.default": antialiased,
    "add.Scalar": _scaled("add.Scalar"),
    "add.Tensor": _scaled("add.Tensor"),
    "amax.default": _reducer(relax.op.max),
    "amin.default": _reducer(relax.op.min),
    "avg_pool2d.default": avg_pool2d,
    "bernoulli.default": random,
    "bernoulli.p": random,
    "cumsum.default": cumsum,
    "div.Scalar": _divided("div.Scalar"),
    "div.Tensor": _divided("div.Tensor"),
    "elu.default": elu,
    "exponential.default": random,
    "grid_sampler_2d.default": grid_sampler,
    "max.dim": _extreme(relax.op.max, relax.op.argmax),
    "max_pool2d_with_indices.default": max_pool2d,
    "min.dim": _extreme(relax.op.min, relax.op.argmin),
    "multinomial.default": random,
    "native_dropout.default": random,
    "prod.dim_int": _reducer(relax.op.prod),
    "rand.default": random,
    "rand_like.default": random,
    "randint.default": random,
    "randn.default": random,
    "randn_like.default": random,
    "sort.default": sort,
    "sub.Scalar": _scaled("sub.Scalar"),
    "sub.Tensor": _scaled("sub.Tensor"),
    "topk.default": topk,
    "var_mean.correction": var_mean,
}
