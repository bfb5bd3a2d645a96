# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compile C of this repository for this machine, and talk to lib/counters among fakes.

Each test runs as three builds: as the machine is, as 32-bit code, and with sanitizers.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any, TypeVar

import cbor2
import pytest
from zephyr_counters.blob.device_error import translate

from bench import kconfig

REPOSITORY = Path(__file__).resolve().parents[2]
MODULE = REPOSITORY / "zephyr_module"
HERE = REPOSITORY / "tests" / "device"
COMPILER = os.environ.get("CC", "cc")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
INCLUDES = [f"-I{MODULE / 'include'}", f"-I{MODULE / 'ports/posix/include'}"]
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
BUILDS = ("native", "32-bit", "sanitized")
RECORD_BUFFER = 2048
DEFINES = {
    "RECORD_BUFFER_SIZE": RECORD_BUFFER,
    "MAX_PROVIDERS": 4,
    "PACKET_SIZE": 1024,
    "ARENA_SIZE": 4096,
}
"""What differs from the defaults in Kconfig: small, so that tests reach the limits."""
MAX_SELECTED = kconfig.numbers()["ZC_MAX_SELECTED"].default
MAX_OPAQUE = kconfig.numbers()["ZC_MAX_OPAQUE"].default
COUNTERS = [
    MODULE / "drivers" / "hwcnt" / "hwcnt.c",
    *sorted(
        path
        for name in ("cbor", "counters", "error")
        for path in (MODULE / "lib" / name).glob("*.c")
    ),
]


