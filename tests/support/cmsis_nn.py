# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""CMSIS-NN, where this machine has it: in CMSIS_NN_PATH, or in a Zephyr workspace."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from zephyr_counters.errors import ProjectError
from zephyr_counters.project_api import zephyr_workspace
from zephyr_counters.project_api.cmsis import WORKSPACE_MODULE

DEFINE = "-DCMSIS_NN_USE_SINGLE_ROUNDING"
_FOLDERS = ("ConvolutionFunctions", "FullyConnectedFunctions", "NNSupportFunctions")
_OTHERS = ("PoolingFunctions", "TransposeFunctions")
_NOT_INT8 = ("_f16.c", "_f32.c", "_s4.c", "_flt.c")


def root() -> Path:
    """The library's folder; skips the test if there is none."""
    given = os.environ.get("CMSIS_NN_PATH")
    folders = [Path(given)] if given else []
    with contextlib.suppress(ProjectError):
        folders.append(zephyr_workspace.find(Path.cwd()).top / WORKSPACE_MODULE)
    for folder in folders:
        if (folder / "Include" / "arm_nnfunctions.h").is_file():
            return folder
    pytest.skip("no CMSIS-NN: set CMSIS_NN_PATH to a clone of ARM-software/CMSIS-NN")


def library(compiler: Sequence[str], archiver: str, folder: Path) -> list[str]:
    """Compile what int8 operators use; the options to link it with."""
    source = root() / "Source"
    folder.mkdir(parents=True, exist_ok=True)
    files = [
        file
        for name in (*_FOLDERS, *_OTHERS)
        for file in sorted((source / name).glob("*.c"))
        if not file.name.endswith(_NOT_INT8)
    ]
    options = ["-w", "-ffunction-sections", DEFINE, f"-I{root() / 'Include'}", "-c"]
    subprocess.run([*compiler, *options, *map(str, files)], cwd=folder, check=True)
    objects = [file.name for file in sorted(folder.glob("*.o"))]
    subprocess.run([archiver, "rcs", "libcmsis-nn.a", *objects], cwd=folder, check=True)
    return [f"-L{folder}", "-lcmsis-nn"]
