# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Compile lib/crt_shim, and talk to it among fakes of TVM's C runtime and of counters."""

from __future__ import annotations

from pathlib import Path

import crt_headers
import pytest
from counters_native import COUNTERS, DEFINES, HERE, MODULE, Harness, compile_program, definitions
from zephyr_counters.blob import Record, Selection, decode_catalog, decode_records, encode_selection

from bench import kconfig

SHIM = MODULE / "lib/crt_shim"
HEAP = 16384
PACKET = 1024
EXTRA_NAMES = kconfig.numbers()["ZC_CRT_EXTRA_NAMES"].default
CONFIG = {**DEFINES, "PACKET_SIZE": PACKET, "CRT_HEAP_SIZE": HEAP, "CRT_GRAPH_SIZE": 4000}
"""What differs from the defaults in Kconfig."""
FAKE_HEADERS = HERE / "crt_fake"
WRAP = ["-Wl,--wrap=TVMGraphExecutor_Create", "-Wl,--wrap=TVMGraphExecutor_Release"]


def headers() -> list[Path]:
    """The CRT's headers; skips the test if there are none."""
    found = crt_headers.find()
    if found is None:
        pytest.skip(crt_headers.WHY_NOT)
    return found


def real_crt() -> Path:
    """TVM 0.18's own CRT; skips the test if it is not at hand."""
    found = crt_headers.find_real()
    if found is None:
        pytest.skip(crt_headers.WHY_NOT_REAL)
    return found


def flags(includes: list[Path], **config: int) -> list[str]:
    """For the compiler: what of the CRT is in `includes`, and the configuration."""
    found = definitions({**CONFIG, **config})
    # Headers that are not ours do not answer to our warnings.
    return [*found, f"-I{SHIM}", *(f"-isystem{folder}" for folder in includes)]


def compile_shim(
    folder: Path, build: str, *, graph: bool = True, module: Path = MODULE, **config: int
) -> Path:
    """The harness, with the fake graph executor or without one; `module` is zephyr_module."""
    left_out = {"layers_aot.c", *(["layers_none.c"] if graph else ["layers.c", "layers_graph.c"])}
    shim = module / SHIM.relative_to(MODULE)
    sources = [
        *sorted(path for path in shim.glob("*.c") if path.name not in left_out),
        *COUNTERS,
        *sorted((module / "lib/functions").glob("*.c")),
        MODULE / "ports/posix/crc.c",
        *sorted((MODULE / "ports/posix/crt").glob("*.c")),
        *(HERE / name for name in ("crt_harness.c", "crt_fake.c", "crt_fake_graph.c")),
        HERE / "counters_fakes.c",
    ]
    includes = [*headers(), FAKE_HEADERS]
    first = [f"-I{module / 'include'}", f"-I{shim}"]
    given = [*flags(includes, **config), *(WRAP if graph else [])]
    return compile_program(sources, folder, build, given, before=first)


class Shim(Harness):
    """The harness as a process; a context manager."""

    def __init__(self, program: Path) -> None:
        super().__init__(program)
        parts = [self.ok("hwcnt.catalog")]
        while parts[-1]:
            parts.append(self.ok("hwcnt.catalog", sum(map(len, parts))))
        self.catalog = decode_catalog(b"".join(parts))
        self.selection = Selection()

    def measure(self, *counters: int) -> None:
        """Select counters of provider 0."""
        self.selection = Selection(groups=((0, counters),))
        self.ok("hwcnt.select", encode_selection(self.selection))

    def records(self) -> tuple[Record, ...]:
        """The records, as the host package reads them; all of them, and none lost."""
        blob = decode_records(self.ok("hwcnt.take"), self.catalog, self.selection)
        assert (blob.dropped, blob.remaining) == (0, 0)
        return blob.records

    def packed(self, name: str, *args: int | str | bytes) -> tuple[int, bytes]:
        """Call a packed function; its result and its bytes. The error's text is kept."""
        return self.raw("call", name, *map(_word, args))

    def ok(self, name: str, *args: int | str | bytes) -> bytes:
        """Call a packed function that is to succeed; its bytes."""
        result, data = self.packed(name, *args)
        assert result == 0, self.text
        return data


def _word(value: int | str | bytes) -> str:
    if isinstance(value, bytes):
        return f"x{value.hex()}"
    return f"i{value}" if isinstance(value, int) else f"s{value}"
