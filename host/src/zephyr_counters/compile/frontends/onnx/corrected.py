# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Operators that TVM's importer reads wrongly, or refuses without need."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends import programs
from zephyr_counters.compile.frontends.onnx.convert import (
    Converters,
    Expr,
    Node,
    Unsupported,
    const,
)


def clip(node: Node) -> Any:
    """Clip: where the bounds cross, the upper one wins."""
    x = node.input(0)
    dtype = node.dtype(x)
    bounds = [node.get("min"), node.get("max")]
    for index in (1, 2):
        if node.input(index) is not None:
            array = node.array(index)
            bounds[index - 1] = None if array is None else array.reshape(-1)[0].item()
            if array is None:
                return _clip_by_tensors(node)
    low, high = bounds
    if dtype == "float32":
        largest = float(np.finfo(np.float32).max)
        least = -largest if low is None else float(low)
        most = largest if high is None else float(high)
        if np.isfinite(least) and np.isfinite(most):
            return relax.op.clip(x, min(least, most), most)
    if low is not None:
        x = relax.op.maximum(x, const(low, dtype))
    return x if high is None else relax.op.minimum(x, const(high, dtype))


def _clip_by_tensors(node: Node) -> Expr:
    x = node.input(0)
    if node.input(1) is not None:
        x = relax.op.maximum(x, node.input(1))
    return x if node.input(2) is None else relax.op.minimum(x, node.input(2))


def pad(node: Node) -> Any:
    """Pad with a constant as one operator, which quantization recognizes; else as TVM does."""
    x, pads = node.input(0), node.array(1)
    if node.opset < 11 or node.get("mode", "constant") != "constant" or pads is None:
        return None
    rank = len(node.shape(x))
    axes = node.array(3)
    fill = np.zeros(1) if node.input(2) is None else node.array(2)
    if fill is None or fill.size != 1 or np.any(pads < 0) or node.dtype(x) == "bool":
        return None
    widths = np.zeros((2, rank), np.int64)
    chosen = range(rank) if axes is None else [int(a) % rank for a in axes]
    if node.input(3) is not None and axes is None:
        return None
    for position, axis in enumerate(chosen):
        widths[:, axis] = pads.reshape(2, -1)[:, position]
    value = fill.reshape(-1)[0].item()
    flat = widths.T.reshape(-1).tolist()
    return relax.op.nn.pad(x, flat, pad_mode="constant", pad_value=value)


def dropout(node: Node) -> Any:
    """Dropout at inference: the input, and a mask that is true everywhere."""
    training = node.array(2)
    ratio = node.array(1)
    if node.input(2) is not None and (training is None or bool(np.reshape(training, -1)[0])):
        amount = 0.5 if ratio is None else float(np.reshape(ratio, -1)[0])
        if amount != 0:
            raise Unsupported("it is in training mode")
    x = node.input(0)
    if node.outputs == 1:
        return x
    return relax.Tuple([x, const(np.ones(node.shape(x), bool), "bool")])


def conv_transpose(node: Node) -> Any:
    """ConvTranspose: `output_shape` and automatic padding become explicit padding."""
    shape, kernel = node.shape(node.input(0)), node.shape(node.input(1))
    spatial = len(shape) - 2
    ones = [1] * spatial
    strides, dilations = list(node.get("strides", ones)), list(node.get("dilations", ones))
    extra = list(node.get("output_padding", [0] * spatial))
    taps = [(k - 1) * d + 1 for k, d in zip(kernel[2:], dilations, strict=True)]
    full = [(n - 1) * s + k + e for n, s, k, e in zip(shape[2:], strides, taps, extra, strict=True)]
    auto = node.get("auto_pad", "NOTSET")
    wanted = node.get("output_shape")
    pads = list(node.get("pads", [0] * 2 * spatial))
    if wanted is None and auto in ("SAME_UPPER", "SAME_LOWER"):
        wanted = [n * s for n, s in zip(shape[2:], strides, strict=True)]
    if wanted is None:
        return None
    pads = [0] * 2 * spatial
    for axis in range(spatial):
        total = full[axis] - int(list(wanted)[-spatial:][axis])
        if total < 0:
            extra[axis] -= total
            total = 0
        small = total // 2
        before = small if auto == "SAME_UPPER" else total - small
        if auto == "NOTSET":
            before = total - small if wanted is not None else small
        pads[axis], pads[axis + spatial] = before, total - before
    attributes = {k: v for k, v in node.attributes.items() if k not in ("output_shape", "auto_pad")}
    attributes["pads"] = tuple(pads)
    attributes["output_padding"] = tuple(extra)
    if any(e >= s for e, s in zip(extra, strides, strict=True)):
        raise Unsupported(f"output_shape {list(wanted)} is larger than its input reaches")
    return node.fallback(node.op, node.inputs, attributes)


def depth_to_space(node: Node) -> Expr:
    """DepthToSpace, in both modes."""
    b = int(node.get("blocksize"))
    n, c, h, w = node.shape(node.input(0))
    depth = c // (b * b)
    if node.get("mode", "DCR") == "DCR":
        blocks = relax.op.reshape(node.input(0), (n, b, b, depth, h, w))
        moved = relax.op.permute_dims(blocks, [0, 3, 4, 1, 5, 2])
    else:
        blocks = relax.op.reshape(node.input(0), (n, depth, b, b, h, w))
        moved = relax.op.permute_dims(blocks, [0, 1, 4, 2, 5, 3])
    return relax.op.reshape(moved, (n, depth, h * b, w * b))


