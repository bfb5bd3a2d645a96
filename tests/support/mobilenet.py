# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A MobileNetV2 0.35 96x96 of random int8 weights, the network of visual wake words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tflite_models import Builder

BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
          (6, 320, 1, 1))  # fmt: skip
"""Expansion, channels at width 1, repetitions, first stride (arXiv 1801.04381, table 2)."""
WIDTH, SIZE, LAST, CLASSES = 0.35, 96, 1280, 2
_SCALE = 0.05


def divisible(channels: float) -> int:
    """The multiple of 8 that is nearest, and not less than 0.9 of it."""
    found = max(8, int(channels + 4) // 8 * 8)
    return found if found >= 0.9 * channels else found + 8


class _Network:
    def __init__(self) -> None:
        self.made = Builder()
        self.rng = np.random.default_rng(0)

    def layer(self, x: Any, size: int, ins: int, outs: int, kernel: int, stride: int, clip: bool,
              depthwise: bool = False) -> tuple[Any, int]:  # fmt: skip
        """A convolution with SAME padding; the result and its height."""
        made, after = self.made, -(-size // stride)
        shape = (1, kernel, kernel, outs) if depthwise else (outs, kernel, kernel, ins)
        scales = self.rng.uniform(0.001, 0.01, outs)
        values = self.rng.integers(-127, 128, shape)
        axis = 3 if depthwise else 0
        weights = made.tensor(shape, "int8", scales, 0, values, axis)
        bias = made.tensor([outs], "int32", scales * _SCALE, 0, self.rng.integers(-99, 99, outs))
        y = made.tensor([1, after, after, outs], "int8", _SCALE, -5)
        kind = "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions"
        extra = {"depthMultiplier": 1} if depthwise else {}
        made.op("DEPTHWISE_CONV_2D" if depthwise else "CONV_2D", [x, weights, bias], [y], kind,
                strideH=stride, strideW=stride, dilationHFactor=1, dilationWFactor=1,
                fusedActivationFunction=3 if clip else 0, **extra)  # fmt: skip
        return y, after

    def block(self, x: Any, size: int, ins: int, outs: int, expansion: int, stride: int) -> Any:
        """An inverted residual; the result and its height."""
        y, inner = x, ins * expansion
        if expansion > 1:
            y, _ = self.layer(y, size, ins, inner, 1, 1, True)
        y, after = self.layer(y, size, inner, inner, 3, stride, True, depthwise=True)
        y, _ = self.layer(y, after, inner, outs, 1, 1, False)
        if stride == 1 and ins == outs:
            total = self.made.tensor([1, after, after, outs], "int8", _SCALE, -5)
            self.made.op("ADD", [x, y], [total], "AddOptions")
            y = total
        return y, after


def mobilenet(path: Path) -> Path:
    """Write the model."""
    net = _Network()
    made = net.made
    x = made.input([1, SIZE, SIZE, 3], "int8", 1 / 128, 0)
    channels = divisible(32 * WIDTH)
    x, size = net.layer(x, SIZE, 3, channels, 3, 2, True)
    for expansion, base, count, stride in BLOCKS:
        outs = divisible(base * WIDTH)
        for index in range(count):
            x, size = net.block(x, size, channels, outs, expansion, stride if index == 0 else 1)
            channels = outs
    x, size = net.layer(x, size, channels, LAST, 1, 1, True)
    mean = made.tensor([1, LAST], "int8", _SCALE, -5)
    made.op("MEAN", [x, made.ints([1, 2])], [mean], "ReducerOptions")
    weights = made.tensor((CLASSES, LAST), "int8", 0.01, 0, net.rng.integers(-9, 9, (2, LAST)))
    bias = made.tensor([CLASSES], "int32", 0.01 * _SCALE, 0, [3, -3])
    scores, result = (made.tensor([1, CLASSES], "int8", *q) for q in ((0.1, 0), (1 / 256, -128)))
    made.op("FULLY_CONNECTED", [mean, weights, bias], [scores], "FullyConnectedOptions")
    made.op("SOFTMAX", [scores], [result], "SoftmaxOptions", beta=1.0)
    return made.save(path, [result])
