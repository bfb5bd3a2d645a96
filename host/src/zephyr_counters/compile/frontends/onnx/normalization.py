# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Normalizations, with all of their results."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax

from zephyr_counters.compile.frontends.onnx.convert import (
    Converters,
    Expr,
    Node,
    Unsupported,
    const,
)

_F32 = "float32"


def batch_normalization(node: Node) -> Any:
    """BatchNormalization; in training mode with the input's own statistics."""
    if not node.get("training_mode", 0):
        return None
    x = node.emit(node.input(0))
    shape = node.shape(x)
    axes = [axis for axis in range(len(shape)) if axis != 1]
    extents = [1, shape[1], *[1] * (len(shape) - 2)]
    mean = node.emit(relax.op.mean(x, axes))
    centred = node.emit(relax.op.subtract(x, relax.op.reshape(mean, extents)))
    variance = node.emit(relax.op.mean(relax.op.multiply(centred, centred), axes))
    epsilon = const(float(node.get("epsilon", 1e-5)), _F32)
    deviation = relax.op.sqrt(relax.op.add(relax.op.reshape(variance, extents), epsilon))
    scale, bias = (relax.op.reshape(node.input(i), extents) for i in (1, 2))
    y = relax.op.add(relax.op.multiply(scale, relax.op.divide(centred, deviation)), bias)
    momentum = float(node.get("momentum", 0.9))

    def running(old: Expr, new: Expr) -> Expr:
        kept = relax.op.multiply(old, const(momentum, _F32))
        return relax.op.add(kept, relax.op.multiply(new, const(1 - momentum, _F32)))

    results = [y, running(node.input(3), mean), running(node.input(4), variance)]
    return relax.Tuple([node.emit(result) for result in results[: node.outputs]])


def layer_normalization(node: Node) -> Any:
    """LayerNormalization with mean and inverse deviation, if they are used."""
    if node.outputs == 1:
        return None
    x = node.emit(node.input(0))
    rank = len(node.shape(x))
    axes = list(range(int(node.get("axis", -1)) % rank, rank))
    mean = node.emit(relax.op.mean(x, axes, True))
    centred = node.emit(relax.op.subtract(x, mean))
    variance = relax.op.mean(relax.op.multiply(centred, centred), axes, True)
    epsilon = const(float(node.get("epsilon", 1e-5)), _F32)
    deviation = relax.op.sqrt(relax.op.add(variance, epsilon))
    inverse = node.emit(relax.op.divide(const(1, _F32), deviation))
    y = relax.op.multiply(relax.op.multiply(centred, inverse), node.input(1))
    if node.input(2) is not None:
        y = relax.op.add(y, node.input(2))
    results = [node.emit(y), mean, inverse]
    return relax.Tuple(results[: node.outputs])


def lp_normalization(node: Node) -> Expr:
    """LpNormalization along an axis; zeros stay zeros."""
    x = node.emit(node.input(0))
    axis = int(node.get("axis", -1))
    if int(node.get("p", 2)) == 1:
        norm = relax.op.sum(relax.op.abs(x), [axis], True)
    else:
        norm = relax.op.sqrt(relax.op.sum(relax.op.multiply(x, x), [axis], True))
    norm = node.emit(norm)
    zero = const(0, _F32)
    safe = relax.op.where(relax.op.equal(norm, zero), const(1, _F32), norm)
    return relax.op.where(relax.op.equal(norm, zero), zero, relax.op.divide(x, safe))


def rms_normalization(node: Node) -> Expr:
    """RMSNormalization over the axes from `axis` on."""
    x = node.emit(node.input(0))
    rank = len(node.shape(x))
    axes = list(range(int(node.get("axis", -1)) % rank, rank))
    squares = relax.op.mean(relax.op.multiply(x, x), axes, True)
    shifted = relax.op.add(squares, const(float(node.get("epsilon", 1e-5)), _F32))
    norm = relax.op.divide(x, relax.op.sqrt(shifted))
    return relax.op.multiply(norm, node.input(1))


def is_inf(node: Node) -> Any:
    """IsInf, of either sign or of both."""
    signs = [
        value
        for value, name in ((np.inf, "detect_positive"), (-np.inf, "detect_negative"))
        if int(node.get(name, 1))
    ]
    x = node.emit(node.input(0))
    if not signs:
        return const(np.zeros(node.shape(x), bool), "bool")
    found = [relax.op.equal(x, const(value, node.dtype(x))) for value in signs]
    return found[0] if len(found) == 1 else relax.op.logical_or(*found)


def _extreme(function: Any) -> Any:
    """Max and Min of floats: what is not a number stays that, on either side."""

    def convert(node: Node) -> Any:
        if node.dtype(node.input(0)) != _F32:
            return None
        total = node.input(0)
        for other in node.inputs[1:]:
            result = function(total, other)
            if not hasattr(other, "value"):
                other = node.emit(other)
                result = relax.op.where(relax.op.isnan(other), other, result)
            total = node.emit(result)
        return total

    return convert


def of_data(node: Node) -> Any:
    """Refuses an operator whose result has a shape that depends on inputs."""
    raise Unsupported("the number of its results depends on inputs")


CONVERTERS: Converters = {
    "BatchNormalization": batch_normalization,
    "IsInf": is_inf,
    "LayerNormalization": layer_normalization,
    "LpNormalization": lp_normalization,
    "Max": _extreme(relax.op.maximum),
    "Min": _extreme(relax.op.minimum),
    "NonMaxSuppression": of_data,
    "NonZero": of_data,
    "RMSNormalization": rms_normalization,
    "Unique": of_data,
}