def space_to_depth(node: Node) -> Expr:
    """SpaceToDepth, in both modes."""
    b = int(node.get("blocksize"))
    n, c, h, w = node.shape(node.input(0))
    blocks = relax.op.reshape(node.input(0), (n, c, h // b, b, w // b, b))
    order = [0, 3, 5, 1, 2, 4] if node.get("mode", "DCR") == "DCR" else [0, 1, 3, 5, 2, 4]
    moved = relax.op.permute_dims(blocks, order)
    return relax.op.reshape(moved, (n, c * b * b, h // b, w // b))


def celu(node: Node) -> Expr:
    """Celu."""
    alpha = const(float(node.get("alpha", 1.0)), "float32")
    zero = const(0, "float32")
    x = node.emit(node.input(0))
    low = relax.op.subtract(relax.op.exp(relax.op.divide(x, alpha)), const(1, "float32"))
    low = relax.op.minimum(zero, relax.op.multiply(alpha, low))
    return relax.op.add(relax.op.maximum(x, zero), low)


def swish(node: Node) -> Expr:
    """Swish."""
    alpha = const(float(node.get("alpha", 1.0)), "float32")
    x = node.emit(node.input(0))
    return relax.op.multiply(x, relax.op.sigmoid(relax.op.multiply(alpha, x)))


def _centred(node: Node, index: int, zero: int) -> Expr:
    wide = relax.op.astype(node.input(index), "int32")
    if node.input(zero) is None:
        return wide
    offset = node.input(zero)
    shape = node.shape(offset)
    rank = len(node.shape(node.input(index)))
    if shape and shape != (1,):
        if node.op == "ConvInteger":
            offset = relax.op.reshape(offset, (*shape, *[1] * (rank - 1)))
        elif index == 0 and len(shape) == 1:
            offset = relax.op.reshape(offset, (*shape, 1))
    elif shape == (1,):
        offset = relax.op.reshape(offset, ())
    return relax.op.subtract(wide, relax.op.astype(offset, "int32"))


def conv_integer(node: Node) -> Expr:
    """ConvInteger: a convolution in 32 bits."""
    sides = [node.emit(_centred(node, i, i + 2)) for i in (0, 1)]
    return node.fallback("Conv", sides, node.attributes)


def matmul_integer(node: Node) -> Expr:
    """MatMulInteger: a product in 32 bits."""
    return relax.op.matmul(*(_centred(node, i, i + 2) for i in (0, 1)))


def _bool_reduction(function: Any) -> Any:
    """ReduceMax and ReduceMin of truth values."""

    def convert(node: Node) -> Any:
        x = node.input(0)
        if node.dtype(x) != "bool":
            return None
        rest = list(node.inputs[1:])
        wide = node.emit(relax.op.astype(x, "int8"))
        found = node.fallback(node.op, [wide, *rest], node.attributes)
        return relax.op.astype(found, "bool")

    return convert


def mod(node: Node) -> Any:
    """Mod: the remainder has the sign of the divisor, or with fmod=1 that of the dividend."""
    dtype = node.dtype(node.input(0))
    a, b = (node.emit(x) if not hasattr(x, "value") else x for x in node.inputs[:2])
    truncated = bool(node.get("fmod", 0))
    if dtype.startswith("float"):
        return node.te("mod", programs.float_mod, a, b, not truncated)
    if not truncated:
        return None
    remainder = node.emit(relax.op.mod(relax.op.abs(a), relax.op.abs(b)))
    negative = relax.op.less(a, const(0, dtype))
    return relax.op.where(negative, relax.op.negative(remainder), remainder)


def power(node: Node) -> Any:
    """Pow: the result has the type of the base."""
    base, exponent = node.inputs[:2]
    if node.dtype(base) == node.dtype(exponent):
        return None
    wide = "float32"
    found = relax.op.power(relax.op.astype(base, wide), relax.op.astype(exponent, wide))
    dtype = node.dtype(base)
    if dtype != wide:
        found = relax.op.round(found)
    return relax.op.astype(found, dtype)


def bit_shift(node: Node) -> Any:
    """BitShift: amounts as wide as the element, or wider, shift everything out."""
    x, amount = (node.emit(a) if not hasattr(a, "value") else a for a in node.inputs[:2])
    dtype = node.dtype(x)
    bits = int(dtype.lstrip("uint"))
    left = node.get("direction") == "LEFT"
    function = relax.op.left_shift if left else relax.op.right_shift
    inside = relax.op.less(amount, const(bits, dtype))
    if dtype.startswith("int"):
        inside = relax.op.logical_and(inside, relax.op.greater_equal(amount, const(0, dtype)))
    safe = relax.op.where(inside, amount, const(0, dtype))
    rest = const(0, dtype)
    if dtype.startswith("int") and not left:
        rest = relax.op.right_shift(x, const(bits - 1, dtype))
    return relax.op.where(inside, function(x, safe), rest)


def einsum(node: Node) -> Any:
    """Einsum, as one operator, whose multiplications are counted; else as TVM does."""
    equation = str(node.get("equation")).replace(" ", "")
    if "->" not in equation or "..." in equation:
        return None
    return relax.op.einsum(relax.Tuple(list(node.inputs)), equation)


CONVERTERS: Converters = {
    "BitShift": bit_shift,
    "Celu": celu,
    "Clip": clip,
    "ConvInteger": conv_integer,
    "ConvTranspose": conv_transpose,
    "DepthToSpace": depth_to_space,
    "Dropout": dropout,
    "MatMulInteger": matmul_integer,
    "Einsum": einsum,
    "Mod": mod,
    "Pad": pad,
    "Pow": power,
    "ReduceMax": _bool_reduction(relax.op.max),
    "ReduceMin": _bool_reduction(relax.op.min),
    "SpaceToDepth": space_to_depth,
    "Swish": swish,
}
