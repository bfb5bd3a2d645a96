# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The source model, run by its own runtime on the host."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.frontends.tflite import file
from zephyr_counters.compile.source import Source
from zephyr_counters.errors import UsageError

Array = npt.NDArray[Any]


class Reference(Protocol):
    """Runs a model; state is kept from one run to the next."""

    name: str
    """Of the runtime, for messages."""

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """Results, in the model's order."""

    @property
    def tolerance(self) -> float:
        """What floats may differ by, in parts of the largest magnitude."""


def reference(source: Source, model_format: str) -> Reference:
    """Return the runtime of a format that is installed.

    Raises:
        UsageError: none is; says what to install.
    """
    if model_format == "tflite":
        if importlib.util.find_spec("ai_edge_litert") is None:
            raise UsageError("validation needs LiteRT", "pip install ai-edge-litert")
        return _LiteRT(source)
    if model_format == "onnx":
        if importlib.util.find_spec("onnxruntime") is not None:
            return _OnnxRuntime(source)
        return _OnnxReference(source)
    raise UsageError(f"{source.path}: models of format {model_format} have no reference runtime")


EXACT, DYNAMIC_RANGE = 1e-3, 0.05


def _is_hybrid(op: Any, graph: Any) -> bool:
    """Whether an operator has float activations and quantized weights."""
    tensors = [graph.tensors[i] for i in op.inputs[:2] if i >= 0]
    return (
        len(tensors) == 2
        and tensors[0].dtype == "float32"
        and tensors[1].dtype == "int8"
        and tensors[1].quantization is not None
    )


class _LiteRT:
    name = "LiteRT"

    def __init__(self, source: Source) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(model_content=source.data, num_threads=1)
        self._interpreter.allocate_tensors()
        self._dynamic_range = any(
            _is_hybrid(op, graph) for graph in file.read(source.data) for op in graph.operators
        )

    @property
    def tolerance(self) -> float:
        """LiteRT rounds the activations of dynamic-range models to 8 bits; compiled models do not.

        Both are then off the exact result, by up to some percent.
        """
        return DYNAMIC_RANGE if self._dynamic_range else EXACT

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        for detail, array in zip(self._interpreter.get_input_details(), inputs, strict=True):
            if tuple(detail["shape"]) != array.shape:
                self._interpreter.resize_tensor_input(detail["index"], array.shape)
                self._interpreter.allocate_tensors()
        for detail, array in zip(self._interpreter.get_input_details(), inputs, strict=True):
            self._interpreter.set_tensor(detail["index"], array)
        self._interpreter.invoke()
        details = self._interpreter.get_output_details()
        return [np.array(self._interpreter.get_tensor(item["index"])) for item in details]


class _Onnx:
    """What both ONNX runtimes share."""

    def __init__(self, source: Source) -> None:
        import onnx

        self._model = onnx.load_from_string(source.data)
        constants = {item.name for item in self._model.graph.initializer}
        self._names = [i.name for i in self._model.graph.input if i.name not in constants]

    def _named(self, inputs: Sequence[Array]) -> dict[str, Array]:
        return dict(zip(self._names, inputs, strict=True))

    @property
    def tolerance(self) -> float:
        return EXACT


class _OnnxReference(_Onnx):
    name = "onnx.reference"

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        from onnx.reference import ReferenceEvaluator

        found = ReferenceEvaluator(self._model).run(None, self._named(inputs))
        return [np.asarray(array) for array in found]


class _OnnxRuntime(_Onnx):
    name = "ONNX Runtime"

    def __init__(self, source: Source) -> None:
        import onnxruntime

        super().__init__(source)
        self._session = onnxruntime.InferenceSession(
            source.data, providers=["CPUExecutionProvider"]
        )

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return [np.asarray(array) for array in self._session.run(None, self._named(inputs))]
