# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Every C file for TVM's C runtime compiles without a warning, for this machine and for an Arm."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from counters_native import COMPILER, INCLUDES, MODULE, WARNINGS, build_flags
from crt_native import FAKE_HEADERS, SHIM, flags, headers, real_crt

ARM = "arm-none-eabi-gcc"
SOURCES = [*sorted(SHIM.glob("*.c")), *sorted((MODULE / "ports/posix/crt").glob("*.c"))]
MACHINES = ("native", "32-bit", "arm")


def compiler(machine: str, folder: Path) -> list[str]:
    """The command that compiles for a machine; skips the test if there is none."""
    if machine != "arm":
        return [COMPILER, *build_flags(machine, folder)]
    if shutil.which(ARM) is None:
        pytest.skip(f"{ARM} is not installed")
    return [ARM, "-mcpu=cortex-m4", "-mthumb", "-fno-short-enums"]


def compile_object(source: Path, includes: list[Path], machine: str, folder: Path) -> None:
    """Compile one file, warnings as errors."""
    command = [*compiler(machine, folder), "-std=c99", "-O1", *WARNINGS, *INCLUDES]
    command += [*flags(includes), "-c", str(source), "-o", str(folder / "object.o")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_compiles_with_published_headers(source: Path, machine: str, tmp_path: Path) -> None:
    compile_object(source, [*headers(), FAKE_HEADERS], machine, tmp_path)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_compiles_with_the_crt_itself(source: Path, machine: str, tmp_path: Path) -> None:
    compile_object(source, [real_crt() / "include"], machine, tmp_path)
