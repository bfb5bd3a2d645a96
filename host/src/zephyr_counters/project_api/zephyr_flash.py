# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`west flash`, whatever it flashes with."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from zephyr_counters.errors import ProjectError

_DEV_ID = "--dev-id"
_RUNNER = "--runner"
_WITHOUT_DEV_ID = {
    "openocd": ("--cmd-pre-init", "adapter serial {}"),
    "stm32cubeprogrammer": ("--conn-modifiers", "sn={}"),
}
"""How runners that lack Zephyr's --dev-id choose a probe by its serial number
(scripts/west_commands/runners of Zephyr 4.3; their RunnerCaps)."""


def for_runner(command: list[str], build: Path) -> list[str]:
    """Return the words of `command` as the runner wants them that flashes what is in `build`.

    Raises:
        ProjectError: nothing is in it.
    """
    if not (build / "CMakeCache.txt").is_file():
        raise ProjectError(f"{build} holds no firmware", "build the project first")
    own = _WITHOUT_DEV_ID.get(_runner(command, build))
    if own is None or _DEV_ID not in command:
        return command
    at = command.index(_DEV_ID)
    return [*command[:at], own[0], own[1].format(command[at + 1]), *command[at + 2 :]]


def hint(command: list[str], build: Path, runners: Mapping[str, str]) -> str | None:
    """Return what to do where the program that flashes is missing; None if it is there.

    Args:
        command: as `for_runner` takes it.
        build: the folder of the firmware.
        runners: of the board.
    """
    used = _runner(command, build)
    program = runners.get(used)
    if program is None or shutil.which(program):
        return None
    others = [f"{name} ({p})" for name, p in runners.items() if name != used]
    there = [name for name, p in runners.items() if shutil.which(p)]
    choice = f"west_runner={there[0]}" if there else "west_runner=NAME"
    return (
        f"west flashes this board with {used}, whose program {program} is not in PATH: install it, "
        f"or use another one by --project-option {choice}: {', '.join(others)}"
    )


def _runner(command: list[str], build: Path) -> str:
    """Return the one that is asked for, else the board's default, which the build wrote down."""
    if _RUNNER in command:
        return command[command.index(_RUNNER) + 1]
    try:
        text = (build / "zephyr" / "runners.yaml").read_text()
    except OSError:
        return ""
    found = re.search(r"^flash-runner:\s*(\S+)", text, re.M)
    return found[1] if found else ""
