# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A program of torch.export, run by PyTorch."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zephyr_counters.compile.frontends import pytorch
from zephyr_counters.compile.names import shortened
from zephyr_counters.compile.source import Source
from zephyr_counters.validate.comparison import EXACT

Array = npt.NDArray[Any]


class TorchReference:
    """Runs the program node by node, as the compiler reads it: nothing in the file is run."""

    name = "PyTorch"

    def __init__(self, source: Source, tensors: Collection[str]) -> None:
        with pytorch.quiet():
            self._program = pytorch.read(source.data)
        nodes = list(self._program.graph.nodes)
        wanted = [node for node in nodes if shortened(node.name) in tensors]
        self.tensors = [shortened(node.name) for node in wanted]
        by_name = {node.name: node for node in nodes}
        results = [by_name[s.arg.name] for s in self._program.graph_signature.output_specs]
        self._wanted = [*results, *wanted]
        self.steps = [_step(node) for node in self._wanted]
        self.tolerance = EXACT

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """Return the results, and then the tensors (`Reference.run`)."""
        import torch

        with pytorch.quiet(), torch.no_grad():
            interpreter = torch.fx.Interpreter(
                self._program.graph_module, garbage_collect_values=False
            )
            given = iter(torch.from_numpy(np.asarray(array, order="C")) for array in inputs)
            interpreter.run(*self._arguments(given))
            values = [interpreter.env[node] for node in self._wanted]
        return [value.detach().numpy() for value in values]

    def _arguments(self, given: Iterator[Any]) -> list[Any]:
        """Return what the graph takes: the model's tensors and the inputs, in its order."""
        from zephyr_counters.compile.frontends.pytorch.importer import tensor

        specs = self._program.graph_signature.input_specs
        return [
            next(given) if spec.kind.name == "USER_INPUT" else tensor(self._program, spec)
            for spec in specs
        ]


def _step(node: Any) -> float | None:
    """Return the scale of a node that dequantizes with one, which is constant."""
    if getattr(node.target, "__name__", "") != "dequantize_per_tensor.default":
        return None
    scale = node.args[1]
    return float(scale) if isinstance(scale, int | float) else None
