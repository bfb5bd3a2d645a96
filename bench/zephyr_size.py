# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Flash and RAM of the nRF52840 DK's firmware with keyword spotting, and whose they are."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from zephyr_counters.project import Project

from bench import linker_map
from bench.limits import Measurement
from bench.project import KEYWORD_SPOTTING, built_project
from bench.size import BUFFERS, LIBRARIES
from bench.workspace import missing

BOARD = "nrf52840dk"
OURS, PORT, MODEL, ZEPHYR = (
    "runtime, wire and counters",
    "drivers and port",
    "the model",
    "Zephyr and C library",
)
LIMITS = {"flash": 12 * 1024, "RAM": 2 * 1024}
_MODULE = re.compile(r"modules/zephyr-counters/(\w+)/(\w+)/")
_REGION = re.compile(r"^(FLASH|RAM)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)", re.M)
_USED = re.compile(r"^\s+(FLASH|RAM):\s+(\d+) (B|KB)", re.M)


def owner(file: str) -> str:
    """Whose an object file is."""
    if module := _MODULE.search(file):
        return OURS if module[1] == "lib" and module[2] in LIBRARIES else PORT
    if "app/libapp.a" in file:
        return PORT if "main.c" in file else MODEL
    return ZEPHYR


def used(project: Project) -> dict[str, int]:
    """Bytes of flash and RAM, as the linker reported."""
    log = (project.path / "build" / "build.log").read_text()
    sizes = {
        name: int(size) * (1024 if unit == "KB" else 1) for name, size, unit in _USED.findall(log)
    }
    return {"flash": sizes["FLASH"], "RAM": sizes["RAM"]}


def shares(project: Project) -> dict[str, Counter[str]]:
    """Bytes of flash and RAM by owner; what fills gaps is Zephyr's.

    Data that are copied to RAM at boot are in both; so they are in the linker's report.
    """
    path = project.path / "build" / "zephyr" / "zephyr.map"
    regions = {
        name: range(int(begin, 16), int(begin, 16) + int(size, 16))
        for name, begin, size in _REGION.findall(path.read_text(errors="replace"))
    }
    found: dict[str, Counter[str]] = {"flash": Counter(), "RAM": Counter()}
    for item in linker_map.read(path):
        if item.address in regions["FLASH"]:
            found["flash"][owner(item.file)] += item.size
        elif item.address in regions["RAM"]:
            found["RAM"][owner(item.file)] += item.size
            if item.section.startswith((".data", "device_states")):
                found["flash"][owner(item.file)] += item.size
    for memory, total in used(project).items():
        found[memory][ZEPHYR] = total - sum(
            size for name, size in found[memory].items() if name != ZEPHYR
        )
    return found


def buffers(project: Project) -> int:
    """Bytes of the buffers whose size the user chooses."""
    config = (project.path / "build" / "zephyr" / ".config").read_text()
    return sum(
        int(value) for value in re.findall(rf"^(?:{'|'.join(BUFFERS)})=(\d+)$", config, re.M)
    )


def measure(folder: Path) -> list[Measurement]:
    """Build keyword spotting for the nRF52840 DK, and read the linker's map."""
    title = "keyword spotting on the nRF52840 DK"
    if not KEYWORD_SPOTTING.exists():
        return [Measurement(title, None, skipped="no keyword spotting model here")]
    if reason := missing(BOARD):
        return [Measurement(title, None, skipped=reason)]
    project = built_project(KEYWORD_SPOTTING, "c", folder, BOARD)
    found, chosen = shares(project), buffers(project)
    rows = []
    for memory, total in used(project).items():
        rows.append(Measurement(f"{memory}, {title}", total, "bytes"))
        for name in (ZEPHYR, MODEL, PORT):
            rows.append(Measurement(f"  {memory} of {name}", found[memory][name], "bytes"))
        ours = found[memory][OURS]
        if memory == "RAM":
            rows.append(Measurement(f"  {memory} of buffers, of chosen size", chosen, "bytes"))
            ours -= chosen
        rows.append(Measurement(f"  {memory} of {OURS}", ours, "bytes", limit=LIMITS[memory]))
    return rows
