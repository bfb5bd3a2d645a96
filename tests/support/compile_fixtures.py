# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compiled models as native programs."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from zephyr_counters import resources
from zephyr_counters.formats.model_archive import ModelArchive

HERE = Path(__file__).resolve().parent
INCLUDE = resources.path("zephyr_module") / "include"
EXECUTOR = resources.path("zephyr_module") / "lib" / "exec"
POSIX_INCLUDE = resources.path("zephyr_module") / "ports" / "posix" / "include"
MAC_ARRAY = resources.path("extensions") / "mac-array" / "device"
GENERATED = ("kernels.c", "plan.c", "weights.c")


def compiler(name: str = "cc") -> str:
    """A C compiler; skips the test if there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name}")
    return found


@dataclass(frozen=True)
class Program:
    """An archive built with tests/support/native_runner.c."""

    archive: ModelArchive
    executable: Path

    def run(self, rounds: list[list[np.ndarray]], repeat: int = 1) -> list[list[np.ndarray]]:
        """The outputs of each round of inputs, each with the layers walked `repeat` times."""
        data = b"".join(
            np.ascontiguousarray(array).tobytes() for arrays in rounds for array in arrays
        )
        done = subprocess.run(
            [self.executable, str(repeat)], input=data, capture_output=True, timeout=120
        )
        assert done.returncode == 0, done.stderr.decode()
        results, offset = [], 0
        for _ in rounds:
            outputs = []
            for tensor in self.archive.outputs:
                count = int(np.prod(tensor.shape, dtype=int))
                array = np.frombuffer(done.stdout, tensor.dtype, count, offset)
                outputs.append(array.reshape(tensor.shape))
                offset += tensor.nbytes
            results.append(outputs)
        assert offset == len(done.stdout)
        return results


def build(archive: ModelArchive, folder: Path, *flags: str) -> Program:
    """Build a native program; the mac-array's model is linked in if the archive needs it."""
    folder.mkdir(parents=True, exist_ok=True)
    archive.extract(folder)
    sources = [HERE / "native_runner.c", EXECUTOR / "arguments.c"]
    sources += sorted((folder / "src").glob("*.c"))
    if "mac-array" in archive.accelerators:
        sources += sorted(file for file in MAC_ARRAY.glob("*.c") if "zephyr" not in file.name)
    folders = (folder / "src", INCLUDE, EXECUTOR, POSIX_INCLUDE, MAC_ARRAY)
    includes = [f"-I{path}" for path in folders]
    executable = folder / "program"
    command: list[str | Path] = [
        compiler(),
        "-std=gnu11",
        "-O2",
        "-w",
        *flags,
        *includes,
        "-o",
        executable,
    ]
    done = subprocess.run([*command, *sources, "-lm"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Program(archive, executable)


def int8_inputs(shape: tuple[int, ...], count: int, seed: int = 1) -> list[np.ndarray]:
    """Random and structured inputs in turn: noise, ramps, edges, constants."""
    rng = np.random.default_rng(seed)
    size = int(np.prod(shape))
    flat: np.ndarray
    result = []
    for index in range(count):
        kind = index % 4
        if kind == 0:
            flat = rng.integers(-128, 128, size)
        elif kind == 1:
            flat = np.linspace(-128, 127, size) * rng.uniform(0.2, 1) + rng.normal(0, 8, size)
        elif kind == 2:
            flat = np.where(np.arange(size) % int(rng.integers(2, 40)) < 3, 127, -128)
        else:
            flat = np.full(size, rng.integers(-128, 128)) + rng.normal(0, 2, size)
        result.append(np.clip(flat, -128, 127).astype(np.int8).reshape(shape))
    return result
