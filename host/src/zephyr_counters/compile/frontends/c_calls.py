# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""C functions of the compiler, for operators that no tensor program computes well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from tvm import relax

from zephyr_counters.extensions.kernel import CFile
from zephyr_counters.extensions.operator import Operator
from zephyr_counters.extensions.tensor_ir import C_FILES, c_call
from zephyr_counters.extensions.tensors import Tensor

Expr = Any


@dataclass(frozen=True, eq=False)
class _Call(Operator):
    """Types of what a function reads and writes."""

    tensors: tuple[Tensor, ...]
    y: Tensor

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return self.tensors


def called(
    builder: Any,
    function: str,
    args: Sequence[Expr],
    constants: Sequence[npt.NDArray[Any]],
    y: Tensor,
    files: Sequence[CFile],
    scratch: int = 0,
) -> Expr:
    """Emit a call of a C function, and return its result.

    Args:
        builder: emits it.
        function: the name; `extensions.tensor_ir.c_call` says what it takes.
        args: variables or constants, read in this order.
        constants: arrays of one dimension or more, read after them.
        y: shape and type of the result.
        files: where it is defined.
        scratch: bytes of memory for the time of the call.
    """
    tensors = tuple(
        Tensor(tuple(int(extent) for extent in arg.ty.shape), str(arg.ty.dtype)) for arg in args
    )
    lowering = c_call(
        function, _Call(tensors, y), function, constants=constants, files=files, scratch=scratch
    )
    texts = [text for file in files for text in (file.name, file.text)]
    func = builder.add_func(lowering.func.with_attr(C_FILES, texts), function)
    read = [*args, *(relax.const(array) for array in constants)]
    return builder.emit(relax.call_tir(func, read, relax.TensorType(y.shape, y.dtype)))
