# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A compiled model's archive: its metadata and its C files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import tvm

import zephyr_counters
from zephyr_counters.compile.codegen.kernels import Kernels
from zephyr_counters.compile.codegen.plan import executor_bytes, plan_source
from zephyr_counters.compile.codegen.weights import WEIGHTS_BINARY, WEIGHTS_HEADER, weights
from zephyr_counters.compile.graph import Graph, KernelCall
from zephyr_counters.compile.names import shortened
from zephyr_counters.compile.plan.memory import aligned
from zephyr_counters.compile.plan.peak import peak
from zephyr_counters.compile.plan.plan import Plan
from zephyr_counters.errors import CompileError
from zephyr_counters.extensions.kernel import Target
from zephyr_counters.formats.model_archive import (
    FORMAT,
    HASH_HEADER,
    RUNTIME,
    LayerCandidate,
    ModelArchive,
)
from zephyr_counters.formats.model_metadata import MAX_TEXT, MODEL_ABI

_KERNELS, _PLAN, _WEIGHTS = "src/kernels.c", "src/plan.c", "src/weights.c"
_OURS = frozenset((_KERNELS, _PLAN, _WEIGHTS, WEIGHTS_HEADER, WEIGHTS_BINARY, HASH_HEADER))
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\.[ch]\Z")


def c_files(graph: Graph) -> dict[str, str]:
    """Texts, by name, of the C files that kernels bring.

    Raises:
        CompileError: a name is not that of a C file, is the compiler's own, or has two texts.
    """
    found: dict[str, str] = {}
    for call in _kernel_calls(graph):
        for file in call.files:
            if not _FILE_NAME.match(file.name) or f"src/{file.name}" in _OURS:
                raise CompileError(
                    f"kernel {call.name}: a C file cannot be called {file.name!r}",
                    "letters, digits, _ and -, then .c or .h; not a name of the compiler's files",
                )
            if found.setdefault(file.name, file.text) != file.text:
                raise CompileError(f"kernel {call.name}: two files are called {file.name}")
    return found


def required_features(graph: Graph) -> set[str]:
    """Features that the core must have to run the kernels."""
    return {feature for call in _kernel_calls(graph) for feature in call.requires}


def extra_constants(graph: Graph) -> int:
    """Bytes of constants more than with `--optimize balanced`."""
    return sum(call.extra_constants for call in _kernel_calls(graph))


def _kernel_calls(graph: Graph) -> list[KernelCall]:
    return [step.value for step in graph.steps if isinstance(step.value, KernelCall)]


def make(
    plan: Plan,
    built: Kernels,
    files: Mapping[str, str],
    source: Mapping[str, str],
    name: str,
    target: Target,
    core: Sequence[str],
    extra_constants: int,
) -> ModelArchive:
    """Return the archive.

    Args:
        plan: layers, tensors and memory.
        built: the kernels' C source.
        files: C files that kernels bring, by name.
        source: of the model's file, its name and SHA-256.
        name: the model's name.
        target: what it was compiled for.
        core: features that the core must have.
        extra_constants: bytes more than with `--optimize balanced`.
    """
    weights_source, weights_header, weights_binary = weights(plan)
    texts = {
        _KERNELS: built.source,
        _PLAN: plan_source(plan, name, built.functions),
        _WEIGHTS: weights_source,
        WEIGHTS_HEADER: weights_header,
        **{f"src/{file}": text for file, text in files.items()},
    }
    layers = [_layer(plan, index) for index in range(len(plan.layers))]
    metadata: dict[str, Any] = {
        "format": FORMAT,
        "abi": MODEL_ABI,
        "generator": f"zephyr-counters {zephyr_counters.__version__}",
        "tvm": tvm.__version__,
        "runtime": RUNTIME,
        "target": target.name,
        "mcpu": target.mcpu,
        "core": list(core),
        "optimize": target.optimize,
        "extra_constants": extra_constants,
        "name": name,
        "source": dict(source),
        "inputs": [_tensor(plan, index) for index in plan.inputs],
        "outputs": [_tensor(plan, index) for index in plan.outputs],
        "kernels": [kernel.name for kernel in plan.kernels],
        "layers": layers,
        "memory": _memory(plan, built.stack),
        "peak": _peak(plan),
        "accelerators": sorted({x["accelerator"] for x in layers if x["accelerator"]}),
    }
    encoded = {path: text.encode() for path, text in texts.items()}
    return ModelArchive.create(metadata, {**encoded, WEIGHTS_BINARY: weights_binary})


def _memory(plan: Plan, stack: int) -> dict[str, int]:
    workspace = max((aligned(item.nbytes) for item in plan.scratch.values()), default=0)
    # Gaps between activations count as activations.
    activations = max(plan.activations, plan.memory - workspace)
    return {
        "activations": activations + plan.state_bytes,
        "workspace": workspace,
        "shared": activations + workspace - plan.memory,
        "executor": executor_bytes(plan),
        "constants": plan.constants,
        "stack": stack,
        "unplanned": plan.unplanned,
        "state": plan.state_bytes,
    }


def _peak(plan: Plan) -> dict[str, Any]:
    found = peak(plan)
    return {
        "layer": found.layer,
        "tensors": [{"name": shortened(name), "bytes": count} for name, count in found.tensors],
    }


def _tensor(plan: Plan, index: int) -> dict[str, Any]:
    buffer = plan.buffers[index]
    return {"name": shortened(buffer.name), "shape": list(buffer.shape), "dtype": buffer.dtype}


def _layer(plan: Plan, index: int) -> dict[str, Any]:
    layer = plan.layers[index]
    return {
        "index": index,
        "name": layer.name,
        "kernel": plan.kernels[layer.kernel].name,
        "ops": list(layer.ops),
        "sources": [name for name in layer.sources if 0 < len(name) <= MAX_TEXT],
        "inputs": [
            {**_tensor(plan, i), "constant": plan.buffers[i].data is not None} for i in layer.inputs
        ],
        "outputs": [{**_tensor(plan, i), "constant": False} for i in layer.outputs],
        "macs": layer.macs,
        "bytes_read": sum(plan.buffers[i].nbytes for i in layer.inputs),
        "bytes_written": sum(plan.buffers[i].nbytes for i in layer.outputs),
        "accelerator": layer.accelerator,
        "tensor": None if layer.tensor is None else shortened(layer.tensor),
        "candidate": _candidate(layer.candidate),
    }


def _candidate(candidate: LayerCandidate | None) -> dict[str, Any] | None:
    if candidate is None:
        return None
    return {
        "library": candidate.library,
        "name": candidate.name,
        "knobs": dict(candidate.knobs),
    }
