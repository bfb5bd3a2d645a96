# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""CMSIS-NN, for models whose kernels call it: the option cmsis_path."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.project_api import zephyr_workspace

WORKSPACE_MODULE = "modules/lib/cmsis-nn"
"""Where west puts the module cmsis-nn."""
FOLDER = "cmsis"
_CALLS = re.compile(rb'#\s*include\s*[<"]arm_nn\w*\.h[>"]')
_LAYOUTS = ("CMSIS-NN", "CMSIS/NN", ".")
"""Where the CMSIS-NN is that TVM 0.18 is built with, that of CMSIS 5, and CMSIS-NN by itself."""
_CORE = "CMSIS/Core/Include"
_HEADER = "Include/arm_nnfunctions.h"


def add(path: object, sources: Iterable[bytes], project: Path) -> None:
    """Copy what a model needs of CMSIS into `project`; nothing if it needs nothing.

    Args:
        path: the option's value, or None: then the workspace's module cmsis-nn is taken.
        sources: the model's C code.
        project: the project's folder.

    Raises:
        UsageError: it needs CMSIS-NN, which was not found.
    """
    if not any(_CALLS.search(source) for source in sources):
        return
    root = _in_workspace() if path is None else Path(str(path)).expanduser()
    if root is None:
        raise UsageError(
            "the model calls CMSIS-NN; cmsis_path is not given, and no Zephyr workspace has the "
            "module cmsis-nn",
            "give --project-option cmsis_path=FOLDER, of a clone of CMSIS-NN or CMSIS 5",
        )
    for layout in _LAYOUTS:
        if (root / layout / _HEADER).is_file():
            for name in ("Include", "Source"):
                shutil.copytree(root / layout / name, project / FOLDER / name)
            break
    else:
        raise UsageError(f"cmsis_path is {root}, which holds no CMSIS-NN")
    if (root / _CORE).is_dir():
        shutil.copytree(root / _CORE, project / FOLDER / "Core")


def _in_workspace() -> Path | None:
    """Return the module's folder in the Zephyr workspace, if there are both."""
    try:
        root = zephyr_workspace.find(Path.cwd()).top / WORKSPACE_MODULE
    except ProjectError:
        return None
    return root if (root / _HEADER).is_file() else None
