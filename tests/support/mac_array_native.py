# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The mac-array's driver and model as a process, its decoder, and some jobs."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from counters_native import HERE, MODULE, REPOSITORY, compile_program
from mac_array_reference import Job

FOLDER = REPOSITORY / "extensions/mac-array"
NAMES = ["jobs", "busy-cycles", "stall-cycles", "macs", "bytes-in", "bytes-out", "tiles", "job-log"]


class Device:
    """The harness as a process, and a folder for its tensors."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._folder = folder

    def close(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0

    def call(self, *words: object) -> list[str]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the harness has died"
        return line.split()

    def run(self, words: Any, tensors: list[Any], size: int) -> tuple[int, Any]:
        """Run a job; return its result, and the output if it succeeded."""
        paths = []
        for i, tensor in enumerate([words, *tensors]):
            path = self._folder / f"{i}.bin"
            paths.append("-" if tensor is None else path)
            if tensor is not None:
                path.write_bytes(tensor.tobytes())
        out = self._folder / "y.bin"
        result, failure = map(int, self.call("run", *paths, size, out))
        assert result == failure
        return result, np.fromfile(out, np.int8)

    def check(self, job: Job) -> None:
        """Run a job, compare its result, and compare what the counters that are selected did."""
        expected = job.result()
        result, y = self.run(job.words(), job.tensors(), expected.size)
        assert result == 0
        np.testing.assert_array_equal(y, expected.ravel())

    def values(self) -> list[int]:
        return [int(value) for value in self.call("read")]

    def select(self, *names: str) -> int:
        return int(self.call("select", *(NAMES.index(name) for name in names))[0])

    def drain(self, size: int) -> tuple[int, bytes]:
        result, *data = self.call("drain", size)
        return int(result), bytes.fromhex("".join(data))


@contextmanager
def running_device(build: str, folder: Path) -> Iterator[Device]:
    """The driver and its model, built in one of the ways of BUILDS."""
    sources = [
        *(path for path in sorted((FOLDER / "device").glob("*.c")) if path.stem != "zephyr"),
        MODULE / "lib/error/error.c",
        MODULE / "drivers/hwcnt/hwcnt.c",
        HERE / "mac_array_harness.c",
    ]
    program = compile_program(sources, folder, build, [f"-I{FOLDER / 'device'}", "-O2"])
    device = Device(program, folder)
    yield device
    device.close()


def decoder() -> Any:
    """extensions/mac-array/decoder.py, found as users' files are: by its path."""
    spec = importlib.util.spec_from_file_location("mac_array_decoder", FOLDER / "decoder.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = {
    "3x3": Job(1, (8, 8, 3), 9, (3, 3), pad=(1, 1, 1, 1), zeros=(-5, 7), seed=1),
    "nchw": Job(2, (9, 7, 5), 6, (3, 2), (2, 1), pad=(0, 1, 1, 0), nchw=True, zeros=(3, 0), seed=2),
    "depthwise": Job(1, (10, 10, 12), 12, (3, 3), (2, 2), pad=(0, 0, 1, 1), depthwise=True, seed=3),
    "dilated": Job(1, (12, 11, 2), 3, (3, 3), dilation=(2, 3), pad=(2, 3, 2, 3), seed=4),
    "matmul": Job(5, (1, 1, 640), 128, (1, 1), zeros=(-128, -128), clamp=(-128, 60), seed=5),
    "long window": Job(1, (1, 1, 2048), 10, (1, 1), seed=6),
    "large input": Job(1, (49, 20, 16), 24, (10, 4), (2, 2), pad=(4, 1, 5, 1), seed=7),
    "more padding than input": Job(1, (2, 2, 1), 1, (3, 3), pad=(5, 5, 5, 5), zeros=(9, 0), seed=8),
}