def compiles(flags: list[str], folder: Path) -> bool:
    """Whether the compiler makes a program with these flags."""
    source = folder / "probe.c"
    source.write_text("#include <errno.h>\n#include <stdint.h>\nint main(void) { return 0; }\n")
    command = [COMPILER, *flags, str(source), "-o", str(folder / "probe")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def flags_32_bit(folder: Path) -> list[str] | None:
    """Flags for 32-bit code, None if it cannot be made here."""
    where = subprocess.run([COMPILER, "-print-multiarch"], capture_output=True, text=True)
    # Debian's 32-bit libraries without gcc-multilib lack a link to the kernel's headers.
    with_headers = ["-m32", "-idirafter", f"/usr/include/{where.stdout.strip()}"]
    return next((flags for flags in (["-m32"], with_headers) if compiles(flags, folder)), None)


def build_flags(build: str, folder: Path) -> list[str]:
    """The compiler's flags of one of BUILDS; skips the test if it cannot be made here."""
    if shutil.which(COMPILER) is None:
        pytest.skip(f"no C compiler ({COMPILER})")
    if build == "32-bit":
        flags = flags_32_bit(folder)
        if flags is None:
            pytest.skip("no 32-bit C library (gcc-multilib)")
        return flags
    if build == "sanitized":
        if not compiles(SANITIZE, folder):
            pytest.skip("no address sanitizer")
        return ["-g", *SANITIZE]
    return []


def compile_program(
    sources: list[Path],
    folder: Path,
    build: str,
    flags: list[str] | None = None,
    before: list[str] | None = None,
) -> Path:
    """A program of these sources, warnings as errors; `before` comes before the includes."""
    program = folder / "program"
    command = [COMPILER, "-std=c99", "-O1", *WARNINGS, *build_flags(build, folder)]
    command += [*(before or []), *INCLUDES]
    command += [*(flags or []), *map(str, sources), "-o", str(program)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return program


def posix_providers(drivers: Path) -> list[Path]:
    """The C files of the providers that have a posix.c, as posix.cmake finds them."""
    folders = sorted(path.parent for path in drivers.glob("*/posix.c"))
    return [
        path
        for folder in folders
        for path in sorted(folder.glob("*.c"))
        if not path.name.startswith("zephyr")
    ]


def compile_counters(folder: Path, build: str, **defines: int) -> Path:
    """lib/counters with the fakes; `defines` replace those of DEFINES."""
    sources = [
        *COUNTERS,
        MODULE / "lib/counters/standalone/standalone.c",
        MODULE / "ports/posix/crc.c",
        HERE / "counters_harness.c",
        HERE / "counters_fakes.c",
    ]
    return compile_program(sources, folder, build, definitions({**DEFINES, **defines}))


def definitions(config: dict[str, int]) -> list[str]:
    """Macros for the compiler: Kconfig's defaults, but for the symbols ZC_<name> of `config`."""
    values = kconfig.definitions(**{f"ZC_{name}": value for name, value in config.items()})
    return [f"-D{name}={value}" for name, value in values.items()]


_Self = TypeVar("_Self", bound="Harness")


class Harness:
    """The C harness as a process; a context manager."""

    def __init__(self, program: Path, *, init: bool = True) -> None:
        self._process = subprocess.Popen(
            [str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.text = ""
        if init:
            self.call("init")

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, *exception: object) -> None:
        _, errors = self._process.communicate()
        assert self._process.returncode == 0, errors.decode()

    def raw(self, *words: object) -> tuple[int, bytes]:
        """Run a command; return its result and its bytes, and keep its text."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write((" ".join(map(str, words)) + "\n").encode())
            process.stdin.flush()
        except BrokenPipeError:
            pass
        line = process.stdout.readline().decode()
        if not line:
            assert process.stderr is not None
            raise AssertionError(process.stderr.read().decode())
        result, data, text = line.rstrip("\n").split(" ", 2)
        self.text = translate(text)
        return int(result), b"" if data == "-" else bytes.fromhex(data)

    def call(self, *words: object) -> bytes:
        """Run a command that is to succeed; return its bytes."""
        result, data = self.raw(*words)
        assert result == 0, self.text
        return data

    def select(self, *groups: tuple[int, list[int]], flags: int = 0) -> None:
        """Select, which is to succeed; groups are a provider and its counters."""
        self.call("select", cbor2.dumps([2, 0, flags, list(map(list, groups))]).hex())

    def refuse(self, selection: Any) -> int:
        """Select, which is to fail; `selection` is bytes or what CBOR makes of them."""
        data = selection if isinstance(selection, bytes) else cbor2.dumps(selection)
        result, _ = self.raw("select", data.hex() or "-")
        assert result < 0
        return -result

    def take(self, most: int = 100000) -> dict[str, Any]:
        """The records, checked against the schema; they are forgotten."""
        data = self.call("take", most)
        assert len(data) <= most
        assert self.call("take", most) == data
        self.call("taken")
        return decode(data)


def region(board: Harness, *commands: tuple[object, ...], tag: int = 0) -> None:
    """A region in which the commands are run."""
    board.call("begin", tag, 0, 0)
    for command in commands:
        board.call(*command)
    board.call("end", 0)


def decode(data: bytes) -> dict[str, Any]:
    """A record blob by the names of the schema."""
    item, crc = data[:-4], data[-4:]
    assert zlib.crc32(item).to_bytes(4, "big") == crc
    decoded = cbor2.loads(item)
    schema("records").validate_cbor(cbor2.dumps([*decoded[:-1], []]))
    for record in decoded[-1]:
        opaque = isinstance(record[-1], dict)
        schema("record", len(record) - 4 - opaque, opaque).validate_cbor(cbor2.dumps(record))
    # Integers as short as they can be, lengths definite: encoding again gives the same.
    assert cbor2.dumps(decoded) == item
    names = (
        "version request catalog_crc selection_crc overhead nested stuck dropped remaining records"
    )
    return dict(zip(names.split(), decoded, strict=True))


@functools.lru_cache
def schema(rule: str, values: int = 0, opaque: bool = False) -> Any:
    """docs/blob.cddl with `rule` as what is validated.

    pycddl matches neither `* uint` nor an optional item once others follow in an array, so a
    record's are spelled out.
    """
    pycddl = pytest.importorskip("pycddl")
    text = (REPOSITORY / "docs/blob.cddl").read_text()
    before, after = text.split("\nrecord = [")
    record, after = after.split("\n]\n", 1)
    record = record.replace("* uint,", "uint, " * values, 1)
    record = record.replace("? opaque", "opaque") if opaque else record.partition("? opaque")[0]
    return pycddl.Schema(f"start = {rule}\n{before}\nrecord = [{record}\n]\n{after}")
