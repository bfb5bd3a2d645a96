# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compiles C tests of the device's code for this machine, in several variants."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench import kconfig

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "zephyr_module"
POSIX = MODULE / "ports" / "posix"
TESTS = ROOT / "tests" / "device"

WARNINGS = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
VARIANTS = {
    "plain": ["-O2", "-g"],
    "m32": ["-O2", "-g", "-m32"],
    "asan": ["-O1", "-g", *SANITIZERS],
    "m32-asan": ["-O1", "-g", "-m32", *SANITIZERS],
}
CONFIG = {
    "PACKET_SIZE": 1024,
    "ARENA_SIZE": 4096,
    "MAX_SELECTED": 32,
    "MAX_PROVIDERS": 16,
    "MAX_TENSORS": 8,
}
"""What differs from the defaults in Kconfig: small, so that tests reach the limits."""

WIRE = sorted((MODULE / "lib" / "wire").glob("*.c"))
RUNTIME = sorted(
    path
    for name in ("error", "exec", "functions", "rpc")
    for path in (MODULE / "lib" / name).glob("*.c")
)
COUNTERS = [
    MODULE / "drivers" / "hwcnt" / "hwcnt.c",
    *sorted(path for name in ("cbor", "counters") for path in (MODULE / "lib" / name).glob("*.c")),
]
CRC = POSIX / "crc.c"
PORT = [  # what serves the firmware on this machine; a link driver comes on top
    MODULE / "ports" / "common" / "link.c",
    *(POSIX / name for name in ("link_port.c", "port.c", "process.c")),
]
DEVICE = [*WIRE, *RUNTIME, *COUNTERS, CRC]  # all but a port and a model


def compiler() -> str | None:
    """Return the C compiler: $CC or cc; None if there is none."""
    return shutil.which(os.environ.get("CC", "cc"))


def compile_c(
    output: Path,
    sources: list[Path],
    variant: str = "plain",
    *,
    config: dict[str, int] | None = None,
    before: list[str] | None = None,
    extra: list[str] | None = None,
    cc: str | None = None,
) -> Path:
    """Compile and link a program; returns `output`. A warning fails it (CalledProcessError).

    Args:
        output: the program.
        sources: of it.
        variant: one of VARIANTS.
        config: options that differ from CONFIG.
        before: flags before the include folders.
        extra: flags after them.
        cc: the compiler; None takes compiler().
    """
    options = {**CONFIG, **(config or {})}
    values = kconfig.definitions(**{f"ZC_{name}": value for name, value in options.items()})
    defines = [f"-D{name}={value}" for name, value in values.items()]
    command = [
        cc or compiler() or "cc",
        *WARNINGS,
        *VARIANTS[variant],
        *defines,
        *(before or []),
        f"-I{MODULE / 'include'}",
        f"-I{POSIX / 'include'}",
        f"-I{MODULE / 'lib'}",
        *(extra or []),
        *map(str, sources),
        "-o",
        str(output),
    ]
    subprocess.run(command, check=True, cwd=ROOT)
    return output


@functools.cache
def why_not(variant: str) -> str | None:
    """Return why programs of a variant cannot be made and run here; None if they can."""
    cc = compiler()
    if cc is None:
        return "no C compiler"
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "empty"
        source = program.with_suffix(".c")
        source.write_text("#include <string.h>\nint main(void) { return 0; }\n")
        made = subprocess.run(
            [cc, *VARIANTS[variant], str(source), "-o", str(program)], capture_output=True
        )
        if made.returncode != 0 or subprocess.run([str(program)]).returncode != 0:
            return f"{cc} cannot make programs with {' '.join(VARIANTS[variant])}"
    return None
