# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Random operators and inputs, with the extreme values that arithmetic fails at."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from zephyr_counters.extensions.operator import (
    Addition,
    AveragePool,
    Convolution,
    FloatMatrixProduct,
    MatrixProduct,
    Operator,
)
from zephyr_counters.extensions.tensors import Image, Tensor, fits_int32

Array = npt.NDArray[Any]
_MAX_PRODUCTS = 60_000


def operator(random: Random) -> Operator:
    """An operator of a family that kernel libraries compute, of a random shape."""
    return random.choice(_FAMILIES)(random)


def inputs(op: Operator, random: Random) -> list[Array]:
    """Values for each of its inputs."""
    rng = np.random.default_rng(random.getrandbits(32))
    return [_values(rng, tensor) for tensor in op.inputs]


def _values(rng: np.random.Generator, tensor: Tensor) -> Array:
    if tensor.dtype == "float32":
        return rng.normal(size=tensor.shape).astype(np.float32)
    kind = rng.integers(4)
    if kind == 0:
        return np.full(tensor.shape, rng.choice([-128, 127]), np.int8)
    if kind == 1:
        return rng.choice(np.array([-128, 127], np.int8), tensor.shape)
    return rng.integers(-128, 128, tensor.shape).astype(np.int8)


def _zero(random: Random) -> int:
    return random.choice([-128, 127, 0, random.randint(-128, 127)])


def _range(random: Random) -> tuple[int, int]:
    if random.random() < 0.7:
        return -128, 127
    low = random.randint(-128, 126)
    return low, random.randint(low, 127)


def _image(batch: int, height: int, width: int, channels: int) -> Image:
    return Image.of((batch, height, width, channels), "int8", "NHWC")


