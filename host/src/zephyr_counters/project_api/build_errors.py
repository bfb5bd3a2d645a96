# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a failed build's output says, in few lines."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from zephyr_counters.errors import ProjectError

_ERROR = re.compile(
    r"(?<!fatal )error: |fatal error: (?!command exited)|undefined reference"
    r"|multiple definition|overflowed by|kconfig\.py: ",
    re.IGNORECASE,
)
_CMAKE_ERROR = "CMake Error"
_KCONFIG_WARNINGS = "Aborting due to Kconfig warnings"
_SHOWN = 12
_LITTLE_ROOM = 1 << 16
_NO_BOARD = re.compile(
    r"No board named '([^']*)' found|Board qualifiers `([^`]*)` for board `([^`]*)` not found"
)
_FULL_DISK = re.compile(r"No space left on device|Disk quota exceeded")
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '([^']*)'")
_OTHER_CORE = re.compile(r"#error \"?(the model's kernels need [^\"\n]*)")
_NO_COMPILER = re.compile(r"CMAKE_C_COMPILER|No C compiler|C compiler identification is unknown")


def explained(ending: str, output: str, log: Path, zephyr: str) -> ProjectError:
    """Return the error to raise.

    Args:
        ending: how the command ended, in words.
        output: all it printed.
        log: where that is, too.
        zephyr: the Zephyr that it was built with.
    """
    if board := _NO_BOARD.search(output):
        name = board[1] or f"{board[3]}/{board[2].lstrip('/')}"
        hint = "use a Zephyr that has it, such as v4.3.0"
        return ProjectError(f"no board {name!r} in {zephyr}", hint)
    if module := _NO_MODULE.search(output):
        return ProjectError(
            f"the Python that Zephyr builds with has no package {module[1]!r}",
            f"pip install -r {zephyr}/scripts/requirements.txt",
        )
    # CMake does not always say why it could not write.
    if _FULL_DISK.search(output) or shutil.disk_usage(log.parent).free < _LITTLE_ROOM:
        return ProjectError(f"{log.parent}: the disk is full", "make room on the disk")
    hint = f"the whole output is in {log}"
    if core := _OTHER_CORE.search(output):
        return ProjectError(f"the build failed: {core[1]}", hint)
    if _NO_COMPILER.search(output):
        hint = "install a C compiler (Debian: apt install gcc), or set CC"
    lines = [line.rstrip() for line in output.splitlines()]
    found = _complaints(lines)
    shown = found[:_SHOWN] or lines[-_SHOWN:]
    if len(found) > _SHOWN:
        shown.append(f"... and {len(found) - _SHOWN} more")
    return ProjectError(f"the build failed: {ending}", hint, "\n".join(shown))


def _complaints(lines: list[str]) -> list[str]:
    # Zephyr takes warnings of Kconfig for errors.
    kconfig = any(_KCONFIG_WARNINGS in line for line in lines)
    found = []
    in_cmake_error = False
    for line in lines:
        # Its text follows, indented, in paragraphs.
        in_cmake_error = _CMAKE_ERROR in line or (in_cmake_error and line[:2] in ("", "  "))
        warned = kconfig and line.startswith("warning: ")
        if line and (in_cmake_error or warned or _ERROR.search(line)):
            found.append(line)
    return found
