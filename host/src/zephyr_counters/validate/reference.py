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
from zephyr_counters.compile.messages import brief
from zephyr_counters.compile.names import shortened
from zephyr_counters.compile.source import Source
from zephyr_counters.errors import UsageError
from zephyr_counters.validate.comparison import EXACT
from zephyr_counters.validate.onnx_reference import OnnxReference, OnnxRuntime
from zephyr_counters.validate.tflite_results import with_results
from zephyr_counters.validate.torch_reference import TorchReference

Array = npt.NDArray[Any]
T = TypeVar("T")


class Reference(Protocol):
    """Runs a model; state is kept from one run to the next."""

    name: str
    """Of the runtime, for messages."""
    tensors: list[str]
    """Those of the wanted tensors inside the model that it gives."""
    steps: list[float | None]
    """Of each of the outputs, and then of the tensors, the reals between two of its values, if it
    stands for integers; else None."""

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
        return _Checked(lambda: _tflite(source, tensors), _LiteRT.name, source)
    if model_format == "onnx":
        if importlib.util.find_spec("onnxruntime") is not None:
            return _Checked(lambda: OnnxRuntime(source, tensors), OnnxRuntime.name, source)
        return _Checked(
            lambda: OnnxReference(source, tensors),
            OnnxReference.name,
            source,
            "pip install onnxruntime",
        )
    if model_format == "pytorch":
        if importlib.util.find_spec("torch") is None:
            raise UsageError("validation needs PyTorch", "pip install 'zephyr-counters[pytorch]'")
        return _Checked(lambda: TorchReference(source, tensors), "PyTorch", source)
    raise UsageError(f"{source.path}: models of format {model_format} have no reference runtime")


class _Checked:
    """A runtime whose failures, of whatever class, are errors that name it and the model."""

    def __init__(
        self, make: Callable[[], Reference], name: str, source: Source, hint: str | None = None
    ) -> None:
        self.name = name
        self._path, self._hint = source.path, hint
        self._runtime = self._do(make)
        self.name = self._runtime.name
        self.tensors, self.steps = self._runtime.tensors, self._runtime.steps

    @property
    def tolerance(self) -> float:
        return self._runtime.tolerance

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        return self._do(lambda: self._runtime.run(inputs))

    def _do(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except UsageError:
            raise
        except Exception as error:
            raise UsageError(
                f"{self._path}: {self.name} cannot run it: {brief(error)}", self._hint
            ) from error


DYNAMIC_RANGE = 0.05
_MICRO_ARENA = 1 << 26


def _is_hybrid(op: Any, graph: Any) -> bool:
    """Whether an operator has float activations and quantized weights."""
    tensors = [graph.tensors[i] for i in op.inputs[:2] if i >= 0]
    return (
        len(tensors) == 2
        and tensors[0].dtype == "float32"
        and tensors[1].dtype == "int8"
        and tensors[1].quantization is not None
    )


def _crashes(graphs: Sequence[Any]) -> bool:
    """Whether LiteRT corrupts its memory with a model, most often if XNNPACK runs a part of it."""
    return any(
        op.code == "SVDF" and graph.tensors[op.inputs[0]].dtype == "int8"
        for graph in graphs
        for op in graph.operators
    )


def _is_only_micro(graphs: Sequence[Any]) -> bool:
    """Whether a model has operators that TensorFlow Lite Micro adds."""
    return any(
        op.is_custom and op.code.startswith(("Signal", "CIRCULAR_BUFFER", "TFLM_DECODE"))
        for graph in graphs
        for op in graph.operators
    )


def _has_micro_lstm(graphs: Sequence[Any]) -> bool:
    """Whether a model has an LSTM on integers, which is computed as TensorFlow Lite Micro does."""
    return any(
        op.code == "UNIDIRECTIONAL_SEQUENCE_LSTM" and graph.tensors[op.inputs[0]].dtype == "int8"
        for graph in graphs
        for op in graph.operators
    )


def _tflite(source: Source, tensors: Collection[str]) -> Reference:
    graphs = file.read(source.data)
    has_micro = importlib.util.find_spec("tflite_micro") is not None
    if _is_only_micro(graphs) and not has_micro:
        raise UsageError(
            f"{source.path}: has operators that only TensorFlow Lite Micro runs",
            "pip install tflite-micro",
        )
    preferred = _is_only_micro(graphs) or _crashes(graphs)
    # Only LiteRT gives tensors inside the model.
    if has_micro and (preferred or (_has_micro_lstm(graphs) and not tensors)):
        return _Micro(source)
    try:
        return _LiteRT(source, tensors)
    except (RuntimeError, ValueError):
        if not has_micro:
            raise
        return _Micro(source)


class _Micro:
    """TensorFlow Lite Micro, for what LiteRT crashes with."""

    name = "TensorFlow Lite Micro"

    def __init__(self, source: Source) -> None:
        from tflite_micro.python.tflite_micro import runtime

        graph = file.read(source.data)[0]
        self.tensors: list[str] = []
        self.steps = _dequantized(graph, ())
        self._outputs = len(graph.outputs)
        self._interpreter = runtime.Interpreter.from_bytes(source.data, arena_size=_MICRO_ARENA)

    @property
    def tolerance(self) -> float:
        return EXACT

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        for index, array in enumerate(inputs):
            self._interpreter.set_input(array, index)
        self._interpreter.invoke()
        return [np.array(self._interpreter.get_output(i)) for i in range(self._outputs)]


def _interpreter(data: bytes, plain: bool) -> Any:
    """Return LiteRT's interpreter; with none but its own kernels if `plain`."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    kind = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES if plain else OpResolverType.AUTO
    made = Interpreter(model_content=data, num_threads=1, experimental_op_resolver_type=kind)
    made.allocate_tensors()
    return made


def _dequantized(graph: Any, tensors: Sequence[str]) -> list[float | None]:
    """Return the steps of outputs and tensors that DEQUANTIZE makes."""
    makers = {op.outputs[0]: op for op in graph.operators if op.code == "DEQUANTIZE"}
    by_name = {shortened(tensor.name): i for i, tensor in enumerate(graph.tensors)}
    found: list[float | None] = []
    for index in (*graph.outputs, *(by_name.get(name, file.NONE) for name in tensors)):
        maker = makers.get(index)
        source = None if maker is None else graph.tensors[maker.inputs[0]]
        scaled = source is not None and source.quantization is not None
        found.append(source.scale if scaled and source is not None else None)
    return found


class _LiteRT:
    """Tensors inside the model become results, so that the same kernels run as without them."""

    name = "LiteRT"

    def __init__(self, source: Source, tensors: Collection[str]) -> None:
        graphs = file.read(source.data)
        data, self.tensors = with_results(source.data, tensors)
        self.steps = _dequantized(graphs[0], self.tensors)
        self._dynamic_range = any(
            _is_hybrid(op, graph) for graph in graphs for op in graph.operators
        )
        # XNNPACK refuses some models that LiteRT's own kernels run.
        try:
            self._interpreter = _interpreter(data, _crashes(graphs))
        except (RuntimeError, ValueError):
            self._interpreter = _interpreter(data, True)

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
