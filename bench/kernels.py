# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kernels of the reference models on emulated Cortex-M cores, against their limits.

Instructions are not cycles: QEMU knows no flash wait states, dual issue or vector beats.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from zephyr_counters.compile import compile_model
from zephyr_counters.formats.model_archive import ModelArchive

from bench import emulated_core
from bench.emulated_core import CORES, EmulatorError
from bench.limits import Measurement

MODELS = Path(__file__).resolve().parents[2] / "shared" / "models"
"""Beside the repository; tests/README.md says where they come from."""
LIMITS = {
    "kws_ref_model": {"cortex-m4": 4.2e6, "cortex-m55": 1.1e6, "cortex-m3": 11.02e6},
    "vww_96_int8": {"cortex-m4": 13.5e6, "cortex-m55": 3.9e6, "cortex-m3": 31.99e6},
    "pretrainedResnet_quant": {"cortex-m4": 16.0e6, "cortex-m55": 3.0e6, "cortex-m3": 42.72e6},
    "ad01_int8": {"cortex-m4": 0.36e6, "cortex-m55": 0.09e6, "cortex-m3": 0.839e6},
    "ad01_fp32": {"cortex-m4": 0.5e6, "cortex-m55": 0.25e6},
}
"""Instructions of one inference, by model and core; a Cortex-M3's are those before there were
kernels for other cores, as kernels in plain C must not become slower."""
RAM_LIMITS = {
    "kws_ref_model": 22_820,
    "vww_96_int8": 100_708,
    "pretrainedResnet_quant": 54_996,
    "ad01_int8": 2_580,
}
"""Bytes that TFLM's arena takes for the model, its interpreter included."""
PLAN_LIMIT = 120
"""Bytes of flash per layer, code included, that the plan's tables take."""
_NOT_KERNELS = ("plan.c", "weights.c")


@dataclass(frozen=True)
class Row:
    """A model on a core."""

    model: str
    core: str
    instructions: int
    portable: int
    """Instructions with kernels in plain C."""
    macs: int
    text: int
    constants: int
    plan: int
    """Bytes of flash that plan.c takes."""
    layers: int
    ram: int
    """Bytes of tensors, scratch memory and what the executor keeps."""
    stack: int


def measure(folder: Path) -> list[Measurement]:
    """Run every model on every core; prints the table.

    Args:
        folder: for the programs.
    """
    if missing := emulated_core.missing():
        return [Measurement("kernels on emulated cores", None, skipped=missing)]
    if not MODELS.is_dir():
        return [Measurement("kernels on emulated cores", None, skipped=f"{MODELS} does not exist")]
    rows = [row(model, core, folder / f"{model}-{core}") for model in LIMITS for core in CORES]
    show(rows)
    return [item for one in rows for item in _measurements(one)]


def row(model: str, core: str, folder: Path, optimize: str = "-O2") -> Row:
    """Measure one model on one core.

    Raises:
        EmulatorError: it cannot be run, or gives other results than kernels in plain C.
    """
    path = MODELS / f"{model}.tflite"
    archive, portable = compile_model(path, mcpu=core), compile_model(path)
    inputs = random_inputs(archive)
    machine = CORES[core]
    ours = emulated_core.run_model(machine, archive, inputs, folder / "ours", optimize)
    plain = emulated_core.run_model(machine, portable, inputs, folder / "plain", optimize)
    for a, b in zip(ours.outputs, plain.outputs, strict=True):
        # Softmax and floats may differ in the last bit, where sums are fused.
        if not np.allclose(a.astype(float), b.astype(float), rtol=1e-4, atol=1e-4):
            raise EmulatorError(f"{model} gives other results on {core}")
    sources = {file.name: file for file in (folder / "ours" / "src").glob("*.c")}
    kernels = {name: file for name, file in sources.items() if name not in _NOT_KERNELS}
    memory = archive.memory
    return Row(
        model=model,
        core=core,
        instructions=sum(ours.instructions),
        portable=sum(plain.instructions),
        macs=sum(layer.macs for layer in archive.layers),
        text=sum(emulated_core.text_sizes(machine, kernels, optimize).values()),
        constants=memory.constants,
        plan=emulated_core.text_sizes(machine, {"plan.c": sources["plan.c"]}, optimize)["plan.c"],
        layers=len(archive.layers),
        ram=memory.ram,
        stack=memory.stack,
    )


def random_inputs(archive: ModelArchive) -> list[np.ndarray]:
    """Return inputs that are the same each time."""
    rng = np.random.default_rng(0)
    return [
        rng.integers(-128, 128, tensor.shape).astype(np.int8)
        if tensor.dtype == "int8"
        else rng.normal(size=tensor.shape).astype(tensor.dtype)
        for tensor in archive.inputs
    ]


def show(rows: list[Row]) -> None:
    """Print the table."""
    columns = ("model", "core", "instructions", "limit", "plain C", "per MAC", "text", "constants")
    table = Table(
        *columns, "plan", "RAM", "stack", title="kernels: instructions of one inference, bytes"
    )
    for one in rows:
        limit = LIMITS[one.model].get(one.core)
        table.add_row(
            one.model,
            one.core,
            f"{one.instructions:,}",
            "-" if limit is None else f"{limit:,.0f}",
            f"{one.portable:,}",
            f"{one.instructions / one.macs:.2f}",
            *(f"{value:,}" for value in (one.text, one.constants, one.plan, one.ram, one.stack)),
        )
    Console(width=140).print(table)


def _measurements(one: Row) -> list[Measurement]:
    limit = LIMITS[one.model].get(one.core)
    detail = {
        "per MAC": one.instructions / one.macs,
        "plain C": one.portable,
        "text": one.text,
        "constants": one.constants,
        "plan": one.plan,
        "RAM": one.ram,
        "stack": one.stack,
    }
    title = f"{one.model}, {one.core}"
    found = [Measurement(title, one.instructions, "instructions", limit, detail=detail)]
    if one.core == "cortex-m4" and one.model in RAM_LIMITS:
        found.append(Measurement(f"{title}: RAM", one.ram, "bytes", RAM_LIMITS[one.model]))
    if one.core == "cortex-m4":
        per_layer = one.plan / one.layers
        found.append(Measurement(f"{title}: plan per layer", per_layer, "bytes", PLAN_LIMIT))
    return found
