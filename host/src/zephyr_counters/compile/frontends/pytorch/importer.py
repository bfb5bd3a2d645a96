# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""TVM's importer of exported programs, with names of layers, quantization and all refusals."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import tvm
from tvm import relax
from tvm.relax.frontend.torch.exported_program_translator import ExportedProgramImporter

from zephyr_counters.compile.frontends.pytorch import corrected, resize
from zephyr_counters.compile.messages import listed, reason
from zephyr_counters.errors import CompileError


class Importer(ExportedProgramImporter):  # type: ignore[misc]
    """Converts node by node, and reports all that cannot be converted."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: dict[str, str] = {}
        """By the name of a variable: the module of the operator that it is the result of."""
        self.nodes: dict[str, str] = {}
        """By the name of a variable: the node of the program that it is the result of."""
        self.constants: dict[str, Any] = {}
        self.plain = dict(self.convert_map)
        """TVM's own converters, by operator."""
        own = {**corrected.CONVERTERS, **resize.CONVERTERS}
        self.update_convert_map({name: partial(convert, self) for name, convert in own.items()})
        self.update_convert_map(
            {
                "quantize_per_tensor.default": self._quantize,
                "dequantize_per_tensor.default": self._dequantize,
                "quantize_per_tensor.tensor": self._quantize,
                "dequantize_per_tensor.tensor": self._dequantize,
                "quantize_per_channel.default": self._quantize_channels,
                "dequantize_per_channel.default": self._dequantize_channels,
            }
        )

    def module(self, program: Any) -> Any:
        """Return the program as a Relax module, with its tensors bound as constants.

        Raises:
            CompileError: operators that cannot be converted.
        """
        self.constants = {
            spec.arg.name: tensor(program, spec)
            for spec in program.graph_signature.input_specs
            if spec.kind.name != "USER_INPUT"
        }
        if any(s.kind.name.endswith("MUTATION") for s in program.graph_signature.output_specs):
            raise CompileError(
                "it changes its own buffers, which cannot be compiled",
                "export it after model.eval(), and give state as inputs and outputs",
            )
        return self.from_exported_program(program, False, True, False, None)

    def _check_unsupported_func_type(self, nodes: Any) -> None:
        problems = [
            f"{_where(node)}: is not supported"
            for node in nodes
            if node.op == "call_function" and node.target.__name__ not in self.convert_map
        ]
        if problems:
            raise CompileError(listed(problems), "see docs/models.md for what is supported")

    def _translate_fx_graph(
        self, graph_module: Any, nodes: Any, inputs_vars: Any, custom_ops: Any = None
    ) -> Any:
        output: Any = None
        problems: list[str] = []
        failed: set[Any] = set()
        for node in nodes:
            if node.op == "placeholder":
                self.env[node] = inputs_vars[node.name]
            elif node.op == "output":
                output = node
            elif failed.intersection(node.all_input_nodes):
                failed.add(node)
            elif node.op == "get_attr":
                self.env[node] = getattr(graph_module, node.target)
            else:
                try:
                    made = self.convert_map[node.target.__name__](node)
                    is_call = isinstance(made, tvm.ir.Call)
                    self.env[node] = self.block_builder.emit(made) if is_call else made
                    self._check(node)
                except Exception as error:
                    problems.append(f"{_where(node)}: {reason(error)}")
                    failed.add(node)
                    continue
                self._label(node)
        if problems:
            raise CompileError(listed(problems), "see docs/models.md for what is supported")
        return self._flatten_output_args(self.retrieve_args(output)[0])

    def _check(self, node: Any) -> None:
        """Compare a result with the shape and type that the program says."""
        value, declared = self.env[node], node.meta.get("val")
        if not isinstance(value, relax.Var) or not hasattr(declared, "dtype"):
            return
        if not isinstance(value.ty, relax.TensorType) or value.ty.shape is None:
            return
        shape: list[Any] = [getattr(n, "value", None) for n in value.ty.shape.values]
        wanted = [n if isinstance(n, int) else None for n in declared.shape]
        dtype = str(declared.dtype).removeprefix("torch.")
        same = len(shape) == len(wanted) and all(
            None in (a, b) or int(a) == b for a, b in zip(shape, wanted, strict=True)
        )
        if not same or str(value.ty.dtype) != dtype:
            raise corrected.Unsupported(
                f"its result would be {value.ty.dtype}{shape} instead of {dtype}{wanted}"
            )

    def _label(self, node: Any) -> None:
        value = self.env[node]
        for item in value if isinstance(value, list | tuple) else [value]:
            if isinstance(item, relax.Var):
                self.labels.setdefault(str(item.name), _layer(node))
        if isinstance(value, relax.Var):
            self.nodes.setdefault(str(value.name), str(node.name))

    def _constant(self, value: Any) -> Any:
        """Return a number, or the array of a tensor of the model."""
        if isinstance(value, int | float):
            return np.asarray(value)
        if value.name in self.constants:
            return self.constants[value.name].numpy()
        raise ValueError("its scales and zero points must be constants")

    def _parameters(self, node: Any) -> tuple[Any, Any, str]:
        """Scale, zero point and integer type of a node, as relax takes them."""
        scale, zero = (self._constant(node.args[i]).reshape(-1) for i in (1, 2))
        dtype = str(node.args[-1] if "dtype" not in node.kwargs else node.kwargs["dtype"])
        dtype = dtype.removeprefix("torch.")
        if dtype not in ("int8", "uint8", "int16", "int32"):
            raise ValueError(f"quantization to {dtype} is not supported")
        kind = dtype if dtype in ("int8", "uint8") else "int32"
        if scale.size == 1:
            return relax.const(np.float32(scale[0])), relax.const(int(zero[0]), kind), dtype
        return relax.const(scale.astype(np.float32)), relax.const(zero.astype(np.int32)), dtype

    def _quantize(self, node: Any, axis: int = -1, bounds: int = 3) -> Any:
        scale, zero, dtype = self._parameters(node)
        x = self.env[node.args[0]]
        made = self.block_builder.emit(
            relax.op.quantize(x, scale, zero, axis=axis, out_dtype=dtype)
        )
        low, high = (int(n) for n in node.args[bounds : bounds + 2])
        limits = np.iinfo(dtype)
        if (low, high) != (limits.min, limits.max):
            made = self.block_builder.emit(relax.op.clip(made, low, high))
        return made

    def _dequantize(self, node: Any, axis: int = -1) -> Any:
        if node.kwargs.get("out_dtype") not in (None, self._float32()):
            raise ValueError("only float32 is supported as its result")
        scale, zero, _ = self._parameters(node)
        x = self.env[node.args[0]]
        return self.block_builder.emit(relax.op.dequantize(x, scale, zero, axis=axis))

    @staticmethod
    def _float32() -> Any:
        import torch

        return torch.float32

    def _quantize_channels(self, node: Any) -> Any:
        return self._quantize(node, int(node.args[3]), 4)

    def _dequantize_channels(self, node: Any) -> Any:
        return self._dequantize(node, int(node.args[3]))


def tensor(program: Any, spec: Any) -> Any:
    """Return the values of a parameter, buffer or constant of a program."""
    if spec.target in program.constants:
        return program.constants[spec.target].detach()
    return program.state_dict[spec.target].detach()


def _layer(node: Any) -> str:
    """Return the path of the module that a node belongs to; its own name in the outermost one."""
    stack = node.meta.get("nn_module_stack") or {}
    path = next((str(item[0]) for item in reversed(stack.values())), "")
    return path or str(node.name)


def _where(node: Any) -> str:
    return f"operator {node.target}, layer '{_layer(node)}'"
