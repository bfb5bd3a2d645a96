# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Our kernels beside CMSIS-NN's, for the reference models: instructions and text.

Both programs take what CMSIS-NN's rounding does not allow (additions, softmax) from our libraries.
Run by `python -m bench.cmsis_nn --core cortex-m4`; CMSIS_NN_PATH is a clone of
ARM-software/CMSIS-NN, unless a Zephyr workspace has its module.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from zephyr_counters.compile import compile_model
from zephyr_counters.errors import ProjectError
from zephyr_counters.project_api import zephyr_workspace
from zephyr_counters.project_api.cmsis import WORKSPACE_MODULE

from bench import emulated_core, kernels, linker_map

DEFINE = "-DCMSIS_NN_USE_SINGLE_ROUNDING"
LIBRARY = "libcmsis-nn.a"
_FOLDERS = ("ConvolutionFunctions", "FullyConnectedFunctions", "NNSupportFunctions")
_OTHERS = ("PoolingFunctions", "TransposeFunctions")
_NOT_INT8 = ("_f16.c", "_f32.c", "_s4.c", "_flt.c")
_CODE = (".text", ".rodata")
_KERNELS = re.compile(rf"-(kernels|zc_\w+)\.o$|{re.escape(LIBRARY)}")


@dataclass(frozen=True)
class Row:
    """A model with the kernels of one library."""

    instructions: int
    text: int
    """Bytes of linked code of all kernels."""


def root() -> Path | None:
    """Return the library's folder, if this machine has it."""
    given = os.environ.get("CMSIS_NN_PATH")
    folders = [Path(given)] if given else []
    with contextlib.suppress(ProjectError):
        folders.append(zephyr_workspace.find(Path.cwd()).top / WORKSPACE_MODULE)
    found = (path for path in folders if (path / "Include" / "arm_nnfunctions.h").is_file())
    return next(found, None)


def library(source: Path, compiler: Sequence[str], archiver: str, folder: Path) -> Path:
    """Compile what int8 operators use.

    Args:
        source: the library's folder.
        compiler: the C compiler and its options.
        archiver: the program that makes libraries.
        folder: for the library.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [
        file
        for name in (*_FOLDERS, *_OTHERS)
        for file in sorted((source / "Source" / name).glob("*.c"))
        if not file.name.endswith(_NOT_INT8)
    ]
    options = ["-w", "-ffunction-sections", DEFINE, f"-I{source / 'Include'}", "-c"]
    subprocess.run([*compiler, *options, *map(str, files)], cwd=folder, check=True)
    objects = [file.name for file in sorted(folder.glob("*.o"))]
    subprocess.run([archiver, "rcs", LIBRARY, *objects], cwd=folder, check=True)
    return folder / LIBRARY


def measure(model: str, core: str, source: Path, folder: Path) -> tuple[Row, Row]:
    """Return our kernels' figures, and CMSIS-NN's.

    Args:
        model: a reference model.
        core: a core of bench/emulated_core.py.
        source: CMSIS-NN's folder.
        folder: for the programs.
    """
    machine = emulated_core.CORES[core]
    compiler = (emulated_core.COMPILER, *machine.flags, "-mthumb", "-O2")
    built = library(source, compiler, "arm-none-eabi-ar", folder / "library")
    include = [DEFINE, f"-I{source / 'Include'}"]
    rows = []
    for target, libraries, options in (("c", [], []), ("c,cmsis-nn", [built], include)):
        archive = compile_model(kernels.MODELS / f"{model}.tflite", target, mcpu=core)
        program = folder / target.replace(",", "-")
        run = emulated_core.run_model(
            machine,
            archive,
            kernels.random_inputs(archive),
            program,
            libraries=libraries,
            options=[*options, f"-Wl,-Map={program / 'program.map'}", "-save-temps=obj"],
        )
        rows.append(Row(sum(run.instructions), _text(program / "program.map")))
    return rows[0], rows[1]


def _text(path: Path) -> int:
    """Add up the code of the kernels' files and of the library, without weights."""
    return sum(
        one.size
        for one in linker_map.read(path)
        if one.section.startswith(_CODE) and _KERNELS.search(one.file)
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--core", choices=emulated_core.CORES, default="cortex-m4")
    options = parser.parse_args()
    source = root()
    if source is None:
        raise SystemExit("no CMSIS-NN: set CMSIS_NN_PATH to a clone of ARM-software/CMSIS-NN")
    columns = ("model", "instructions", "CMSIS-NN's", "text of kernels", "CMSIS-NN's")
    table = Table(*columns, title=f"{options.core}, -O2")
    for model in kernels.LIMITS:
        with tempfile.TemporaryDirectory() as folder:
            ours, theirs = measure(model, options.core, source, Path(folder))
        figures = (ours.instructions, theirs.instructions, ours.text, theirs.text)
        table.add_row(model, *(f"{figure:,}" for figure in figures))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
