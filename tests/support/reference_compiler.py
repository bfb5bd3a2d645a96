# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A model run by TVM itself on the host's processor: what a board's results should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tvm
from tvm import relax
from zephyr_counters.compile import graph, target
from zephyr_counters.compile import source as sources
from zephyr_counters.compile.kernels.portable import PORTABLE
from zephyr_counters.compile.messages import brief
from zephyr_counters.compile.pipeline import import_model
from zephyr_counters.compile.quantize.operators import integer_operators
from zephyr_counters.errors import CompileError, UsageError
from zephyr_counters.extensions.kernel import Candidate
from zephyr_counters.extensions.operator import Operator

Array = npt.NDArray[Any]


class _TensorIR:
    """The portable kernels that TVM itself can compile: none in C."""

    name = "portable"

    def candidates(self, op: Operator) -> Iterator[Candidate]:
        """Those without C files."""
        yield from (one for one in PORTABLE.candidates(op) if not one.lower().files)


class Reference:
    """A model in TVM's virtual machine, compiled with LLVM.

    Args:
        model_path: TFLite or ONNX.
        integers: with this package's integer lowering, as boards run it; else in floating point,
            exactly as TVM's frontend describes the model.
        input_shapes: as for `compile_model`.

    Raises:
        CompileError: the model cannot be compiled for the host.
    """

    def __init__(
        self,
        model_path: str | Path,
        *,
        integers: bool = True,
        input_shapes: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        imported = import_model(sources.read(model_path), input_shapes)
        model, self.inputs = imported.graph, imported.inputs
        self._types = [
            (tuple(int(n) for n in var.ty.shape), str(var.ty.dtype)) for var in model.params
        ]
        if integers:
            wanted = replace(target.parse("c"), libraries=(_TensorIR(),))
            model = integer_operators(model, wanted)
        module, _ = graph.build(graph.prune(model))
        try:
            executable = tvm.compile(module, target="llvm")
        except Exception as error:
            raise CompileError(f"TVM cannot compile for the host: {brief(error)}") from error
        self._machine = relax.VirtualMachine(executable, tvm.cpu())

    def run(self, *inputs: Array) -> list[Array]:
        """The model's outputs for its inputs.

        Raises:
            UsageError: number, shape or dtype of the inputs is not the model's.
        """
        if len(inputs) != len(self._types):
            raise UsageError(f"{len(inputs)} inputs given, the model has {len(self._types)}")
        for array, (shape, dtype), name in zip(inputs, self._types, self.inputs, strict=True):
            if array.shape != shape or str(array.dtype) != dtype:
                raise UsageError(
                    f"input '{name}' is {array.dtype}{list(array.shape)}, not {dtype}{list(shape)}"
                )
        result = self._machine["main"](*[tvm.runtime.tensor(array) for array in inputs])
        items = [result] if hasattr(result, "numpy") else list(result)
        return [np.array(item.numpy()) for item in items]
