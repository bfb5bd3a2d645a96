# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Building blocks of kernels: TVM's tensor IR, written loop by loop, or as a call of C code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from tvm import tirx
from tvm.script.ir_builder import IRBuilder
from tvm.tirx.script import builder as T

from zephyr_counters.extensions.kernel import CFile, Lowering
from zephyr_counters.extensions.operator import Operator

OPAQUE = 8
"""Relax's operator pattern for "never fuse"."""
IN_PLACE, LEAD = "in_place", "lead"
"""Attributes of a kernel: arguments in whose memory its output may be, and how many bytes before
them it then begins."""
C_FILES = "c_files"
"""Attribute of a kernel in a frontend's module: names and texts of the C files that it calls."""
ATTRIBUTES = {"tirx.noalias": True, "op_pattern": OPAQUE}


@contextmanager
def loop(name: str, start: Any, stop: Any = None, unroll: bool = False) -> Iterator[Any]:
    """Open a named loop from `start` to `stop`, or from 0 to `start`."""
    if stop is None:
        start, stop = 0, start
    with T.unroll(start, stop) if unroll else T.serial(start, stop) as variable:
        IRBuilder.name(name, variable)
        yield variable


def local(name: str, size: int, dtype: str = "int32") -> Any:
    """Return a small array; with constant indices the C compiler keeps it in registers."""
    buffer = T.alloc_buffer((size,), dtype)
    IRBuilder.name(name, buffer)
    return buffer


@contextmanager
def kernel() -> Iterator[IRBuilder]:
    """Open a private function that later passes take as one opaque block; arguments come first."""
    with IRBuilder() as builder, T.prim_func(is_private=True, s_tir=True):
        T.func_attr(ATTRIBUTES)
        yield builder


@contextmanager
def body() -> Iterator[None]:
    """Open what encloses a kernel's statements: one block, of which TVM need not know more."""
    with T.sblock("root"):
        T.reads()
        T.writes()
        yield


def argument(name: str, shape: tuple[int, ...], dtype: str) -> Any:
    """Return a tensor argument."""
    return T.arg(name, T.buffer(shape, dtype))


def flat(name: str, tensor: Any, size: int, dtype: str) -> Any:
    """Return a tensor argument's elements in one row, as strides address them."""
    view = T.decl_buffer((size,), dtype, data=tensor.data)
    IRBuilder.name(name, view)
    return view


def requantize(acc: Any, multiplier: Any, less: Any, dtype: str = "int32") -> Any:
    """Return acc * multiplier / 2^shift, rounded half up.

    Args:
        acc: an int32 or int64 expression.
        multiplier: an int32 expression or integer, as operators describe it.
        less: shift - 1, likewise. Not to be subtracted in an expression: TVM 0.27 takes the wrong
            bounds of a shift by one, and leaves clamps out.
        dtype: of the result; twice as much must fit.
    """
    wide = T.cast(acc, "int64") * T.cast(multiplier, "int64")
    # Rounding down twice is rounding down once, and takes no 64-bit half to add.
    twice = T.cast(T.shift_right(wide, T.cast(less, "int64")), dtype)
    one = tirx.const(1, dtype)
    return T.shift_right(twice + one, one)


def clamp(value: Any, low: int, high: int) -> Any:
    """Return `value` limited to [low, high]."""
    return T.max(T.min(value, high), low)


def c_call(
    name: str,
    op: Operator,
    function: str,
    *,
    constants: Sequence[npt.NDArray[np.generic]] = (),
    files: Sequence[CFile] = (),
    scratch: int = 0,
    requires: Sequence[str] = (),
    in_place: Sequence[int] = (),
    lead: int = 0,
) -> Lowering:
    """Return a kernel that is one call of a C function.

    The function takes pointers to the operator's inputs, the constants, the output and, if
    `scratch` is not 0, that many bytes of memory for the time of the call. Tensors are 16-byte
    aligned, scratch memory 8-byte:

        int32_t function(const int8_t *x, const int8_t *constant, ..., int8_t *y, void *scratch);

    Its result is ignored. Scratch memory of 1024 bytes or more is in the model's workspace, less
    is on the stack; the archive's metadata counts both.

    Args:
        name: the kernel's name.
        op: the operator that it computes.
        function: the C function's name.
        constants: read in this order.
        files: where the function is defined; none if the firmware has it.
        scratch: bytes.
        requires: core features that the C code needs.
        in_place: indices of the inputs in whose memory `y` may be, because the function reads
            nothing of them after it wrote over it.
        lead: how many bytes before such an input `y` must begin for that; a multiple of 16.
    """
    with kernel() as builder:
        tensors = [argument(f"x{i}", t.shape, t.dtype) for i, t in enumerate(op.inputs)]
        tensors += [
            argument(f"constant{i}", array.shape, str(array.dtype))
            for i, array in enumerate(constants)
        ]
        tensors.append(argument("y", op.y.shape, op.y.dtype))
        pointers = [tensor.data for tensor in tensors]
        with body():
            if scratch:
                pointers.append(local("scratch", -(-scratch // 8), "int64").data)
            T.evaluate(T.call_extern("int32", function, *pointers))
    func = overwriting(builder.get(), in_place, lead)
    return Lowering(name, func, tuple(constants), tuple(files), frozenset(requires))


def overwriting(func: tirx.PrimFunc, in_place: Sequence[int], lead: int = 0) -> tirx.PrimFunc:
    """Return a kernel that says in which inputs' memory its output may be; see `c_call`."""
    return func.with_attrs({IN_PLACE: list(in_place), LEAD: lead})
