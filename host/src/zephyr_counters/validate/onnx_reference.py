# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ONNX models, run by ONNX Runtime or by ONNX's own implementation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.names import shortened
from zephyr_counters.compile.source import Source
from zephyr_counters.validate.comparison import EXACT

Array = npt.NDArray[Any]
_OPSET = 21


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
        constants = {item.name: item for item in self._model.graph.initializer}
        makers = {node.output[0]: node for node in self._model.graph.node}
        self.steps: list[float | None] = [
            _scale(makers.get(item.name), constants) for item in self._model.graph.output
        ]
        self._names = [i.name for i in self._model.graph.input if i.name not in constants]

    def _named(self, inputs: Sequence[Array]) -> dict[str, Array]:
        return dict(zip(self._names, inputs, strict=True))

    @property
    def tolerance(self) -> float:
        """What floats may differ by."""
        return EXACT


def _scale(node: Any, constants: Mapping[str, Any]) -> float | None:
    """Return the scale of a DequantizeLinear that has one, which is constant."""
    from onnx import numpy_helper

    if node is None or node.op_type != "DequantizeLinear" or node.input[1] not in constants:
        return None
    scale = numpy_helper.to_array(constants[node.input[1]])
    return float(scale.reshape(-1)[0]) if scale.size == 1 else None


class OnnxReference(_Onnx):
    """ONNX's own implementation, in Python."""

    name = "onnx.reference"

    def __init__(self, source: Source, tensors: Collection[str]) -> None:
        from onnx.reference import ReferenceEvaluator

        super().__init__(source, tensors)
        self._evaluator = ReferenceEvaluator(_renewed(self._model))

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """Return the results, and then the tensors (`Reference.run`)."""
        return [np.asarray(array) for array in self._evaluator.run(None, self._named(inputs))]


def _renewed(model: Any) -> Any:
    """Return the model in a newer opset: onnx.reference lacks some operators' old versions."""
    from onnx import version_converter

    try:
        old = any(one.domain == "" and one.version < _OPSET for one in model.opset_import)
        return version_converter.convert_version(model, _OPSET) if old else model
    except Exception:  # the converter raises whatever its C++ part does; then as it is
        return model


class OnnxRuntime(_Onnx):
    """Microsoft's runtime."""

    name = "ONNX Runtime"

    def __init__(self, source: Source, tensors: Collection[str]) -> None:
        import onnxruntime

        super().__init__(source, tensors)
        data = self._model.SerializeToString() if self.tensors else source.data
        self._session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """Return the results, and then the tensors (`Reference.run`)."""
        return [np.asarray(array) for array in self._session.run(None, self._named(inputs))]
