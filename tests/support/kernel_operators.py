# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Random operators and inputs, with the extreme values that arithmetic fails at."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from zephyr_counters.extensions.operator import (
    Activation,
    Addition,
    AveragePool,
    Block,
    CompactConvolution,
    Convolution,
    ConvolutionAddition,
    FloatMatrixProduct,
    LayoutMove,
    MatrixProduct,
    MaxPool,
    Multiplication,
    OffsetConvolution,
    Operator,
    Softmax,
)
from zephyr_counters.extensions.tensors import LIMITS, Image, Tensor, fits_int32, row_major

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
    low, high = LIMITS[tensor.dtype]
    kind = rng.integers(4)
    if kind == 0:
        return np.full(tensor.shape, rng.choice([low, high]), tensor.dtype)
    if kind == 1:
        return rng.choice(np.array([low, high], tensor.dtype), tensor.shape)
    return rng.integers(low, high + 1, tensor.shape).astype(tensor.dtype)


def _zero(random: Random, dtype: str) -> int:
    low, high = LIMITS[dtype]
    return random.choice([low, high, max(low, 0), random.randint(low, high)])


def _range(random: Random, dtype: str) -> tuple[int, int]:
    least, most = LIMITS[dtype]
    if random.random() < 0.7:
        return least, most
    low = random.randint(least, most - 1)
    return low, random.randint(low, most)


def _type(random: Random) -> str:
    return "uint8" if random.random() < 0.25 else "int8"


def _images(
    random: Random, batch: int, x: tuple[int, int, int], y: tuple[int, int, int]
) -> tuple[Image, Image]:
    """Input and output, of (height, width, channels) each, mostly int8 and NHWC."""
    layout = "NCHW" if random.random() < 0.25 else "NHWC"
    found = []
    for height, width, channels in (x, y):
        shape = dict(zip("NHWC", (batch, height, width, channels), strict=True))
        found.append(Image.of(tuple(shape[axis] for axis in layout), _type(random), layout))
    return found[0], found[1]


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
    x_zero = _zero(random, x.dtype)
    span = max(abs(limit) for limit in LIMITS[x.dtype]) + abs(x_zero)
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
    low, high = _range(random, y.dtype)
    return family(
        x=x,
        y=y,
        weight=weight,
        bias=bias.astype(np.int32),
        multiplier=multiplier.astype(np.int32),
        shift=shift.astype(np.int32),
        x_zero=x_zero,
        y_zero=_zero(random, y.dtype),
        low=low,
        high=high,
        **geometry,
    )


