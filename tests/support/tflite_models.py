# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Small TFLite models for tests, built table by table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest


class Builder:
    """A model of one subgraph. Tensors are indices."""

    def __init__(self) -> None:
        self.schema = pytest.importorskip("ai_edge_litert.schema_py_generated")
        self.tensors: list[Any] = []
        self.buffers: list[Any] = [self.schema.BufferT()]
        self.operators: list[Any] = []
        self.codes: list[Any] = []
        self.inputs: list[Any] = []
        self.outputs: list[Any] = []

    def tensor(
        self,
        shape: Any,
        dtype: str = "int8",
        scale: Any = None,
        zero: int = 0,
        data: Any = None,
        axis: int = 0,
        variable: bool = False,
    ) -> Any:
        made = self.schema.TensorT()
        made.name = f"t{len(self.tensors)}"
        made.shape = list(shape)
        made.type = getattr(self.schema.TensorType, str(dtype).upper())
        made.isVariable = variable
        if scale is not None:
            made.quantization = self.schema.QuantizationParametersT()
            made.quantization.scale = [float(s) for s in np.atleast_1d(scale)]
            zeros = np.broadcast_to(zero, np.shape(made.quantization.scale))
            made.quantization.zeroPoint = [int(z) for z in zeros]
            made.quantization.quantizedDimension = axis
        if data is not None:
            buffer = self.schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(data, dtype).tobytes(), np.uint8)
            self.buffers.append(buffer)
            made.buffer = len(self.buffers) - 1
        self.tensors.append(made)
        return len(self.tensors) - 1

    def input(self, shape: Any, dtype: str = "int8", scale: Any = None, zero: int = 0) -> Any:
        self.inputs.append(self.tensor(shape, dtype, scale, zero))
        return self.inputs[-1]

    def ints(self, values: Any) -> Any:
        """A constant of int32."""
        return self.tensor(np.shape(values), "int32", data=np.asarray(values))

    def op(self, name: Any, inputs: Any, outputs: Any, options: Any = None, **values: Any) -> None:
        code = self.schema.OperatorCodeT()
        code.builtinCode = getattr(self.schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = 1
        self.codes.append(code)
        made = self.schema.OperatorT()
        made.opcodeIndex = len(self.codes) - 1
        made.inputs, made.outputs = list(inputs), list(outputs)
        if options is not None:
            made.builtinOptions = getattr(self.schema, f"{options}T")()
            made.builtinOptionsType = getattr(self.schema.BuiltinOptions, options)
            for key, value in values.items():
                assert hasattr(made.builtinOptions, key), key
                setattr(made.builtinOptions, key, value)
        self.operators.append(made)

    def custom(self, name: str, inputs: Any, outputs: Any, **options: Any) -> None:
        """A custom operator; its options are a FlexBuffers map."""
        from flatbuffers import flexbuffers

        self.op("CUSTOM", inputs, outputs)
        self.codes[-1].customCode = name
        if options:
            made = flexbuffers.Dumps(dict(sorted(options.items())))
            self.operators[-1].customOptions = list(made)

    def save(self, path: Path, outputs: Any) -> Path:
        import flatbuffers

        graph = self.schema.SubGraphT()
        graph.tensors, graph.operators = self.tensors, self.operators
        graph.inputs, graph.outputs = self.inputs, list(outputs)
        model = self.schema.ModelT()
        model.version = 3
        model.subgraphs, model.buffers, model.operatorCodes = [graph], self.buffers, self.codes
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        path.write_bytes(bytes(builder.Output()))
        return path
