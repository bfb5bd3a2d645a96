# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The numbers that the firmware is configured with, and their defaults, from the Kconfig files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MODULE = Path(__file__).resolve().parents[1] / "zephyr_module"
LIB = MODULE / "lib"
_ENTRY = re.compile(r"^config (\w+)\n((?:\t.*\n|\n)*)", re.M)


@dataclass(frozen=True)
class Number:
    """A symbol of type int: its default, and the range it is limited to, if any."""

    default: int
    range: tuple[int, int] | None


def _entries(folder: Path) -> dict[str, str]:
    """Every `config` entry under `folder`, by symbol."""
    return {
        name: body
        for path in sorted(folder.rglob("Kconfig*"))
        for name, body in _ENTRY.findall(path.read_text())
    }


def numbers(folder: Path = LIB) -> dict[str, Number]:
    """Every symbol of type int in the Kconfig files under `folder`, by name: ZC_PACKET_SIZE."""
    found = {}
    for name, body in _entries(folder).items():
        default = re.search(r"^\tdefault (\d+)$", body, re.M)
        if re.search(r"^\tint\b", body, re.M) and default:
            limits = re.search(r"^\trange (\d+) (\d+)$", body, re.M)
            bounds = (int(limits[1]), int(limits[2])) if limits else None
            found[name] = Number(int(default[1]), bounds)
    return found


def definitions(**changed: int) -> dict[str, int]:
    """Macros for the C compiler: the default numbers, but for the symbols that are `changed`.

    Raises:
        KeyError: no symbol of that name.
    """
    unknown = changed.keys() - _entries(LIB).keys()
    if unknown:
        raise KeyError(*unknown)
    defaults = {name: number.default for name, number in numbers().items()}
    return {f"CONFIG_{name}": value for name, value in (defaults | changed).items()}
