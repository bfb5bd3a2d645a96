# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Every kernel candidate of the reference models' operators: estimated and counted instructions.

Run by `python -m bench.kernel_candidates --core cortex-m4`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from zephyr_counters.compile import compile_model, target
from zephyr_counters.extensions.kernel import Candidate, cheapest
from zephyr_counters.extensions.operator import ConvolutionAddition, Operator

from bench import emulated_core, kernels


@dataclass(frozen=True)
class Row:
    """A candidate for an operator of a model."""

    layer: str
    shapes: str
    candidate: str
    estimate: float
    instructions: int


def measure(model: str, core: str, folder: Path) -> Iterator[Row]:
    """Count each candidate's instructions: the model is compiled once per name of a candidate.

    Args:
        model: a reference model.
        core: a core of bench/emulated_core.py.
        folder: for the programs.
    """
    seen: set[tuple[str, str, str]] = set()
    # Operators apart, then those that several became: they are asked for after all others.
    for family, fuse in ((Operator, False), (ConvolutionAddition, True)):
        names: list[str | None] = [None]
        for name in names:
            chosen: list[tuple[Operator, Candidate]] = []

            def choose(
                op: Operator,
                found: list[Candidate],
                wanted: str | None = name,
                names: list[str | None] = names,
                family: type[Operator] = family,
                chosen: list[tuple[Operator, Candidate]] = chosen,
            ) -> Candidate:
                if not isinstance(op, family):
                    return cheapest(op, found)
                names.extend(sorted({item.name for item in found}.difference(names)))
                named = [item for item in found if item.name == wanted]
                chosen.append((op, cheapest(op, named or found)))
                return chosen[-1][1]

            wanted = replace(target.parse("c", core, fuse=fuse), choose=choose)
            archive = compile_model(kernels.MODELS / f"{model}.tflite", wanted)
            inputs = kernels.random_inputs(archive)
            machine = emulated_core.CORES[core]
            place = folder / f"{model}-{fuse}-{name}"
            run = emulated_core.run_model(machine, archive, inputs, place)
            operators = iter(chosen)
            current = next(operators, None)
            for layer, instructions in zip(archive.layers, run.instructions, strict=True):
                # Operators come in the order of layers; layers without one are between them.
                shapes = [x.shape for x in layer.inputs if not x.constant]
                if current is None or layer.outputs[0].shape != current[0].y.shape:
                    continue
                if shapes != [x.shape for x in current[0].inputs]:
                    continue
                op, candidate = current
                if layer.candidate is None or layer.candidate.name != candidate.name:
                    continue
                current = next(operators, None)
                text = f"{'+'.join(str(x.shape[1:]) for x in op.inputs)} -> {op.y.shape[1:]}"
                key = (layer.kernel, text, candidate.name)
                if key not in seen:
                    seen.add(key)
                    yield Row(layer.name, text, candidate.name, candidate.estimate, instructions)


def main() -> None:
    """Print a table per model."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--core", choices=emulated_core.CORES, default="cortex-m4")
    parser.add_argument("--model", choices=kernels.LIMITS, action="append")
    options = parser.parse_args()
    for model in options.model or kernels.LIMITS:
        columns = ("layer", "shapes", "candidate", "estimate", "counted", "estimate/counted")
        table = Table(*columns, title=f"{model}, {options.core}: instructions")
        with tempfile.TemporaryDirectory() as folder:
            for row in measure(model, options.core, Path(folder)):
                table.add_row(
                    row.layer,
                    row.shapes,
                    row.candidate,
                    f"{row.estimate:,.0f}",
                    f"{row.instructions:,}",
                    f"{row.estimate / max(1, row.instructions):.2f}",
                )
        Console(width=140).print(table)


if __name__ == "__main__":
    main()
