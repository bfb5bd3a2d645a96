# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Blocked quantization: a scale for every few elements of an axis. It is computed in reals."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.onnx.convert import (
    Array,
    Converters,
    Node,
    Unsupported,
    const,
)

_INTEGERS = frozenset(["int8", "uint8", "int16", "uint16", "int32"])


def _repeated(node: Node, index: int, what: str) -> Array:
    """Return a parameter with the shape of the tensor: each value repeated over its block."""
    shape = node.shape(node.input(0))
    axis = int(node.get("axis", 1)) % len(shape)
    values = np.repeat(node.needed(index, what), int(node.get("block_size")), axis)
    return np.take(values, np.arange(shape[axis]), axis)


def dequantize(node: Node) -> Any:
    """DequantizeLinear with a block size; else as TVM does."""
    if not int(node.get("block_size", 0)):
        return None
    scale = _repeated(node, 1, "its scales")
    if scale.dtype != np.float32:
        raise Unsupported(f"its scales are {scale.dtype}")
    real = relax.op.astype(node.input(0), "float32")
    if node.input(2) is not None:
        zero = _repeated(node, 2, "its zero points")
        real = relax.op.subtract(real, const(zero, "float32"))
    return relax.op.multiply(real, const(scale, "float32"))


def _result(node: Node) -> str:
    """Return the type that a QuantizeLinear gives."""
    from onnx import helper

    if node.input(2) is not None:
        return node.dtype(node.input(2))
    given = int(node.get("output_dtype", 0))
    return str(helper.tensor_dtype_to_np_dtype(given)) if given else "uint8"


def quantize(node: Node) -> Any:
    """QuantizeLinear with a block size; else as TVM does."""
    dtype = _result(node)
    if not int(node.get("block_size", 0)):
        if node.input(2) is not None or dtype == "uint8":
            return None
        attributes = {k: v for k, v in node.attributes.items() if k != "output_dtype"}
        return node.fallback(node.op, [*node.inputs[:2], const(0, dtype)], attributes)
    scale = _repeated(node, 1, "its scales")
    zero = None if node.input(2) is None else _repeated(node, 2, "its zero points")
    if dtype not in _INTEGERS or scale.dtype != np.float32:
        raise Unsupported(f"quantization to {dtype} by scales of {scale.dtype}")
    steps = relax.op.round(relax.op.divide(node.input(0), const(scale, "float32")))
    if zero is not None:
        steps = relax.op.add(steps, const(zero, "float32"))
    limits = np.iinfo(dtype)
    return relax.op.astype(relax.op.clip(steps, int(limits.min), int(limits.max)), dtype)


CONVERTERS: Converters = {"DequantizeLinear": dequantize, "QuantizeLinear": quantize}
