# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""CMake and Ninja: from the Python packages of these names, else from PATH."""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path

from zephyr_counters.errors import ProjectError

_FOLDER = {"cmake": "CMAKE_BIN_DIR", "ninja": "BIN_DIR"}


def find(name: str) -> str:
    """Path of the program `name`, `cmake` or `ninja`.

    Raises:
        ProjectError: it is not installed.
    """
    try:
        folder = getattr(importlib.import_module(name), _FOLDER[name], None)
    except ImportError:
        folder = None
    if folder:
        program = Path(folder) / name
        if os.access(program, os.X_OK):
            return str(program)
    found = shutil.which(name)
    if found is None:
        raise ProjectError(f"{name} is not installed", f"pip install {name}")
    return found
