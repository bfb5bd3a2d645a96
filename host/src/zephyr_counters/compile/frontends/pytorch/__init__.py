# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Programs of torch.export to a graph, by TVM's frontend."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tvm import relax, tirx

from zephyr_counters.compile import graph as g
from zephyr_counters.compile.frontends.frontend import Declared, Imported, Shapes
from zephyr_counters.compile.frontends.pytorch import archive
from zephyr_counters.compile.messages import abandon, brief
from zephyr_counters.errors import CompileError

name = "pytorch"
suffixes: tuple[str, ...] = (".pt2", ".pt", ".pth")
packages: tuple[str, ...] = ("torch",)
extra = "zephyr-counters[pytorch]"


def detects(data: bytes, path: Path) -> bool:
    """Whether it is an archive that torch wrote."""
    return archive.is_torch(data)


def load(data: bytes, shapes: Shapes) -> Imported:
    """Import a program of torch.export.

    Raises:
        CompileError: the file is damaged, has parts that would run code, or has operators that
            are not supported; names all.
    """
    with quiet():
        program = read(data)
        from zephyr_counters.compile.frontends.pytorch import importer

        translator = importer.Importer()
        try:
            mod = translator.module(program)
        except CompileError:
            abandon(translator.block_builder)
            raise
        except Exception as error:
            abandon(translator.block_builder)
            raise CompileError(f"its graph cannot be read: {brief(error)}") from error
    inputs = [str(var.name) for var in mod["main"].params]
    mod = _fixed(mod, shapes)
    graph = g.read(mod, lambda var: translator.labels.get(str(var.name)))
    outputs, declared = _outputs(program)
    nodes = {step.var: translator.nodes.get(str(step.var.name)) for step in graph.steps}
    tensors = {var: node for var, node in nodes.items() if node is not None}
    return Imported(graph, inputs, outputs, declared, tensors=tensors)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep torch's warnings, which are for its developers, off the terminal."""
    noise = io.StringIO()
    level = logging.root.manager.disable
    try:
        logging.disable(logging.CRITICAL)
        with contextlib.redirect_stderr(noise), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def read(data: bytes) -> Any:
    """Return a file's program with core ATen operators.

    Raises:
        CompileError: see `load`; nothing in the file was run.
    """
    plain = archive.checked(data)
    import torch

    # Registers the operators of torch.ops.quantized_decomposed.
    with contextlib.suppress(ImportError):
        import torch.ao.quantization.fx._decomposed
    try:
        program = torch.export.load(io.BytesIO(plain))
        return program.run_decompositions()
    except Exception as error:
        raise CompileError(
            f"cannot be read by PyTorch {torch.__version__}: {brief(error)}",
            archive.EXPORT_AGAIN,
        ) from error


def _fixed(mod: Any, shapes: Shapes) -> Any:
    """Give open extents a value: a batch is 1, others are asked for.

    Raises:
        CompileError: an extent stays open, or a given shape is not the exported one.
    """
    values: dict[Any, int] = {}
    for var in mod["main"].params:
        extents = list(var.ty.shape.values)
        given = shapes.get(str(var.name))
        text = ",".join("?" if _number(n) is None else str(_number(n)) for n in extents)
        if given is not None and len(given) != len(extents):
            raise CompileError(f"input '{var.name}' has the shape [{text}], not {list(given)}")
        for axis, extent in enumerate(extents):
            known = _number(extent)
            wanted = given[axis] if given is not None else known
            if known is not None and wanted != known:
                raise CompileError(
                    f"input '{var.name}' was exported with the shape [{text}]",
                    "export it with the shape that you need, or with dynamic_shapes",
                )
            if known is not None or not isinstance(extent, tirx.Var):
                continue
            if wanted is None and axis:
                raise CompileError(
                    f"input '{var.name}' has the open shape [{text}]",
                    f'give it: --input-shapes "{var.name}:[{text}]" with numbers for ?',
                )
            values.setdefault(extent, 1 if wanted is None else int(wanted))
    return relax.transform.BindSymbolicVars(values)(mod) if values else mod


def _number(extent: Any) -> int | None:
    value = getattr(extent, "value", None)
    return None if value is None else int(value)


def _outputs(program: Any) -> tuple[list[str], list[Declared]]:
    """Return the names of the results, each once, and what their shapes and types must be.

    Raises:
        CompileError: a result is no tensor.
    """
    import torch

    values = {node.name: node.meta.get("val") for node in program.graph.nodes}
    names: list[str] = []
    declared = []
    for index, spec in enumerate(program.graph_signature.output_specs):
        name = getattr(spec.arg, "name", None)
        value = values.get(name)
        if not isinstance(name, str) or not isinstance(value, torch.Tensor):
            raise CompileError(f"output {index} is no tensor", archive.EXPORT_AGAIN)
        names.append(name if name not in names else f"{name}_{index}")
        shape = tuple(n if isinstance(n, int) else None for n in value.shape)
        declared.append(Declared(shape, str(value.dtype).removeprefix("torch.")))
    return names, declared