def _weights(random: Random, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    kind = random.randrange(5)
    if kind == 0:
        return np.full(shape, random.choice([-128, -127, 127, 0]), np.int8)
    if kind == 1:
        return rng.choice(np.array([-128, 127], np.int8), shape)
    if kind == 2:
        return rng.integers(-127, 128, shape).astype(np.int8)
    if kind == 3:
        return rng.integers(-8, 9, shape).astype(np.int8)
    return rng.integers(-128, 128, shape).astype(np.int8)


def _finished(
    random: Random,
    x: Image,
    y: Image,
    kernel: tuple[int, int],
    family: type[Convolution] = Convolution,
    **geometry: Any,
) -> Convolution:
    """The convolution with weights, biases and scales whose outputs mostly are within range."""
    rng = np.random.default_rng(random.getrandbits(32))
    groups = geometry.get("groups", 1)
    weight = _weights(random, rng, (y.channels, *kernel, x.channels // groups))
    x_zero = _zero(random)
    span = 128 + abs(x_zero)
    spread = random.choice([0, 100, 10_000, 1_000_000])
    bias = rng.integers(-spread, spread + 1, y.channels)
    if not fits_int32(weight, bias, span):
        bias[:] = 0
    sums = np.abs(weight.reshape(y.channels, -1).astype(np.int64)).sum(axis=1) * span // 2
    bits = np.log2(np.maximum(1, (sums + np.abs(bias)) / 128))
    shift = np.clip(31 + np.rint(bits) + rng.integers(-2, 3, y.channels), 31, 62)
    if random.random() < 0.8:
        shift = np.maximum(shift, 33)
    if random.random() < 0.1:
        shift[:] = 62
    multiplier = rng.integers(2**30, 2**31, y.channels)
    if random.random() < 0.2:
        multiplier[:] = random.choice([2**30, 2**31 - 1])
    low, high = _range(random)
    return family(
        x=x,
        y=y,
        weight=weight,
        bias=bias.astype(np.int32),
        multiplier=multiplier.astype(np.int32),
        shift=shift.astype(np.int32),
        x_zero=x_zero,
        y_zero=_zero(random),
        low=low,
        high=high,
        **geometry,
    )


def _channels(random: Random, most: int = 40) -> int:
    return random.choice([random.randint(1, most), 4 * random.randint(1, most // 4), 16, 32])


def _pointwise(random: Random) -> Operator:
    inputs, outputs = _channels(random), _channels(random)
    batch, height, width = random.randint(1, 2), random.randint(1, 5), random.randint(1, 5)
    x, y = _image(batch, height, width, inputs), _image(batch, height, width, outputs)
    return _finished(random, x, y, (1, 1))


def _dense(random: Random) -> Operator:
    rows, inputs, outputs = random.choice([1, 1, 2, 5]), _channels(random, 80), _channels(random)
    x = Image.of((rows, inputs), "int8", "rows")
    y = Image.of((rows, outputs), "int8", "rows")
    return _finished(random, x, y, (1, 1), MatrixProduct)


def _window(random: Random, size: int, taps: int, stride: int, dilation: int) -> tuple[int, int]:
    """Padding before, and number of outputs, for some padding after."""
    reach = (taps - 1) * dilation + 1
    before = random.randint(0, reach - 1)
    after = random.randint(0, reach - 1)
    while size + before + after < reach:
        after += 1
    return before, (size + before + after - reach) // stride + 1


def _conv(random: Random) -> Operator:
    while True:
        batch, height, width = random.randint(1, 2), random.randint(1, 9), random.randint(1, 9)
        inputs, outputs = random.choice([1, 2, 3, _channels(random)]), _channels(random)
        kernel = random.choice(
            [(1, 1), (3, 3), (3, 3), (random.randint(1, 5), random.randint(1, 5))]
        )
        stride = random.choice([(1, 1), (2, 2), (random.randint(1, 3), random.randint(1, 3))])
        dilation = random.choice([(1, 1), (1, 1), (random.randint(1, 2), random.randint(1, 2))])
        top, y_height = _window(random, height, kernel[0], stride[0], dilation[0])
        left, y_width = _window(random, width, kernel[1], stride[1], dilation[1])
        products = batch * y_height * y_width * math.prod(kernel) * inputs * outputs
        if products <= _MAX_PRODUCTS:
            break
    return _finished(
        random,
        _image(batch, height, width, inputs),
        _image(batch, y_height, y_width, outputs),
        kernel,
        stride=stride,
        dilation=dilation,
        pad_top=top,
        pad_left=left,
    )


def _depthwise(random: Random) -> Operator:
    batch = random.choice([1, 1, 2])
    height, width = random.randint(1, 12), random.choice([random.randint(1, 12), 40, 80, 130])
    channels = max(2, random.choice([8, 16, 32, random.randint(2, 20)]))
    if width > 12:
        height, channels = min(height, 4), min(channels, 8)
    kernel = random.choice([(3, 3), (3, 3), (3, 3), (random.randint(1, 5), random.randint(1, 5))])
    stride = random.choice([(1, 1), (2, 2), (random.randint(1, 3), random.randint(1, 3))])
    dilation = random.choice([(1, 1), (1, 1), (1, 1), (random.randint(1, 2), 1)])
    top, y_height = _window(random, height, kernel[0], stride[0], dilation[0])
    left, y_width = _window(random, width, kernel[1], stride[1], dilation[1])
    return _finished(
        random,
        _image(batch, height, width, channels),
        _image(batch, y_height, y_width, channels),
        kernel,
        stride=stride,
        dilation=dilation,
        pad_top=top,
        pad_left=left,
        groups=channels,
    )


def _add(random: Random) -> Operator:
    shape = (random.randint(1, 3), random.randint(1, 50))
    tensor = Tensor(shape, "int8")
    shift = random.randint(12, 20)
    factors = random.randint(1, 2**21), random.randint(1, 2**21)
    low, high = _range(random)
    zeros = _zero(random), _zero(random)
    return Addition(tensor, tensor, tensor, zeros, factors, shift, _zero(random), low, high)


def _average(random: Random) -> Operator:
    batch, channels = random.randint(1, 2), _channels(random)
    window = random.randint(1, 6), random.randint(1, 6)
    stride = random.randint(1, 3), random.randint(1, 3)
    y_height, y_width = random.randint(1, 3), random.randint(1, 3)
    x = _image(
        batch,
        (y_height - 1) * stride[0] + window[0] + random.randint(0, stride[0] - 1),
        (y_width - 1) * stride[1] + window[1] + random.randint(0, stride[1] - 1),
        channels,
    )
    y = _image(batch, y_height, y_width, channels)
    low, high = _range(random)
    if random.random() < 0.5:
        return AveragePool(x, y, window, stride, 0, 0, low, high, None)
    bits = math.ceil(math.log2(math.prod(window)))
    scale = random.randint(2**30, 2**31 - 1), 31 + bits + random.randint(-2, 2)
    return AveragePool(x, y, window, stride, _zero(random), _zero(random), low, high, scale)


def _float_product(random: Random) -> Operator:
    rows, outputs = random.choice([1, 1, 3]), random.randint(1, 40)
    inputs = random.choice([random.randint(1, 50), 4 * random.randint(1, 20)])
    rng = np.random.default_rng(random.getrandbits(32))
    weight = rng.normal(size=(outputs, inputs)).astype(np.float32)
    x, y = Tensor((rows, inputs), "float32"), Tensor((rows, outputs), "float32")
    if random.random() < 0.3:
        return FloatMatrixProduct(x, y, weight)
    bias = rng.normal(size=outputs).astype(np.float32)
    low, high = random.choice([(-math.inf, math.inf), (0.0, math.inf), (0.0, 6.0), (-1.0, 1.0)])
    return FloatMatrixProduct(x, y, weight, bias, low, high)


_FAMILIES = (
    *(_pointwise, _pointwise, _dense, _conv, _conv, _depthwise, _depthwise),
    *(_add, _average, _float_product),
)
"""What is more varied comes more often."""
