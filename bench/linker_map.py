# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which file each byte of a firmware came from, as GNU ld's map tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# ` .text.name  0xaddress  0xsize file`; a long name has a line of its own.
_INPUT = re.compile(r"^ (\S+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (?!\()(\S.*)$")
_LONG_NAME = re.compile(r"\n( [^\s(]+)\n\s+(?=0x)")
_NOT_LOADED = (".debug", ".comment", ".ARM.attributes", ".stab")


@dataclass(frozen=True)
class Input:
    """A section of an object file, and where it went."""

    section: str
    address: int
    size: int
    file: str


def read(path: Path) -> Iterator[Input]:
    """Yield what was linked; what was discarded, and what no memory holds, is left out."""
    text = path.read_text(errors="replace")
    linked = text[text.index("Linker script and memory map") :]
    for line in _LONG_NAME.sub(r"\n\1 ", linked).splitlines():
        match = _INPUT.match(line)
        if match and not match[1].startswith(_NOT_LOADED):
            yield Input(match[1], int(match[2], 16), int(match[3], 16), match[4])
