# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TFLite files to a graph, through TVM's own frontend, keeping tensor names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.frontends.frontend import Imported, Shapes
from zephyr_counters.compile.messages import abandon, brief
from zephyr_counters.errors import CompileError

name = "tflite"
suffixes: tuple[str, ...] = (".tflite", ".lite")
packages: tuple[str, ...] = ("tflite",)
extra = "zephyr-counters[tflite]"


def detects(data: bytes, path: Path) -> bool:
    """Whether it has TFLite's FlatBuffers identifier (schema.fbs: file_identifier)."""
    return data[4:8] == b"TFL3"


def load(data: bytes, shapes: Shapes) -> Imported:
    """Import a TFLite model through TVM's frontend.

    Raises:
        CompileError: the file is damaged, or has an operator that TVM cannot import.
    """
    import tflite
    from tvm.relax.frontend.tflite import from_tflite
    from tvm.relax.frontend.tflite.tflite_frontend import OperatorConverter, get_tensor_name

    labels: dict[relax.Var, str] = {}
    layers: dict[str, str] = {}
    builders: list[Any] = []
    current: list[str] = ["its tables"]

    class Converter(OperatorConverter):  # type: ignore[misc]
        """Emits every operator's result at once, and notes which tensor it is."""

        def __init__(self, model: Any, subgraph: Any, table: Any, builder: Any) -> None:
            builders.append(builder)
            super().__init__(model, subgraph, table, builder)
            for code, convert in list(self.convert_map.items()):
                self.convert_map[code] = self._noting(code, convert)

        def check_unsupported_ops(self) -> None:
            for index in range(self.subgraph.OperatorsLength()):
                op = self.subgraph.Operators(index)
                code = self.get_op_code_str(op)
                name = get_tensor_name(self.subgraph, int(op.Outputs(0)))
                layers.setdefault(code, short_name(name))
            super().check_unsupported_ops()

        def _noting(self, code: str, convert: Any) -> Any:
            def run(op: Any) -> Any:
                name = get_tensor_name(self.subgraph, int(op.Outputs(0)))
                current[0] = f"operator {code}, layer '{short_name(name)}'"
                result = convert(op=op)
                if isinstance(result, tvm.ir.Call | relax.TupleGetItem):
                    result = self.bb.emit(result)
                last = result.fields[-1] if isinstance(result, relax.Tuple) else result
                if isinstance(last, relax.Var):
                    labels.setdefault(last, short_name(name))
                return result

            return run

    try:
        model = tflite.Model.GetRootAsModel(data, 0)
        subgraph = model.Subgraphs(0)
        inputs = [get_tensor_name(subgraph, int(i)) for i in subgraph.InputsAsNumpy()]
        outputs = [get_tensor_name(subgraph, int(i)) for i in subgraph.OutputsAsNumpy()]
        mod = from_tflite(model, shape_dict=dict(shapes), op_converter=Converter)
    except tvm.error.OpNotImplemented as error:
        abandon(*builders)
        text = brief(error)
        named = [code for code in layers if f"'{code}'" in text]
        where = f"operator {named[0]}, layer '{layers[named[0]]}': " if named else ""
        raise CompileError(f"{where}unsupported by TVM's TFLite frontend: {text}") from error
    except Exception as error:
        abandon(*builders)
        raise CompileError(
            f"TFLite import failed at {current[0]}: {brief(error)}",
            "is the file complete, and a TFLite model?",
        ) from error
    return Imported(g.read(mod, labels.get), inputs, outputs)


def short_name(name: str) -> str:
    """A TFLite tensor's first name; converters join those of fused operators with ';'."""
    return name.split(";", 1)[0]
