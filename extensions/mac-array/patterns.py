# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which operators the mac-array computes, and how its driver is called for them.

The driver's entry point is `mac_array_run` in device/. A job describes shapes and element strides
(device/mac_array_job.h), so that tensors of any layout are read in place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
from tvm.tirx.script import builder as T
from zephyr_counters.extensions.kernel import Candidate, KernelLibrary, Lowering
from zephyr_counters.extensions.operator import Convolution, MatrixProduct, Operator
from zephyr_counters.extensions.tensor_ir import argument, body, kernel

_TABLE = (Path(__file__).parent / "device" / "mac_array_job.h").read_text()
WORDS = {
    name: (int(low), int(high))
    for name, low, high in re.findall(r"\bWORD\((\w+), (-?\d+), (-?\d+), ", _TABLE)
}
"""The words of a job in the order of the registers, and what the hardware takes for each."""
MAX_WINDOW = int(re.findall(r"#define MAC_ARRAY_MAX_WINDOW (\d+)", _TABLE)[0])
ENTRY_POINT = "mac_array_run"
DRIVER_INSTRUCTIONS = 300


class MacArray:
    """Signed 8-bit convolutions with one group or one group per channel, and matrix products."""

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
        low, high = np.array(list(WORDS.values())).T
        words = job(op)
        window = math.prod(op.weight.shape[1:])
        return bool(np.all((low <= words) & (words <= high)) and window <= MAX_WINDOW)

    def _lower(self, op: Convolution) -> Lowering:
        """Return a call of the driver, which returns when the array is done."""
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
    """Return the words of a job, in the order of the registers (device/mac_array_job.h)."""
    outputs, height, width, depth = op.weight.shape
    values = {
        "BATCH": op.x.batch, "IN_H": op.x.height, "IN_W": op.x.width, "IN_C": op.x.channels,
        "OUT_H": op.y.height, "OUT_W": op.y.width, "OUT_C": outputs, "K_H": height, "K_W": width,
        "STRIDE_H": op.stride[0], "STRIDE_W": op.stride[1],
        "DILATION_H": op.dilation[0], "DILATION_W": op.dilation[1],
        "PAD_TOP": op.pad_top, "PAD_LEFT": op.pad_left, "GROUPS": op.groups,
        "X_STRIDE_BATCH": op.x.strides[0], "X_STRIDE_H": op.x.strides[1],
        "X_STRIDE_W": op.x.strides[2], "X_STRIDE_C": op.x.strides[3],
        "W_STRIDE_O": height * width * depth, "W_STRIDE_H": width * depth, "W_STRIDE_W": depth,
        "W_STRIDE_I": 0 if op.is_depthwise else 1,
        "Y_STRIDE_BATCH": op.y.strides[0], "Y_STRIDE_H": op.y.strides[1],
        "Y_STRIDE_W": op.y.strides[2], "Y_STRIDE_C": op.y.strides[3],
        "X_ZERO": op.x_zero, "Y_ZERO": op.y_zero, "LOW": op.low, "HIGH": op.high,
    }  # fmt: skip
    assert values.keys() == WORDS.keys()
    return np.array([values[name] for name in WORDS], dtype=np.int32)


def register(add: Callable[[KernelLibrary], None]) -> None:
    """Register the array; the compiler calls this for `--target c,mac-array`."""
    add(MacArray())
