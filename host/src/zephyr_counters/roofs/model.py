# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The model whose layers are the micro-kernels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from tvm import relax, tirx
from tvm.tirx.script import builder as T

from zephyr_counters.compile import compile_imported
from zephyr_counters.compile.frontends.frontend import Imported
from zephyr_counters.compile.graph import Graph, KernelCall, Origin, Step
from zephyr_counters.compile.target import parse
from zephyr_counters.extensions.kernel import CFile
from zephyr_counters.extensions.tensor_ir import argument, body, kernel
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.roofs.micro_kernels import WORD, MicroKernel

_C = Path(__file__).resolve().parent / "c"
_RESULT = (4,)
NAME = "roofs"


def archive(chosen: Sequence[MicroKernel], core: str) -> ModelArchive:
    """Compile the model.

    Args:
        chosen: its layers, in order; one whose source is "stored" follows the one that stores it.
        core: of the board, as in formats/core.py.
    """
    seed = relax.Var("seed", _type(_RESULT))
    steps: list[Step] = []
    for index, one in enumerate(chosen):
        previous = steps[-1].var if one.source == "stored" else seed
        result = (one.size // WORD,) if one.stores else _RESULT
        var = relax.Var(f"v{index}", _type(result))
        steps.append(Step(var, _call(one, previous, result), var.ty, Origin((NAME,), one.name)))
    outputs = [step.var for step, one in zip(steps, chosen, strict=True) if not one.stores]
    graph = Graph([seed], steps, outputs)
    names = [one.name for one in chosen if not one.stores]
    imported = Imported(graph, ["seed"], names)
    digest = hashlib.sha256(NAME.encode()).hexdigest()
    return compile_imported(imported, Path(NAME), digest, parse("c", core), NAME)


def _type(shape: tuple[int, ...]) -> Any:
    return relax.TensorType(shape, "int32")


def _call(one: MicroKernel, argument_of: Any, result: tuple[int, ...]) -> KernelCall:
    constants = [np.array(one.sizes, np.int32)]
    if one.source == "constant":
        constants.insert(0, np.arange(one.size // WORD, dtype=np.int32))
    shape = tuple(int(extent) for extent in argument_of.ty.shape)
    files = (_file("zc_roofs.h"), _file(one.file))
    args = (argument_of, *(relax.const(array) for array in constants))
    return KernelCall(
        _function(one.function, [shape, *(array.shape for array in constants)], result),
        one.function,
        args,
        files,
        one.requires,
    )


def _function(name: str, inputs: Sequence[tuple[int, ...]], result: tuple[int, ...]) -> Any:
    with kernel() as made:
        tensors = [argument(f"x{i}", shape, "int32") for i, shape in enumerate(inputs)]
        tensors.append(argument("y", result, "int32"))
        with body():
            T.evaluate(T.call_extern("int32", name, *(tensor.data for tensor in tensors)))
    function: tirx.PrimFunc = made.get()
    return function


@cache
def _file(name: str) -> CFile:
    return CFile(name, (_C / name).read_text(encoding="utf-8"))
