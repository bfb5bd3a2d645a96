# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Instructions of an empty measured region on a Cortex-M4, counted by QEMU."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from bench import kconfig
from bench.limits import Measurement
from bench.size import COMPILER, FLAGS, MODULE

NAME = "empty region, four counters, Cortex-M4"
HERE = Path(__file__).resolve().parent / "cortex_m"
EMULATOR = "qemu-system-arm"
LINK = (
    "-nostartfiles",
    "-specs=nosys.specs",
    "-Wl,--gc-sections",
    f"-Wl,-T,{HERE / 'firmware.ld'}",
)
RECORD_BUFFER = 128 * 1024


def build(folder: Path) -> Path:
    """Link lib/counters and the bench's firmware; no C library beyond memcpy and the like."""
    image = folder / "cost.elf"
    options = kconfig.definitions(ZC_RECORD_BUFFER_SIZE=RECORD_BUFFER)
    defines = [f"-D{name}={value}" for name, value in options.items()]
    includes = [f"-I{MODULE / 'include'}", f"-I{MODULE / 'ports/posix/include'}"]
    sources = [
        HERE / "firmware.c",
        *sorted(
            path
            for name in ("cbor", "counters", "error")
            for path in (MODULE / "lib" / name).glob("*.c")
        ),
        MODULE / "drivers/hwcnt/hwcnt.c",
        MODULE / "ports/posix/crc.c",
    ]
    subprocess.run(
        [COMPILER, *FLAGS, *defines, *includes, *map(str, sources), *LINK, "-o", str(image)],
        check=True,
    )
    return image


def measure(folder: Path) -> list[Measurement]:
    """Run a thousand empty regions under `-icount shift=0`: an instruction is a nanosecond."""
    for program in (COMPILER, EMULATOR):
        if shutil.which(program) is None:
            return [Measurement(NAME, None, skipped=f"{program} is not installed")]
    machine = ["-M", "mps2-an386", "-icount", "shift=0", "-display", "none", "-monitor", "none"]
    output = subprocess.run(
        [EMULATOR, *machine, "-serial", "none", "-semihosting", "-kernel", str(build(folder))],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    instructions = int((output.stdout + output.stderr).split()[-1])
    return [Measurement(NAME, instructions, "instructions", limit=200)]
