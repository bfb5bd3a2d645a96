# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Programs for Cortex-M cores, run bare metal under QEMU, and their instructions counted.

QEMU counts instructions, not cycles: it knows no flash wait states, dual issue or vector beats.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from zephyr_counters.formats.model_archive import ModelArchive

HERE = Path(__file__).resolve().parent / "cortex_m"
INCLUDE = HERE.parents[1] / "zephyr_module" / "include"
EXECUTOR = HERE.parents[1] / "zephyr_module" / "lib" / "exec"
COMPILER, EMULATOR = "arm-none-eabi-gcc", "qemu-system-arm"
FLAGS = (
    *("-mthumb", "-std=gnu11", "-w", "-ffunction-sections", "-fdata-sections"),
    *("-nostartfiles", "-specs=nosys.specs", "-Wl,--gc-sections,--no-warn-rwx-segments"),
)


@dataclass(frozen=True)
class Core:
    """A machine of QEMU's."""

    mcpu: str
    """As the compiler of models calls it."""
    machine: str
    flags: tuple[str, ...]
    ns_per_tick: float
    """Of SysTick; an instruction takes 1 ns."""
    vectors: int
    ram: int
    ram_size: int


_FLOAT = "-mfloat-abi=hard"
_MPS2 = (0, 64, 0x3FFFC0)
CORES = {
    core.mcpu: core
    for core in (
        Core("cortex-m3", "mps2-an385", ("-mcpu=cortex-m3",), 40, *_MPS2),
        Core(
            "cortex-m4", "mps2-an386", ("-mcpu=cortex-m4", _FLOAT, "-mfpu=fpv4-sp-d16"), 40, *_MPS2
        ),
        Core("cortex-m7", "mps2-an500", ("-mcpu=cortex-m7", _FLOAT, "-mfpu=fpv5-d16"), 40, *_MPS2),
        # The AN521's first core has no DSP instructions in QEMU; the AN505's has.
        Core(
            "cortex-m33",
            "mps2-an505",
            ("-mcpu=cortex-m33", _FLOAT, "-mfpu=fpv5-sp-d16"),
            50,
            0x10000000,
            0x10000040,
            0x3FFFC0,
        ),
        Core(
            "cortex-m55",
            "mps3-an547",
            ("-mcpu=cortex-m55", _FLOAT),
            31.25,
            0x10000000,
            0x70000000,
            0x1000000,
        ),
    )
}


class EmulatorError(Exception):
    """A program cannot be built or run."""


def missing() -> str | None:
    """Return what is not installed; None if all is."""
    for program in (COMPILER, EMULATOR):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    return None


def build(
    core: Core,
    folder: Path,
    sources: Sequence[Path],
    optimize: str = "-O2",
    includes: str = "",
    options: Sequence[str] = (),
) -> Path:
    """Build a program with emulated.c.

    Args:
        core: to run it on.
        folder: for the program.
        sources: C files and libraries.
        optimize: the compiler's option.
        includes: folders of headers.
        options: more of the compiler's options.

    Raises:
        EmulatorError: with the compiler's messages.
    """
    program = folder / "program.elf"
    layout = {"VECTORS": core.vectors, "RAM": core.ram, "SIZE": core.ram_size}
    command = [
        *(COMPILER, *core.flags, *FLAGS, optimize, *options),
        *(f"-Wl,--defsym={name}={value}" for name, value in layout.items()),
        *(f"-I{path}" for path in (INCLUDE, EXECUTOR, HERE, folder, folder / "src")),
        *(f"-I{path}" for path in includes.split()),
        *map(str, (HERE / "emulated.c", *sources)),
        *("-T", str(HERE / "emulated.ld"), "-lm", "-o", str(program)),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise EmulatorError(done.stderr)
    return program


def run(core: Core, program: Path, timeout: float = 240) -> list[str]:
    """Run a program, and return the lines that it prints.

    Raises:
        EmulatorError: it does not end, or ends with an error.
    """
    command = [
        *(EMULATOR, "-M", core.machine, "-icount", "shift=0", "-display", "none"),
        *("-monitor", "none", "-serial", "none", "-semihosting", "-kernel", str(program)),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise EmulatorError(f"no end after {timeout} seconds") from error
    lines = (done.stdout + done.stderr).splitlines()
    if done.returncode != 0:
        raise EmulatorError("\n".join(lines[-20:]))
    return lines


@dataclass(frozen=True)
class ModelRun:
    """One inference."""

    instructions: tuple[int, ...]
    """Per layer."""
    outputs: tuple[npt.NDArray[np.generic], ...]


def run_model(
    core: Core,
    archive: ModelArchive,
    inputs: Sequence[npt.NDArray[np.generic]],
    folder: Path,
    optimize: str = "-O2",
    libraries: Sequence[Path] = (),
    options: Sequence[str] = (),
) -> ModelRun:
    """Build a compiled model, and run it once.

    Args:
        core: to run it on.
        archive: the model.
        inputs: its inputs, in order.
        folder: for the program.
        optimize: the compiler's option.
        libraries: what its kernels call.
        options: more of the compiler's options.

    Raises:
        EmulatorError: it cannot be built or run.
    """
    archive.extract(folder)
    data = b"".join(np.ascontiguousarray(array).tobytes() for array in inputs)
    text = f"static const uint8_t inputs[] = {{{','.join(map(str, data))}}};\n"
    (folder / "inputs.h").write_text(text)
    sources = [HERE / "model.c", EXECUTOR / "arguments.c", *sorted((folder / "src").glob("*.c"))]
    program = build(core, folder, [*sources, *libraries], optimize, options=options)
    lines = run(core, program)
    ticks = [int(line.split()[1]) for line in lines if line.startswith("layer ")]
    rows = [line.split()[1:] for line in lines if line.startswith("output ")]
    outputs = [
        np.frombuffer(bytes(map(int, row)), tensor.dtype).reshape(tensor.shape)
        for row, tensor in zip(rows, archive.outputs, strict=True)
    ]
    return ModelRun(tuple(round(tick * core.ns_per_tick) for tick in ticks), tuple(outputs))


def text_sizes(core: Core, sources: Mapping[str, Path], optimize: str = "-O2") -> dict[str, int]:
    """Return the bytes of code of C files, by name.

    Raises:
        EmulatorError: one cannot be compiled.
    """
    sizes = {}
    for name, source in sources.items():
        output = source.with_suffix(".o")
        command = [COMPILER, *core.flags, "-mthumb", "-std=gnu11", "-w", optimize]
        done = subprocess.run(
            [*command, f"-I{INCLUDE}", "-c", str(source), "-o", str(output)],
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise EmulatorError(done.stderr)
        row = subprocess.run(
            ["arm-none-eabi-size", str(output)], capture_output=True, text=True, check=True
        ).stdout.splitlines()[1]
        sizes[name] = int(row.split()[0])
    return sizes
