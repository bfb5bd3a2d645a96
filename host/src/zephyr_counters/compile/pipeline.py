# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model in, archive out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from zephyr_counters.compile import archive as archiving
from zephyr_counters.compile import frontends, graph
from zephyr_counters.compile import lower as lowering
from zephyr_counters.compile import source as sources
from zephyr_counters.compile import target as targets
from zephyr_counters.compile.allocator import return_freed_memory
from zephyr_counters.compile.codegen import kernels
from zephyr_counters.compile.compact import compact_weights
from zephyr_counters.compile.dense import float_products
from zephyr_counters.compile.frontends.frontend import Imported
from zephyr_counters.compile.fusion import fused_additions
from zephyr_counters.compile.identities import removed_identities
from zephyr_counters.compile.messages import brief, without_log
from zephyr_counters.compile.objectives import BALANCED, SIZE, smallest
from zephyr_counters.compile.padding import folded_pads
from zephyr_counters.compile.plan import build as planning
from zephyr_counters.compile.plan.placement import activations, place
from zephyr_counters.compile.plan.plan import Plan
from zephyr_counters.compile.quantize.operators import integer_operators
from zephyr_counters.compile.splits import sliced_splits
from zephyr_counters.compile.transposes import moved_transposes
from zephyr_counters.errors import CompileError, UsageError
from zephyr_counters.extensions.kernel import Target
from zephyr_counters.formats.model_archive import ModelArchive

Shapes = Mapping[str, Sequence[int]]
Progress = Callable[[str], None]
Pass = Callable[[graph.Graph, Target], graph.Graph]


def remove_unused(model: graph.Graph, target: Target) -> graph.Graph:
    """Remove steps whose result is not used."""
    return graph.prune(model)


PASSES: tuple[Pass, ...] = (
    sliced_splits,
    folded_pads,
    moved_transposes,
    removed_identities,
    integer_operators,
    fused_additions,
    compact_weights,
    float_products,
    remove_unused,
)
"""What is done to a graph before TVM lowers and fuses it, in this order. A pass is a function from
graph to graph with one job; it keeps parameters and results."""


def import_model(
    source: sources.Source, shapes: Shapes | None = None, model_format: str | None = None
) -> Imported:
    """Return a model file as a graph.

    Raises:
        UsageError: it has another format than `model_format`, or a package is missing.
        CompileError: it cannot be imported, or has a shape that is not fixed.
    """
    fixed = {name: tuple(int(n) for n in shape) for name, shape in (shapes or {}).items()}
    frontend = frontends.detect(source, model_format)
    try:
        with without_log():
            model = frontend.load(source.data, fixed)
        unknown = sorted(set(fixed) - set(model.inputs))
        if unknown:
            names = ", ".join(model.inputs)
            raise UsageError(f"no input is called '{unknown[0]}'; there are: {names}")
        lowering.check_static(model.graph)
        check_declared(model)
    except CompileError as error:
        raise CompileError(f"{source.path.name}: {error.what}", error.hint) from error
    except UsageError:
        raise
    except Exception as error:
        # Damage that neither the format's own checks nor the frontend's recognize.
        raise CompileError(
            f"{source.path.name}: cannot be read as {frontend.name}: {brief(error)}",
            "is the file complete? if other programs read it, please report it",
        ) from error
    return model


def check_declared(model: Imported) -> None:
    """Compare the shapes and types of results with what the file says of them.

    Raises:
        CompileError: one differs; names the output.
    """
    for name, output, declared in zip(
        model.outputs, model.graph.outputs, model.declared, strict=False
    ):
        if declared is None:
            continue
        shape, dtype = tuple(int(n) for n in output.ty.shape), str(output.ty.dtype)
        wanted = shape if declared.shape is None else declared.shape
        fits = len(wanted) == len(shape) and all(
            a in (None, b) for a, b in zip(wanted, shape, strict=True)
        )
        if not fits or declared.dtype != dtype:
            label = model.graph.producers.get(output)
            layer = label.origin.label if label is not None else None
            raise CompileError(
                f"output '{name}'"
                + (f", layer '{layer}'" if layer else "")
                + f" would be {dtype}{list(shape)}; the file declares "
                f"{declared.dtype}{['?' if n is None else n for n in wanted]}",
                "the file is inconsistent, or the compiler reads an operator wrongly: report it",
            )


def run_passes(model: graph.Graph, target: Target, passes: Sequence[Pass] = PASSES) -> graph.Graph:
    """Return the graph after all passes."""
    for run in passes:
        model = run(model, target)
    return model


