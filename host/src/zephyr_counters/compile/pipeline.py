# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model in, archive out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tvm

import zephyr_counters
from zephyr_counters.compile import dense, graph
from zephyr_counters.compile import lower as lowering
from zephyr_counters.compile import source as sources
from zephyr_counters.compile.codegen import emit, kernels
from zephyr_counters.compile.frontends import onnx as frontend_onnx
from zephyr_counters.compile.frontends import tflite as frontend_tflite
from zephyr_counters.compile.messages import brief
from zephyr_counters.compile.plan import plan as planning
from zephyr_counters.compile.quantize import rewrite as quantize
from zephyr_counters.errors import CompileError, UsageError
from zephyr_counters.extensions.loader import load as load_accelerator
from zephyr_counters.formats.model_archive import FORMAT, RUNTIME, ModelArchive

Shapes = Mapping[str, Sequence[int]]
Progress = Callable[[str], None]


def import_model(
    source: sources.Source, shapes: Shapes | None = None
) -> tuple[graph.Graph, list[str], list[str]]:
    """A model file as a graph, and the names of its inputs and outputs.

    Raises:
        CompileError: it cannot be imported, or has a shape that is not fixed.
    """
    fixed = {name: tuple(int(n) for n in shape) for name, shape in (shapes or {}).items()}
    load = frontend_tflite.load if source.is_tflite else frontend_onnx.load
    try:
        model, inputs, outputs = load(source.data, fixed)
        unknown = sorted(set(fixed) - set(inputs))
        if unknown:
            raise UsageError(f"no input is called '{unknown[0]}'; there are: {', '.join(inputs)}")
        lowering.check_static(model)
    except CompileError as error:
        raise CompileError(f"{source.path.name}: {error.what}", error.hint) from error
    return model, inputs, outputs


def compile_model(
    model_path: str | Path,
    target: str = "c",
    output: str | Path | None = None,
    *,
    name: str | None = None,
    input_shapes: Shapes | None = None,
    progress: Progress | None = None,
) -> ModelArchive:
    """Compile a TFLite or ONNX model to C sources and a plan.

    Args:
        model_path: the model; what it is is told from its content.
        target: `c`, or `c,ACCELERATOR`, which gives that accelerator what it can do.
        output: where to write the archive; compressed if it ends in .gz.
        name: the model's name; the file's without suffix if not given.
        input_shapes: shapes by input name, for models whose inputs have none.
        progress: called with a line when a part begins that may take a second.

    Raises:
        CompileError: the model cannot be compiled; names operator and layer.
        UsageError: the target or a shape is not acceptable.
        ArchiveError: `output` cannot be written.
    """
    tell = progress or (lambda _: None)
    parts = [part.strip() for part in target.split(",")]
    if parts[0] != "c":
        raise UsageError(f"target '{target}' is not known", "use c, or c,mac-array")
    accelerators = [load_accelerator(part).patterns() for part in parts[1:]]
    source = sources.read(model_path)
    tell(f"importing {source.path.name}")
    model, inputs, outputs = import_model(source, input_shapes)
    tell("lowering and fusing")
    try:
        model = dense.transposed_weights(quantize.integers(model, accelerators))
        lowered = lowering.lower(model)
        plan = planning.make(lowered, inputs, outputs)
        tell(f"generating C for {len(plan.kernels)} kernels")
        built = _built(plan)
    except CompileError as error:
        raise CompileError(f"{source.path.name}: {error.what}", error.hint) from error
    except Exception as error:
        raise CompileError(
            f"{source.path.name}: the compiler failed: {brief(error)}", "please report it"
        ) from error
    title = re.sub(r"[^A-Za-z0-9_.-]+", "_", name or source.path.stem)[:64] or "model"
    archive = _archive(plan, built, source, title, ",".join(parts))
    if output is not None:
        archive.save(output)
    return archive


def _built(plan: planning.Plan) -> kernels.Kernels:
    try:
        return kernels.build({kernel.name: kernel.func for kernel in plan.kernels})
    except kernels.KernelError as error:
        index = next(i for i, kernel in enumerate(plan.kernels) if kernel.name == error.kernel)
        layer = next(layer for layer in plan.layers if layer.kernel == index)
        operator = "+".join(layer.ops)
        raise CompileError(f"operator {operator}, layer '{layer.name}': {error.what}") from error


def _archive(
    plan: planning.Plan, built: kernels.Kernels, source: sources.Source, name: str, target: str
) -> ModelArchive:
    weights_source, weights_header = emit.weights(plan)
    files = {
        "src/kernels.c": built.source,
        "src/plan.c": emit.plan_source(plan, name, built.workspace),
        "src/weights.c": weights_source,
        emit.WEIGHTS_HEADER: weights_header,
    }
    layers = [_layer(plan, index) for index in range(len(plan.layers))]
    metadata: dict[str, Any] = {
        "format": FORMAT,
        "generator": f"zephyr-counters {zephyr_counters.__version__}",
        "tvm": tvm.__version__,
        "runtime": RUNTIME,
        "target": target,
        "name": name,
        "source": {"file": source.path.name, "sha256": source.sha256},
        "inputs": [_tensor(plan, index) for index in plan.inputs],
        "outputs": [_tensor(plan, index) for index in plan.outputs],
        "kernels": [kernel.name for kernel in plan.kernels],
        "layers": layers,
        "memory": {
            "activations": plan.activations,
            "workspace": built.workspace,
            "constants": plan.constants,
            "stack": built.stack,
            "unplanned": plan.unplanned,
        },
        "accelerators": sorted({x["accelerator"] for x in layers if x["accelerator"]}),
    }
    return ModelArchive.create(metadata, {path: text.encode() for path, text in files.items()})


def _tensor(plan: planning.Plan, index: int) -> dict[str, Any]:
    buffer = plan.buffers[index]
    return {"name": buffer.name, "shape": list(buffer.shape), "dtype": buffer.dtype}


def _layer(plan: planning.Plan, index: int) -> dict[str, Any]:
    layer = plan.layers[index]
    return {
        "index": index,
        "name": layer.name,
        "kernel": plan.kernels[layer.kernel].name,
        "ops": list(layer.ops),
        "inputs": [
            {**_tensor(plan, i), "constant": plan.buffers[i].data is not None} for i in layer.inputs
        ],
        "outputs": [{**_tensor(plan, i), "constant": False} for i in layer.outputs],
        "macs": layer.macs,
        "bytes_read": sum(plan.buffers[i].nbytes for i in layer.inputs),
        "bytes_written": sum(plan.buffers[i].nbytes for i in layer.outputs),
        "accelerator": layer.accelerator,
    }
