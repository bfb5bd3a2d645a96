# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Programs that run the candidates of operators and compare them with NumPy."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import kernel_operators
import kernel_reference
import numpy as np
import numpy.typing as npt
from zephyr_counters import resources
from zephyr_counters.compile.codegen import kernels
from zephyr_counters.compile.plan.in_place import Overwritable
from zephyr_counters.extensions.kernel import Candidate, KernelLibrary, Lowering
from zephyr_counters.extensions.operator import Operator

from bench import emulated_core

Array = npt.NDArray[Any]
HERE = Path(__file__).resolve().parent
EMULATION = HERE / "arm_emulation"
INCLUDE = resources.path("zephyr_module") / "include"
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-O0", "-g")
_CODES = {"i": 0, "u": 1, "f": 2}
_PITCH = re.compile(r"zc_dsp_depthwise([12])_(\d+)\.c")


@dataclass(frozen=True)
class Case:
    """A candidate for an operator."""

    op: Operator
    library: str
    candidate: Candidate
    lowering: Lowering
    inputs: list[Array]
    expected: Array

    def __str__(self) -> str:
        return f"{self.library}/{self.candidate.name} for {self.op}"


def cases(
    libraries: Iterable[KernelLibrary], operators: Sequence[Operator], random: Random
) -> list[Case]:
    """Every candidate of every operator."""
    found = []
    for op in operators:
        inputs = kernel_operators.inputs(op, random)
        expected = kernel_reference.compute(op, inputs)
        for library in libraries:
            for candidate in library.candidates(op):
                found.append(Case(op, library.name, candidate, candidate.lower(), inputs, expected))
    return found


class _Tables:
    """C source of the cases."""

    def __init__(self) -> None:
        self.text = ['#include "kernel_runner.h"\n']
        self._arrays: dict[bytes, str] = {}

    def array(self, values: Array) -> str:
        """The name of an array; equal ones share one."""
        data = np.ascontiguousarray(values)
        key = data.dtype.str.encode() + str(data.shape).encode() + data.tobytes()
        if key not in self._arrays:
            name = self._arrays[key] = f"array{len(self._arrays)}"
            bits = data.reshape(-1)
            if data.dtype.kind == "f":
                c_type, items = "float", [float(value).hex() + "f" for value in bits]
            else:
                c_type, items = f"{data.dtype.name}_t", [str(value) for value in bits.tolist()]
            self.text.append(
                f"static const {c_type} {name}[{data.size}] "
                f"__attribute__((aligned(16))) = {{{','.join(items)}}};\n"
            )
        return self._arrays[key]

    def tensor(self, name: str, shape: Sequence[int], dtype: np.dtype[Any], data: str) -> None:
        extents = ",".join(map(str, shape)) or "1"
        self.text.append(
            f"static const int64_t {name}_shape[] = {{{extents}}};\n"
            f"static DLTensor {name} = {{(void *){data}, {{1, 0}}, {len(shape)}, "
            f"{{{_CODES[dtype.kind]}, {8 * dtype.itemsize}, 1}}, (int64_t *){name}_shape}};\n"
        )

    def case(self, index: int, case: Case, function: str, over: Overwritable) -> str:
        """An entry of the table; kernels with the same code share a function."""
        names = []
        for i, values in enumerate([*case.inputs, *case.lowering.constants]):
            names.append(f"t{index}_{i}")
            self.tensor(names[-1], values.shape, values.dtype, self.array(values))
        y = f"y{index}"
        self.tensor(y, case.expected.shape, case.expected.dtype, "0")
        args = ",".join(f"{{.type_index = 7, .v_ptr = &{name}}}" for name in [*names, y])
        self.text.append(f"static const TVMFFIAny args{index}[] = {{{args}}};\n")
        self.text.append(f"int32_t {function}(void *, void *, int32_t, void *);\n")
        # A constant is no activation: nothing is planned over it.
        inputs = {i: lead for i, lead in over.items() if i < len(case.inputs)}
        overs = ",".join(
            f"{{&{names[i]}, {lead}, {case.inputs[i].nbytes}}}" for i, lead in inputs.items()
        )
        self.text.append(
            f"static const struct kernel_over overs{index}[] = {{{overs or '{0}'}}};\n"
        )
        return (
            f'{{"case{index}", {function}, args{index}, {len(names) + 1}, &{y}, '
            f"{case.expected.nbytes}, {int(case.expected.dtype.kind == 'f')}, "
            f"{self.array(case.expected)}, overs{index}, {len(inputs)}}},\n"
        )


def write(found: Sequence[Case], folder: Path, emulated: bool) -> list[Path]:
    """The program's sources; with `emulated`, Arm's instructions in C.

    Returns:
        the files to compile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {file.name: file.text for case in found for file in case.lowering.files}
    if emulated:
        files = {name: _twin(name, text) for name, text in files.items()}
    for name, text in files.items():
        (folder / name).write_text(text)
    headers = {name: text for name, text in files.items() if name.endswith(".h")}
    built = kernels.build({f"case{i}": case.lowering.func for i, case in enumerate(found)}, headers)
    (folder / "kernels.c").write_text(built.source)
    tables = _Tables()
    rows = "".join(
        tables.case(i, case, built.functions[f"case{i}"], built.overwritable[f"case{i}"])
        for i, case in enumerate(found)
    )
    text = "".join(tables.text)
    (folder / "cases.h").write_text(
        f"{text}static const struct kernel_case cases[] = {{{rows}}};\n"
    )
    return [
        HERE / "kernel_runner.c",
        folder / "kernels.c",
        *(folder / name for name in sorted(files) if name.endswith(".c")),
    ]


def _twin(name: str, text: str) -> str:
    """A file that does in C what the file of this name does with Arm's instructions, if needed."""
    if match := _PITCH.fullmatch(name):
        text = (EMULATION / "depthwise_rows.c").read_text()
        for macro, value in zip(("STRIDE", "PITCH"), match.groups(), strict=True):
            text = re.sub(rf"#define {macro} +\d+", f"#define {macro} {value}", text)
        return text
    path = EMULATION / name
    return path.read_text() if path.exists() else text


def run_on_core(found: Sequence[Case], core: emulated_core.Core, folder: Path) -> list[str]:
    """The lines that kernel_runner.c prints on an emulated core."""
    sources = [HERE / "kernel_runner_emulated.c", *write(found, folder, emulated=False)]
    program = emulated_core.build(core, folder, sources, includes=str(HERE))
    return emulated_core.run(core, program)


def run_here(found: Sequence[Case], folder: Path) -> list[str]:
    """The lines that it prints on this machine, under sanitizers."""
    sources = [HERE / "kernel_runner_host.c", *write(found, folder, emulated=True)]
    program = folder / "program"
    includes = [f"-I{path}" for path in (INCLUDE, HERE, folder, EMULATION)]
    features = ["-D__ARM_FEATURE_DSP=1", "-D__ARM_FEATURE_MVE=3", "-D__ARM_FP=4"]
    command = ["cc", "-std=gnu11", "-w", *SANITIZERS, *features, *includes]
    done = subprocess.run(
        [*command, *map(str, sources), "-lm", "-o", str(program)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    done = subprocess.run([program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


def check(found: Sequence[Case], lines: Sequence[str]) -> None:
    """Fail with the first case that is not ok."""
    assert len(lines) == len(found), lines[-3:]
    for case, line in zip(found, lines, strict=True):
        verdict = line.split()[1]
        assert verdict == "ok", f"{verdict}: {case}"
