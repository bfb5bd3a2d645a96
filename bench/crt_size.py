# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Text that a firmware on TVM's C runtime grows by, compiled for a Cortex-M4."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from bench import kconfig
from bench.limits import Measurement
from bench.size import COMPILER, FLAGS, MODULE, ROOT

NAME = "counters under TVM's C runtime, text, Cortex-M4 -Os"
HEADERS = ROOT / "build" / "crt-headers"
# Two headers of TVM 0.18 that are in no package.
FAKE_HEADERS = ROOT / "tests" / "device" / "crt_fake"
SHIM = MODULE / "lib" / "crt_shim"
# What stands where upstream's project has a platform.c and the server's loop, counters or not.
IN_PLACE_OF_UPSTREAMS = ("format", "platform", "server", "layers_none")
# Instead of layers_graph, which is larger.
ALTERNATIVES = ("layers_aot",)
SHARED = ("cbor", "counters", "error", "functions")
OPTIONS = kconfig.definitions(ZC_CRT_GRAPH_SIZE=4096)
LIMIT = 6 * 1024


def measure(folder: Path) -> list[Measurement]:
    """Compile SHARED and lib/crt_shim as a Cortex-M4 firmware would, and add the text up.

    What is linked is a little less: names that the runtime has as well are there once.

    Args:
        folder: for the object files.
    """
    if shutil.which(COMPILER) is None:
        return [Measurement(NAME, None, skipped=f"{COMPILER} is not installed")]
    if not HEADERS.is_dir():
        return [Measurement(NAME, None, skipped="no headers of the runtime: make crt-headers")]
    detail: dict[str, float] = {}
    for library in SHARED:
        detail[library] = sum(
            _text(path, folder) for path in (MODULE / "lib" / library).glob("*.c")
        )
    for path in sorted(SHIM.glob("*.c")):
        if path.stem in ALTERNATIVES:
            continue
        detail[f"shim: {path.stem}"] = _text(path, folder)
    replaced = {f"shim: {name}" for name in IN_PLACE_OF_UPSTREAMS}
    total = sum(size for name, size in detail.items() if name not in replaced)
    return [Measurement(NAME, total, "bytes", limit=LIMIT, detail=detail)]


def _text(source: Path, folder: Path) -> int:
    output = folder / f"crt_{source.parent.name}_{source.stem}.o"
    defines = [f"-D{name}={value}" for name, value in OPTIONS.items()]
    includes = [f"-I{MODULE / 'include'}", f"-I{MODULE / 'ports/posix/include'}", f"-I{SHIM}"]
    includes += [f"-isystem{folder}" for folder in (HEADERS / "include", HEADERS / "dlpack")]
    includes.append(f"-isystem{FAKE_HEADERS}")
    command = [COMPILER, *FLAGS, "-fno-short-enums", *defines, *includes]
    subprocess.run([*command, "-c", str(source), "-o", str(output)], check=True)
    row = subprocess.run(
        ["arm-none-eabi-size", str(output)], check=True, capture_output=True, text=True
    ).stdout.splitlines()[1]
    return int(row.split()[0])