def _channels(random: Random, most: int = 40) -> int:
    return random.choice([random.randint(1, most), 4 * random.randint(1, most // 4), 16, 32])


def _pointwise(random: Random) -> Operator:
    inputs, outputs = _channels(random), _channels(random)
    batch, height, width = random.randint(1, 2), random.randint(1, 5), random.randint(1, 5)
    x, y = _images(random, batch, (height, width, inputs), (height, width, outputs))
    return _finished(random, x, y, (1, 1))


def _dense(random: Random) -> Operator:
    rows, inputs, outputs = random.choice([1, 1, 2, 5]), _channels(random, 80), _channels(random)
    x = Image.of((rows, inputs), _type(random), "rows")
    y = Image.of((rows, outputs), _type(random), "rows")
    return _finished(random, x, y, (1, 1), MatrixProduct)


def _window(random: Random, size: int, taps: int, stride: int, dilation: int) -> tuple[int, int]:
    """Padding before, and number of outputs, for some padding after."""
    reach = (taps - 1) * dilation + 1
    # Rarely so much that some windows lie in the padding alone.
    most = reach + 2 if random.random() < 0.15 else reach - 1
    before = random.randint(0, most)
    after = random.randint(0, most)
    while size + before + after < reach:
        after += 1
    return before, (size + before + after - reach) // stride + 1


def _conv(random: Random) -> Operator:
    while True:
        batch, height, width = random.randint(1, 2), random.randint(1, 9), random.randint(1, 9)
        groups = random.choice([1, 1, 1, 2, 3])
        inputs, outputs = random.choice([1, 2, 3, _channels(random)]), _channels(random)
        inputs, outputs = groups * -(-inputs // groups), groups * -(-outputs // groups)
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
        *_images(random, batch, (height, width, inputs), (y_height, y_width, outputs)),
        kernel,
        stride=stride,
        dilation=dilation,
        pad_top=top,
        pad_left=left,
        groups=groups,
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
    outputs = channels * random.choice([1, 1, 1, 2, 3])
    return _finished(
        random,
        *_images(random, batch, (height, width, channels), (y_height, y_width, outputs)),
        kernel,
        stride=stride,
        dilation=dilation,
        pad_top=top,
        pad_left=left,
        groups=channels,
    )


def _add(random: Random) -> Operator:
    shape = (random.randint(1, 3), random.randint(1, 50))
    return _sum_of(Tensor(shape, _type(random)), random)


def _sum_of(a: Tensor, random: Random) -> Addition:
    b, y = (Tensor(a.shape, _type(random)) for _ in range(2))
    shift = random.randint(12, 20)
    factors = random.randint(1, 2**21), random.randint(1, 2**21)
    low, high = _range(random, y.dtype)
    zeros = _zero(random, a.dtype), _zero(random, b.dtype)
    return Addition(a, b, y, zeros, factors, shift, _zero(random, y.dtype), low, high)


def _conv_add(random: Random) -> Operator:
    op = random.choice((_conv, _pointwise, _pointwise, _dense, _depthwise))(random)
    assert isinstance(op, Convolution)
    return ConvolutionAddition(op, _sum_of(Tensor(op.y.shape, op.y.dtype), random))


def _multiply(random: Random) -> Operator:
    shape = (random.randint(1, 3), random.randint(1, 50))
    a, b, y = (Tensor(shape, _type(random)) for _ in range(3))
    low, high = _range(random, y.dtype)
    zeros = _zero(random, a.dtype), _zero(random, b.dtype)
    scale = random.randint(2**30, 2**31 - 1), random.choice([31, 33, 38, 40, 62])
    return Multiplication(a, b, y, zeros, *scale, _zero(random, y.dtype), low, high)


def _activation(random: Random) -> Operator:
    shape = (random.randint(1, 3), random.randint(1, 50))
    x, y = Tensor(shape, _type(random)), Tensor(shape, _type(random))
    low, high = LIMITS[y.dtype]
    table = [random.randint(low, high) for _ in range(256)]
    return Activation(x, y, np.array(table, y.dtype))


def _maximum(random: Random) -> Operator:
    batch, channels = random.randint(1, 2), _channels(random)
    height, width = random.randint(1, 9), random.randint(1, 9)
    window = random.randint(1, 4), random.randint(1, 4)
    stride = random.randint(1, 3), random.randint(1, 3)
    dilation = random.choice([(1, 1), (1, 1), (random.randint(1, 2), random.randint(1, 2))])
    places = []
    for size, taps, step, spread in zip((height, width), window, stride, dilation, strict=True):
        reach = (taps - 1) * spread + 1
        # Every window has a tap in x.
        before = random.randint(max(0, reach - size), max(0, reach - size) + (reach > 1))
        before = min(before, (taps - 1) * spread)
        outputs = (size + before - 1) // step + 1
        places.append((before, random.randint(1, outputs)))
    (top, y_height), (left, y_width) = places
    x, y = _images(random, batch, (height, width, channels), (y_height, y_width, channels))
    y = replace(y, dtype=x.dtype)
    op = MaxPool(x, y, window, stride, dilation, top, left)
    return op if _has_taps(op) else _maximum(random)


def _has_taps(op: MaxPool) -> bool:
    return all(
        any(0 <= index * step - pad + tap * spread < size for tap in range(taps))
        for size, outputs, taps, step, spread, pad in (
            (op.x.height, op.y.height, op.window[0], op.stride[0], op.dilation[0], op.pad_top),
            (op.x.width, op.y.width, op.window[1], op.stride[1], op.dilation[1], op.pad_left),
        )
        for index in range(outputs)
    )


def _offset(random: Random) -> Operator:
    op = random.choice((_conv, _dense, _depthwise))(random)
    assert isinstance(op, Convolution)
    zero = random.choice([-128, 127, random.randint(-20, 20)]) or 1
    span = max(abs(limit) for limit in LIMITS[op.x.dtype]) + abs(op.x_zero)
    fits = fits_int32(op.weight.astype(np.int16) - zero, op.bias.astype(np.int64), span)
    return OffsetConvolution(op, zero) if fits else op


def _average(random: Random) -> Operator:
    batch, channels = random.randint(1, 2), _channels(random)
    window = random.randint(1, 6), random.randint(1, 6)
    stride = random.randint(1, 3), random.randint(1, 3)
    y_height, y_width = random.randint(1, 3), random.randint(1, 3)
    height = (y_height - 1) * stride[0] + window[0] + random.randint(0, stride[0] - 1)
    width = (y_width - 1) * stride[1] + window[1] + random.randint(0, stride[1] - 1)
    x, y = _images(random, batch, (height, width, channels), (y_height, y_width, channels))
    low, high = _range(random, y.dtype)
    if random.random() < 0.5:
        return AveragePool(x, y, window, stride, 0, 0, low, high, None)
    bits = math.ceil(math.log2(math.prod(window)))
    scale = random.randint(2**30, 2**31 - 1), 31 + bits + random.randint(-2, 2)
    zeros = _zero(random, x.dtype), _zero(random, y.dtype)
    return AveragePool(x, y, window, stride, *zeros, low, high, scale)


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


def _compact(random: Random) -> Operator:
    op = random.choice([_conv, _depthwise, _dense])(random)
    assert isinstance(op, Convolution)
    x, y = (
        Image.of((i.batch, i.height, i.width, i.channels), "float32", "NHWC") for i in (op.x, op.y)
    )
    rng = np.random.default_rng(random.getrandbits(32))
    halves = (rng.normal(size=op.weight.shape) * 2.0 ** rng.integers(-9, 1)).astype(np.float16)
    halves[np.abs(halves) < np.finfo(np.float16).tiny] = 0
    bias, scale = rng.normal(size=(2, y.channels)).astype(np.float32)
    low, high = random.choice([(-math.inf, math.inf), (0.0, math.inf), (0.0, 6.0), (-1.0, 1.0)])
    weight: Array = random.choice([op.weight, halves])
    scale *= np.float32(0.01 if weight.dtype == np.int8 else 1)
    window = op.stride, op.dilation, op.pad_top, op.pad_left, op.groups
    return CompactConvolution(x, y, weight, scale, bias, low, high, *window)


def _pad(random: Random) -> Operator:
    dtype, shape = _type(random), _shape(random)
    before = [random.choice([0, 0, random.randint(1, 3)]) for _ in shape]
    after = [random.choice([0, 0, random.randint(1, 3)]) for _ in shape]
    whole = tuple(map(sum, zip(before, shape, after, strict=True)))
    x, y, to = Tensor(shape, dtype), Tensor(whole, dtype), row_major(whole)
    offset = sum(n * stride for n, stride in zip(before, to, strict=True))
    block = Block(shape, 0, row_major(shape), offset, to)
    return LayoutMove("pad", (x,), y, (block,), _zero(random, dtype))


def _concat(random: Random) -> Operator:
    dtype, shape = _type(random), _shape(random)
    axis = random.randrange(len(shape))
    extents = [random.randint(1, 12) for _ in range(random.randint(2, 4))]
    shapes = [(*shape[:axis], extent, *shape[axis + 1 :]) for extent in extents]
    whole = (*shape[:axis], sum(extents), *shape[axis + 1 :])
    to = row_major(whole)
    blocks = tuple(
        Block(one, 0, row_major(one), sum(extents[:i]) * to[axis], to)
        for i, one in enumerate(shapes)
    )
    inputs = tuple(Tensor(one, dtype) for one in shapes)
    return LayoutMove("concat", inputs, Tensor(whole, dtype), blocks)


def _shape(random: Random) -> tuple[int, ...]:
    return tuple(random.randint(1, 9) for _ in range(random.randint(1, 4)))


def _softmax(random: Random) -> Operator:
    shape = (random.randint(1, 3), random.choice([1, 2, random.randint(3, 40), 300]))
    x, y = Tensor(shape, _type(random)), Tensor(shape, _type(random))
    bits = min(23, 30 - shape[1].bit_length())
    scale = random.choice([1e-4, 0.05, 3.0, random.uniform(0.01, 0.3)])
    table = np.rint(np.exp(-np.arange(256) * scale) * 2**bits).astype(np.int32)
    steps = random.choice([65536, 65536, random.randint(1, 200_000), 2**31 - 1])
    return Softmax(x, y, table, steps, _zero(random, y.dtype), *_range(random, y.dtype))


_FAMILIES = (
    *(_pointwise, _pointwise, _dense, _conv, _conv, _depthwise, _depthwise, _conv_add),
    *(_add, _average, _maximum, _multiply, _activation, _offset, _float_product, _softmax),
    *(_pad, _concat, _compact),
)
"""What is more varied comes more often."""
