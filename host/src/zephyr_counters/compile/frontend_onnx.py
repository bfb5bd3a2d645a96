# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ONNX files to a graph, through TVM's own frontend, keeping node names."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from typing import Any

import tvm
from tvm import relax

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.messages import brief
from zephyr_counters.errors import CompileError

Shapes = dict[str, tuple[int, ...]]
_LOG = logging.getLogger(__name__)


def load(data: bytes, shapes: Shapes | None = None) -> tuple[g.Graph, list[str], list[str]]:
    """Import an ONNX model.

    Args and Raises are those of the TFLite frontend's `load`.
    """
    import onnx
    from google.protobuf.message import DecodeError
    from tvm.relax.frontend.onnx.onnx_frontend import ONNXGraphImporter

    labels: dict[relax.Var, str] = {}
    current: list[str] = ["its graph"]

    class Importer(ONNXGraphImporter):  # type: ignore[misc]
        """Emits every node's result at once, and notes which node it is."""

        def _convert_operator(self, op_name: str, inputs: Any, attrs: Any, opset: int) -> Any:
            name = str(attrs["tvm_custom"]["name"])
            current[0] = f"operator {op_name}, layer '{name}'"
            result = super()._convert_operator(op_name, inputs, attrs, opset)
            if isinstance(result, tvm.ir.Call) and isinstance(result.ty, relax.TensorType):
                result = self.bb.emit(result)
            if isinstance(result, relax.Var) and name:
                labels.setdefault(result, name)
            return result

    try:
        model = onnx.load_from_string(data)
    except (DecodeError, ValueError, TypeError) as error:
        raise CompileError("is neither a TFLite nor an ONNX model", brief(error)) from error
    if not model.graph.node:
        raise CompileError("is neither a TFLite model nor an ONNX model with any operator")
    noise = io.StringIO()
    try:
        onnx.checker.check_model(model)
        versions = [item.version for item in model.opset_import if item.domain in ("", "ai.onnx")]
        importer = Importer(shapes or {}, {}, keep_params_in_input=False, sanitize=True)
        with contextlib.redirect_stdout(noise), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mod = importer.from_onnx(model.graph, versions[0] if versions else 1)
    except tvm.error.OpNotImplemented as error:
        raise CompileError(f"unsupported by TVM's ONNX frontend: {brief(error)}") from error
    except Exception as error:
        _LOG.debug("%s", noise.getvalue())
        raise CompileError(f"ONNX import failed at {current[0]}: {brief(error)}") from error
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [item.name for item in model.graph.input if item.name not in constants]
    return g.read(mod, labels.get), inputs, [item.name for item in model.graph.output]
