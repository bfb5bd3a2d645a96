# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The source model, run by its own runtime on the host."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.frontends.tflite import file
from zephyr_counters.compile.names import shortened
from zephyr_counters.compile.source import Source
from zephyr_counters.errors import UsageError
from zephyr_counters.validate.tflite_results import with_results

Array = npt.NDArray[Any]
T = TypeVar("T")


class Reference(Protocol):
    """Runs a model; state is kept from one run to the next."""

    name: str
    """Of the runtime, for messages."""
    tensors: list[str]
    """Those of the wanted tensors inside the model that it gives."""

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """Results, in the model's order; then the tensors."""

    @property
    def tolerance(self) -> float:
        """What floats may differ by, in parts of the largest magnitude."""


def reference(source: Source, model_format: str, tensors: Collection[str] = ()) -> Reference:
    """Return the runtime of a format that is installed.

    Args:
        source: the model.
        model_format: the name of its frontend.
        tensors: names of tensors inside the model to give, too, as archives have them.

    Raises:
        UsageError: none is; says what to install. Or it cannot run the model.
    """
    if model_format == "tflite":
        if importlib.util.find_spec("ai_edge_litert") is None:
            raise UsageError("validation needs LiteRT", "pip install ai-edge-litert")
        return _Checked(lambda: _LiteRT(source, tensors), _LiteRT.name, source)
    if model_format == "onnx":
        if importlib.util.find_spec("onnxruntime") is not None:
            return _Checked(lambda: _OnnxRuntime(source, tensors), _OnnxRuntime.name, source)
        return _Checked(
            lambda: _OnnxReference(source, tensors),
            _OnnxReference.name,
            source,
            "pip install onnxruntime",
        )
    raise UsageError(f"{source.path}: models of format {model_format} have no reference runtime")


class _Checked:
    """A runtime whose failures, of whatever class, are errors that name it and the model."""

    def __init__(
        self, make: Callable[[], Reference], name: str, source: Source, hint: str | None = None
    ) -> None:
        self.name = name
        self._path, self._hint = source.path, hint
        self._runtime = self._do(make)
        self.tensors = self._runtime.tensors

    @property
    def tolerance(self) -> float:
        return self._runtime.tolerance

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return self._do(lambda: self._runtime.run(inputs))

    def _do(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Exception as error:
            text = " ".join(str(error).split()) or type(error).__name__
            raise UsageError(
                f"{self._path}: {self.name} cannot run it: {text:.300}", self._hint
            ) from error


EXACT, DYNAMIC_RANGE = 1e-3, 0.05
_OPSET = 21


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
    """Tensors inside the model become results, so that the same kernels run as without them."""

    name = "LiteRT"

    def __init__(self, source: Source, tensors: Collection[str]) -> None:
        from ai_edge_litert.interpreter import Interpreter

        data, self.tensors = with_results(source.data, tensors)
        self._interpreter = Interpreter(model_content=data, num_threads=1)
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

    def __init__(self, source: Source, tensors: Collection[str]) -> None:
        import onnx

        self._model = onnx.load_from_string(source.data)
        self.tensors: list[str] = []
        results = {item.name for item in self._model.graph.output}
        for name in [name for node in self._model.graph.node for name in node.output]:
            if name and shortened(name) in tensors and name not in results:
                self._model.graph.output.add(name=name)
                self.tensors.append(shortened(name))
        constants = {item.name for item in self._model.graph.initializer}
        self._names = [i.name for i in self._model.graph.input if i.name not in constants]

    def _named(self, inputs: Sequence[Array]) -> dict[str, Array]:
        return dict(zip(self._names, inputs, strict=True))

    @property
    def tolerance(self) -> float:
        return EXACT


class _OnnxReference(_Onnx):
    name = "onnx.reference"

    def __init__(self, source: Source, tensors: Collection[str]) -> None:
        from onnx.reference import ReferenceEvaluator

        super().__init__(source, tensors)
        self._evaluator = ReferenceEvaluator(_renewed(self._model))

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return [np.asarray(array) for array in self._evaluator.run(None, self._named(inputs))]


def _renewed(model: Any) -> Any:
    """Return the model in a newer opset: onnx.reference lacks some operators' old versions."""
    from onnx import version_converter

    try:
        old = any(one.domain == "" and one.version < _OPSET for one in model.opset_import)
        return version_converter.convert_version(model, _OPSET) if old else model
    except Exception:  # the converter raises whatever its C++ part does; then as it is
        return model


class _OnnxRuntime(_Onnx):
    name = "ONNX Runtime"

    def __init__(self, source: Source, tensors: Collection[str]) -> None:
        import onnxruntime

        super().__init__(source, tensors)
        data = self._model.SerializeToString() if self.tensors else source.data
        self._session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return [np.asarray(array) for array in self._session.run(None, self._named(inputs))]
