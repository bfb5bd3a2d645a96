# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The mac-array's arithmetic and cost once more, in numpy, from its README alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_TABLE = Path(__file__).resolve().parents[2] / "extensions/mac-array/device/mac_array_job.h"
WORDS = re.findall(r"\bWORD\((\w+), -?\d", _TABLE.read_text())


def _named(prefix: str, axes: str, strides: list[int]) -> dict[str, int]:
    return {f"{prefix}_{axis}": stride for axis, stride in zip(axes, strides, strict=True)}


@dataclass
class Job:
    """A convolution as the array takes it; tensors of any layout, by strides."""

    batch: int
    in_shape: tuple[int, int, int]
    out_channels: int
    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    pad: tuple[int, int, int, int] = (0, 0, 0, 0)
    depthwise: bool = False
    nchw: bool = False
    zeros: tuple[int, int] = (0, 0)
    clamp: tuple[int, int] = (-128, 127)
    seed: int = 0
    x: Array = field(init=False)
    w: Array = field(init=False)
    bias: Array = field(init=False)
    multiplier: Array = field(init=False)
    shift: Array = field(init=False)

    def __post_init__(self) -> None:
        random = np.random.default_rng(self.seed)
        height, width, channels = self.in_shape
        depth = 1 if self.depthwise else channels
        outputs = self.out_channels
        self.x = random.integers(-128, 128, (self.batch, height, width, channels), np.int8)
        self.w = random.integers(-128, 128, (outputs, *self.kernel, depth), np.int8)
        self.bias = random.integers(-(2**16), 2**16, outputs, np.int32)
        self.multiplier = random.integers(2**30, 2**31, outputs, np.int64).astype(np.int32)
        self.shift = random.integers(36, 46, outputs, np.int32)
        # The ends of what shifts may be.
        self.shift[0], self.shift[-1] = random.choice([1, 62, 40]), random.choice([1, 62, 40])

    @property
    def out_size(self) -> tuple[int, int]:
        """Height and width of the output."""
        top, left, bottom, right = self.pad
        padded = (self.in_shape[0] + top + bottom, self.in_shape[1] + left + right)
        spans = [self.dilation[i] * (self.kernel[i] - 1) + 1 for i in (0, 1)]
        height, width = ((padded[i] - spans[i]) // self.stride[i] + 1 for i in (0, 1))
        return height, width

    @property
    def window(self) -> int:
        """Products summed for an output."""
        depth = 1 if self.depthwise else self.in_shape[2]
        return self.kernel[0] * self.kernel[1] * depth

    def words(self) -> Array:
        """The words, in the order of the registers."""
        height, width, channels = self.in_shape
        out_h, out_w = self.out_size
        outputs = self.out_channels
        k_h, k_w = self.kernel
        depth = 1 if self.depthwise else channels
        if self.nchw:
            x_strides = [width, 1, height * width]
            y_strides = [out_w, 1, out_h * out_w]
            w_strides = [depth * k_h * k_w, k_w, 1, k_h * k_w]
        else:
            x_strides = [width * channels, channels, 1]
            y_strides = [out_w * outputs, outputs, 1]
            w_strides = [k_h * k_w * depth, k_w * depth, depth, 1]
        values = dict(
            BATCH=self.batch, IN_H=height, IN_W=width, IN_C=channels,
            OUT_H=out_h, OUT_W=out_w, OUT_C=outputs, K_H=k_h, K_W=k_w,
            STRIDE_H=self.stride[0], STRIDE_W=self.stride[1],
            DILATION_H=self.dilation[0], DILATION_W=self.dilation[1],
            PAD_TOP=self.pad[0], PAD_LEFT=self.pad[1],
            GROUPS=channels if self.depthwise else 1,
            **_named("X_STRIDE", "HWC", x_strides), **_named("W_STRIDE", "OHWI", w_strides),
            **_named("Y_STRIDE", "HWC", y_strides),
            X_ZERO=self.zeros[0], Y_ZERO=self.zeros[1], LOW=self.clamp[0], HIGH=self.clamp[1],
            X_STRIDE_BATCH=height * width * channels, Y_STRIDE_BATCH=out_h * out_w * outputs,
        )  # fmt: skip
        return np.array([values[name] for name in WORDS], np.int32)

    def tensors(self) -> list[Array]:
        """x, w, bias, multiplier, shift as they lie in memory."""
        x, w = self.x, self.w
        if self.nchw:
            x, w = x.transpose(0, 3, 1, 2), w.transpose(0, 3, 1, 2)
        return [np.ascontiguousarray(x), np.ascontiguousarray(w), self.bias,
                self.multiplier, self.shift]  # fmt: skip

    def result(self) -> Array:
        """What the array has to compute, as it lies in memory."""
        out_h, out_w = self.out_size
        top, left, bottom, right = self.pad
        x = np.pad(self.x.astype(np.int64) - self.zeros[0],
                   ((0, 0), (top, bottom), (left, right), (0, 0)))  # fmt: skip
        sums = np.zeros((self.batch, out_h, out_w, self.out_channels), np.int64)
        for h in range(self.kernel[0]):
            for v in range(self.kernel[1]):
                first_h, first_w = h * self.dilation[0], v * self.dilation[1]
                part = x[
                    :,
                    first_h : first_h + (out_h - 1) * self.stride[0] + 1 : self.stride[0],
                    first_w : first_w + (out_w - 1) * self.stride[1] + 1 : self.stride[1],
                ]
                weights = self.w[:, h, v].astype(np.int64)
                sums += part * weights[:, 0] if self.depthwise else part @ weights.T
        sums += self.bias
        assert np.abs(sums).max() < 2**31
        rounded = sums * self.multiplier.astype(np.int64) + (1 << (self.shift.astype(np.int64) - 1))
        y = (rounded >> self.shift.astype(np.int64)) + self.zeros[1]
        y = np.clip(y, *self.clamp).astype(np.int8)
        return np.ascontiguousarray(y.transpose(0, 3, 1, 2) if self.nchw else y)

    def patch(self, pixel: int) -> int:
        """Bytes of input below an output pixel, padding not counted."""
        out_h, out_w = self.out_size
        at = (pixel // out_w % out_h, pixel % out_w)
        taps = [
            sum(0 <= at[i] * self.stride[i] - self.pad[i] + k * self.dilation[i] < self.in_shape[i]
                for k in range(self.kernel[i]))
            for i in (0, 1)
        ]  # fmt: skip
        return taps[0] * taps[1] * (1 if self.depthwise else self.in_shape[2])

    def cost(self) -> dict[str, int]:
        """What the counters advance by."""
        out_h, out_w = self.out_size
        pixels = self.batch * out_h * out_w
        columns = 1 if self.depthwise else 8
        input_bytes = self.batch * int(np.prod(self.in_shape))
        weights_stay = columns * (self.window + 12) <= 8192
        loads, stores, computes = [], [], []
        for channel in range(0, self.out_channels, columns):
            channels = min(columns, self.out_channels - channel)
            for pixel in range(0, pixels, 8):
                count = min(8, pixels - pixel)
                load = 0
                if pixel == 0 or not weights_stay:
                    load += channels * (self.window + 12)
                if input_bytes > 8192:
                    load += sum(self.patch(pixel + i) for i in range(count))
                elif pixel == channel == 0:
                    load += input_bytes
                loads.append(load)
                stores.append(count * channels)
                computes.append(self.window)
        tiles = len(loads)
        cycles = stalls = 0
        # In step t the array computes tile t - 1; the DMA loads tile t and stores tile t - 2.
        for step in range(tiles + 2):
            compute = computes[step - 1] if 1 <= step <= tiles else 0
            dma = -(-loads[step] // 4) if step < tiles else 0
            dma += -(-stores[step - 2] // 4) if step >= 2 else 0
            cycles += max(compute, dma)
            stalls += max(0, dma - compute)
        return {
            "jobs": 1,
            "busy-cycles": cycles,
            "stall-cycles": stalls,
            "macs": sum(stores) * self.window,
            "bytes-in": sum(loads),
            "bytes-out": sum(stores),
            "tiles": tiles,
        }