def compile_model(
    model_path: str | Path,
    target: str | Target = "c",
    output: str | Path | None = None,
    *,
    name: str | None = None,
    input_shapes: Shapes | None = None,
    model_format: str | None = None,
    mcpu: str | None = None,
    optimize: str = BALANCED,
    fuse: bool = True,
    overwrite: bool = True,
    progress: Progress | None = None,
    passes: Sequence[Pass] = PASSES,
) -> ModelArchive:
    """Compile a model to C sources and a plan.

    Args:
        model_path: the model; its content decides which frontend reads it.
        target: `c`; or `c,EXTENSION`, whose kernels are used where it has some; or a Target.
        output: where to write the archive; compressed if it ends in .gz.
        name: the model's name; the file's without suffix if not given.
        input_shapes: shapes by input name, for models whose inputs have none.
        model_format: the name of the frontend that must read it; any that can if not given.
        mcpu: the core whose instructions kernels may use, such as "cortex-m4"; any if not given.
        optimize: "size", the fewest bytes of code and constants; "balanced", the fewest
            instructions without widened weights; "speed", the fewest instructions.
        fuse: whether kernels may compute several integer operators.
        overwrite: whether layers may write their output over their input. A Target says this, and
            what `mcpu`, `optimize` and `fuse` say, itself.
        progress: called with a line when a part begins that may take a second.
        passes: what is done to the graph before TVM lowers it.

    Raises:
        CompileError: the model cannot be compiled; names operator and layer.
        UsageError: the target or a shape is not acceptable.
        ArchiveError: `output` cannot be written.
    """
    report = progress or (lambda _: None)
    if isinstance(target, str):
        target = targets.parse(target, mcpu, optimize, fuse, overwrite)
    source = sources.read(model_path)
    file, sha256 = source.path, source.sha256
    report(f"importing {file.name}")
    # Nothing else keeps the imported model: its constants can be most of the memory.
    imported = [import_model(source, input_shapes, model_format)]
    del source
    return_freed_memory()
    archive = compile_imported(imported.pop(), file, sha256, target, name, report, passes)
    if output is not None:
        archive.save(output)
    return archive


def compile_imported(
    imported: Imported,
    file: Path,
    sha256: str,
    target: Target,
    name: str | None = None,
    progress: Progress = lambda _: None,
    passes: Sequence[Pass] = PASSES,
) -> ModelArchive:
    """Compile a model that a frontend, or other code, has made into a graph.

    Args:
        imported: the model.
        file: what it was made from, for messages and the archive.
        sha256: of that file, in hexadecimal.
        target: what it is compiled for.
        name: the model's name; the file's without suffix if not given.
        progress: see `compile_model`.
        passes: see `compile_model`.

    Raises:
        CompileError: it cannot be compiled; names operator and layer.
    """
    progress("lowering and fusing")
    try:
        with without_log():
            imported, model = imported.without_graph(), imported.graph
            if target.optimize == SIZE:
                target = smallest(target, lambda tried: run_passes(model, tried, passes))
            model = graph.without_operators(run_passes(model, target, passes))
            return_freed_memory()
            files = archiving.c_files(model)
            plan = _planned(lowering.lower(model, imported.tensors), imported)
        progress(f"generating C for {len(plan.kernels)} kernels")
        with without_log():
            built = _built(plan, files)
            place(plan, built.workspaces, built.overwritable if target.overwrite else {})
    except CompileError as error:
        raise CompileError(f"{file.name}: {error.what}", error.hint) from error
    except Exception as error:
        raise CompileError(
            f"{file.name}: the compiler failed: {brief(error)}", "please report it"
        ) from error
    title = re.sub(r"[^A-Za-z0-9_.-]+", "_", name or file.stem)[:64] or "model"
    core = sorted(archiving.required_features(model))
    price = archiving.extra_constants(model)
    origin = {"file": file.name, "sha256": sha256}
    return archiving.make(plan, built, files, origin, title, target, core, price)


def _planned(lowered: lowering.Lowered, imported: Imported) -> Plan:
    """Return the layers; slices and concats are copies if views would keep more memory alive."""
    names = imported.inputs, imported.outputs, imported.states
    found: dict[tuple[str, ...], Plan] = {}
    for sliced, joined in itertools.product((True, False), repeat=2):
        plan = planning.make(lowered, *names, sliced=sliced, joined=joined)
        # Views are no layers.
        found.setdefault(tuple(layer.name for layer in plan.layers), plan)
    first, *others = found.values()
    return min((first, *others), key=activations) if others else first


def _built(plan: Plan, files: Mapping[str, str]) -> kernels.Kernels:
    headers = {name: text for name, text in files.items() if name.endswith(".h")}
    try:
        return kernels.build({kernel.name: kernel.func for kernel in plan.kernels}, headers)
    except kernels.KernelError as error:
        index = next(i for i, kernel in enumerate(plan.kernels) if kernel.name == error.kernel)
        layer = next(layer for layer in plan.layers if layer.kernel == index)
        operator = "+".join(layer.ops)
        raise CompileError(f"operator {operator}, layer '{layer.name}': {error.what}") from error
