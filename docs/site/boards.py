# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The page of boards: their data, and first_flash.md of each board of hardware."""

from __future__ import annotations

from collections.abc import Iterator

from zephyr_counters import resources
from zephyr_counters.formats import board as boards

INTRODUCTION = """# Boards, wiring and first flash

Each board is a folder of data in `boards/`. Those that run on this machine need no hardware. For
the others, from an unopened box to a first table:

1. Install Zephyr 4.3, its toolchain and `west`, and the board's flash tool (below).
2. `tvmc compile MODEL --board BOARD -o model.tar`
3. `tvmc micro create project model.tar --project-option board=BOARD`
4. `tvmc micro build project`, then `tvmc micro flash project`
5. `zephyr-counters profile project`

If a port is not found, or several boards are connected, name it in each command that opens a
board: `--project-option port=/dev/ttyACM0`. On Linux your user must be in the group that owns the
port, often `dialout`. Use a USB cable that carries data.

None of the boards of hardware has been tried on hardware yet: their firmware is compiled, and
pins and connectors are those of Zephyr's board documentation. Please report what you find.
"""


def sections() -> Iterator[str]:
    """Yield one section per board, boards of hardware first."""
    found = boards.find([resources.path("boards")])
    for board in sorted(found.values(), key=lambda b: (b.runs_here, b.platform, b.name)):
        yield f"## {board.name}\n\n{board.description}.\n"
        rows = [("counters", ", ".join(board.providers)), ("firmware", board.seen)]
        if board.zephyr_board:
            rows.insert(0, ("Zephyr's name", f"`{board.zephyr_board}`"))
        if board.data.get("core"):
            rows.append(("core", f"`{board.data['core']}`"))
        if board.data.get("clock_hz"):
            rows.append(("clock", f"{board.data['clock_hz'] / 1e6:g} MHz"))
        memory = board.data.get("memory") or {}
        if memory.get("ram_kib"):
            rows.append(("RAM", f"{memory['ram_kib']} KiB"))
        if memory.get("flash_kib"):
            rows.append(("flash", f"{memory['flash_kib']} KiB"))
        if board.data["console"].get("baudrate"):
            rows.append(("baud rate", f"{board.data['console']['baudrate']}"))
        if board.runners:
            tools = ", ".join(f"`{name}` ({tool})" for name, tool in board.runners.items())
            rows.append(("flash tools", tools))
        yield "| | |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows)
        wiring = board.folder / "first_flash.md"
        if wiring.is_file():
            yield wiring.read_text(encoding="utf-8").partition("-->")[2].strip() + "\n"


def text() -> str:
    """Return the page."""
    return "\n".join((INTRODUCTION, *sections()))
