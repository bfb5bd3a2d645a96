# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Text and static RAM of the device's code, compiled for a Cortex-M4."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from bench import kconfig
from bench.limits import Measurement

ROOT = Path(__file__).resolve().parents[1]
MODULE = kconfig.MODULE
LIBRARIES = ("cbor", "counters", "error", "exec", "functions", "rpc", "wire")
COMPILER = "arm-none-eabi-gcc"
OPTIONS = kconfig.definitions()
# Buffers whose size the user chooses; they are not part of "static RAM".
BUFFERS = ("CONFIG_ZC_PACKET_SIZE", "CONFIG_ZC_ARENA_SIZE", "CONFIG_ZC_RECORD_BUFFER_SIZE")
FLAGS = (
    "-Os",
    "-mcpu=cortex-m4",
    "-mthumb",
    "-std=gnu11",
    "-ffunction-sections",
    "-fdata-sections",
)


def measure(folder: Path) -> list[Measurement]:
    """Compile the LIBRARIES as a Cortex-M4 firmware would, and add the sections up.

    Args:
        folder: for the object files.
    """
    names = ("text + data, Cortex-M4 -Os", "static RAM without the buffers")
    if shutil.which(COMPILER) is None:
        return [Measurement(name, None, skipped=f"{COMPILER} is not installed") for name in names]
    defines = [f"-D{name}={value}" for name, value in OPTIONS.items()]
    includes = [f"-I{MODULE / 'include'}", f"-I{MODULE / 'ports/posix/include'}"]
    text = data = bss = 0
    by_library: dict[str, float] = {}
    for source in sorted(
        path for name in LIBRARIES for path in (MODULE / "lib" / name).glob("*.c")
    ):
        output = folder / f"{source.parent.name}_{source.stem}.o"
        subprocess.run(
            [COMPILER, *FLAGS, *defines, *includes, "-c", str(source), "-o", str(output)],
            check=True,
        )
        row = subprocess.run(
            ["arm-none-eabi-size", str(output)], check=True, capture_output=True, text=True
        ).stdout.splitlines()[1]
        sizes = [int(field) for field in row.split()[:3]]
        text, data, bss = text + sizes[0], data + sizes[1], bss + sizes[2]
        library = source.parent.name
        by_library[library] = by_library.get(library, 0) + sizes[0] + sizes[1]
    ram = data + bss - sum(OPTIONS[name] for name in BUFFERS)
    return [
        Measurement(names[0], text + data, "bytes", limit=12 * 1024, detail=by_library),
        Measurement(names[1], ram, "bytes", limit=2 * 1024),
    ]
