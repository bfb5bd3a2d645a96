# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a Zephyr board can be built for and run here; found as the project's server finds it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from zephyr_counters import resources
from zephyr_counters.errors import ProjectError
from zephyr_counters.project_api import zephyr_toolchain, zephyr_workspace


def missing(board: str) -> str | None:
    """Name what the board needs and this machine lacks; None if nothing is missing."""
    data = json.loads((resources.path("boards") / board / "board.json").read_text())
    try:
        zephyr_workspace.find(Path.cwd())
        zephyr_toolchain.environment(data["arch"])
    except ProjectError as error:
        return error.what
    program = data["run"]["command"][0] if data["run"] else None
    return f"{program} is not installed" if program and not shutil.which(program) else None
