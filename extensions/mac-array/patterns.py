# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which operators the mac-array computes, and how its driver is called for them.

The driver's entry point is `mac_array_run` in device/. A job is 32 words; it describes shapes
and element strides, so that any layout of tensors can be read where it lies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
from tvm.tirx.script import builder as T
from zephyr_counters.extensions.kernel import Candidate, KernelLibrary, Lowering
from zephyr_counters.extensions.operator import Convolution, MatrixProduct, Operator
from zephyr_counters.extensions.tensor_ir import argument, body, kernel

JOB_WORDS = 32
# What the hardware refuses beyond (device/mac_array_compute.c).
MAX_DIMENSION = 65535
MAX_KERNEL = 255
MAX_WINDOW = 65535
ENTRY_POINT = "mac_array_run"
DRIVER_INSTRUCTIONS = 300


class MacArray:
    """Signed 8-bit convolutions with one group or one a channel, and matrix products."""

    name = "mac-array"

    def candidates(self, op: Operator) -> Iterable[Candidate]:
        """One job, if the array has this operator in a shape that its registers hold."""
        if isinstance(op, Convolution) and self._takes(op):
            # Waiting for the array: the driver's instructions do not depend on the job.
            yield Candidate("job", partial(self._lower, op), DRIVER_INSTRUCTIONS)

    def _takes(self, op: Convolution) -> bool:
        signed = op.x.dtype == op.y.dtype == "int8"
        if not signed or not (op.groups == 1 or op.is_depthwise):
            return False
        words = job(op)
        window = math.prod(op.weight.shape[1:])
        zeros = words[26:28]
        return bool(
            np.all(words[:7] <= MAX_DIMENSION)
            and np.all(words[7:13] <= MAX_KERNEL)
            and np.all((words[13:15] >= 0) & (words[13:15] <= MAX_DIMENSION))
            and np.all((zeros >= -128) & (zeros <= 127))
            and window <= MAX_WINDOW
        )

    def _lower(self, op: Convolution) -> Lowering:
        """A call of the driver, which returns when the array is done."""
        weight = np.ascontiguousarray(op.weight)
        constants = (job(op), weight, op.bias, op.multiplier, op.shift)
        names = ("job", "weight", "bias", "multiplier", "shift")
        with kernel() as builder:
            x = argument("x", op.x.shape, "int8")
            given = {
                name: argument(name, array.shape, str(array.dtype))
                for name, array in zip(names, constants, strict=True)
            }
            y = argument("y", op.y.shape, "int8")
            order = ("job", "x", "weight", "bias", "multiplier", "shift", "y")
            tensors = {**given, "x": x, "y": y}
            pointers = [tensors[name].data for name in order]
            with body():
                T.evaluate(T.call_extern("int32", ENTRY_POINT, *pointers))
        is_product = isinstance(op, MatrixProduct)
        kind = "matmul" if is_product else "depthwise" if op.is_depthwise else "conv2d"
        return Lowering(f"mac_array_{kind}", builder.get(), constants)


def job(op: Convolution) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """The 32 words of a job, in the order of the registers (device/mac_array.h)."""
    outputs, height, width, depth = op.weight.shape
    words = [
        op.x.batch, op.x.height, op.x.width, op.x.channels,
        op.y.height, op.y.width, outputs, height, width,
        *op.stride, *op.dilation, op.pad_top, op.pad_left, op.groups,
        *op.x.strides[1:],
        height * width * depth, width * depth, depth, 0 if op.is_depthwise else 1,
        *op.y.strides[1:],
        op.x_zero, op.y_zero, op.low, op.high,
        op.x.strides[0], op.y.strides[0],
    ]  # fmt: skip
    assert len(words) == JOB_WORDS
    return np.array(words, dtype=np.int32)


def register(add: Callable[[KernelLibrary], None]) -> None:
    """Called by the compiler for `--target c,mac-array`."""
    add(MacArray())
