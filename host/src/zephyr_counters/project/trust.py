# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What a project's server may have: opening a project runs its code.

Its environment holds what tools need to find each other, and no secrets of the shell that it is
started from. A project that belongs to another user is not run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from zephyr_counters import resources
from zephyr_counters.errors import ProjectError

ALLOW_FOREIGN = "ZEPHYR_COUNTERS_ALLOW_FOREIGN_OWNER"
"""Environment variable: "1" runs projects of other users, too; commands have an option for it."""

PASS_ON = "ZEPHYR_COUNTERS_PASS_ENV"
"""Environment variable: further names to pass on, separated by commas."""

NAMES = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TZ", "LANG", "LANGUAGE"),
        *("TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "COLUMNS", "DISPLAY", "VIRTUAL_ENV"),
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SOURCE_DATE_EPOCH"),
        *("CC", "CXX", "AR", "LD", "AS", "CPP", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS"),
        *("CROSS_COMPILE", "ARMFVP_BIN_PATH", "ARMLMD_LICENSE_FILE", "MAKEFLAGS"),
    )
)
PREFIXES = (
    *("LC_", "XDG_", "PYTHON", "CMAKE_", "NINJA_", "CCACHE_", "ZEPHYR_", "WEST_", "QEMU_"),
    *("ASAN_", "UBSAN_", "LSAN_", "COVERAGE_"),
)
SUFFIXES = ("_TOOLCHAIN_PATH",)


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that a project's server gets."""
    more = {name.strip() for name in given.get(PASS_ON, "").split(",")}
    return {
        name: value
        for name, value in given.items()
        if name in NAMES or name in more or name.startswith(PREFIXES) or name.endswith(SUFFIXES)
    }


def check_owner(folder: Path, script: Path) -> None:
    """Check that a project, and the program in it, belong to this user or to root.

    Raises:
        ProjectError: another user could have written it.
    """
    own = resources.path("project_template").resolve()
    if os.name != "posix" or os.environ.get(ALLOW_FOREIGN) == "1" or folder.resolve() == own:
        return
    for path in (folder, script):
        owner = path.stat().st_uid
        if owner not in (0, os.geteuid()):
            raise ProjectError(
                f"{path}: belongs to {_name(owner)}, and opening a project runs programs in it",
                f"if you trust that user, use --allow-foreign-owner, or {ALLOW_FOREIGN}=1; "
                "or copy the project",
            )


def _name(uid: int) -> str:
    import pwd

    try:
        return f"user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"user {uid}"
