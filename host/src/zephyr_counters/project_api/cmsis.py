# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""CMSIS-NN, for models whose kernels call it: the option cmsis_path."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from zephyr_counters.errors import UsageError

FOLDER = "cmsis"
_CALLS = re.compile(rb'#\s*include\s*[<"]arm_nn\w*\.h[>"]')
_LAYOUTS = ("CMSIS-NN", "CMSIS/NN", ".")
"""Where the CMSIS-NN is that TVM 0.18 is built with, that of CMSIS 5, and CMSIS-NN by itself."""
_CORE = "CMSIS/Core/Include"


def add(path: object, sources: Iterable[bytes], project: Path) -> None:
    """Copy what a model needs of CMSIS into `project`; nothing if it needs nothing.

    Args:
        path: the option's value, or None.
        sources: the model's C code.
        project: the project's folder.

    Raises:
        UsageError: it needs CMSIS-NN, which was not found.
    """
    if not any(_CALLS.search(source) for source in sources):
        return
    if path is None:
        raise UsageError(
            "the model calls CMSIS-NN, and cmsis_path is not given",
            "give --project-option cmsis_path=FOLDER, of a clone of CMSIS-NN or CMSIS 5",
        )
    root = Path(str(path)).expanduser()
    for layout in _LAYOUTS:
        if (root / layout / "Include" / "arm_nnfunctions.h").is_file():
            for name in ("Include", "Source"):
                shutil.copytree(root / layout / name, project / FOLDER / name)
            break
    else:
        raise UsageError(f"cmsis_path is {root}, which holds no CMSIS-NN")
    if (root / _CORE).is_dir():
        shutil.copytree(root / _CORE, project / FOLDER / "Core")
