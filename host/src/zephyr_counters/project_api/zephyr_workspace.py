# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Where Zephyr is, looked for as Zephyr itself does, and what works with it."""

from __future__ import annotations

import configparser
import importlib.util
import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from zephyr_counters.errors import ProjectError

_HINT = (
    "set ZEPHYR_BASE, or make a workspace at ~/zephyrproject as Zephyr's Getting Started Guide says"
)
_MODULE = "zephyr/module.yml"
_DEPTHS = ("*", "*/*", "*/*/*", "*/*/*/*")
NO_WEST = "pip install west, or give --project-option west_cmd=COMMAND"


@dataclass(frozen=True)
class Workspace:
    """A Zephyr tree, and the workspace that it may be in."""

    base: Path
    west_cmd: str | None = None
    """How to call west, if the user says so."""

    @property
    def top(self) -> Path:
        """Folder of the west workspace; the parent of the tree if there is none."""
        return _top_of(self.base) or self.base.parent

    def west(self) -> list[str] | None:
        """How to call west: from PATH, the workspace's virtual environment, or this Python's.

        Raises:
            ProjectError: the command that the user gave for west does not exist.
        """
        if self.west_cmd is not None:
            words = shlex.split(self.west_cmd)
            if not words or shutil.which(words[0]) is None:
                raise ProjectError(f"west_cmd {self.west_cmd!r} does not exist", NO_WEST)
            return words
        program = shutil.which("west")
        if program:
            return [program]
        own = self.top / ".venv" / "bin" / "west"
        if os.access(own, os.X_OK):
            return [str(own)]
        return [sys.executable, "-m", "west"] if importlib.util.find_spec("west") else None

    def modules(self) -> list[Path]:
        """Zephyr modules beside the tree, where west puts them; no other list of them exists."""
        markers = (path for depth in _DEPTHS for path in self.top.glob(f"{depth}/{_MODULE}"))
        return sorted(path.parents[1] for path in markers if self.base not in path.parents)


def find(start: Path, zephyr_base: str | None = None, west_cmd: str | None = None) -> Workspace:
    """Return the Zephyr tree to build with.

    In this order: `zephyr_base`; ZEPHYR_BASE; a west workspace around `start` or the working
    directory; CMake's package registry; ~/zephyrproject.

    Args:
        start: the project's folder.
        zephyr_base: the option of that name.
        west_cmd: the option of that name.

    Raises:
        ProjectError: there is none, or it is not where it is said to be.
    """
    return Workspace(_find(start, zephyr_base), west_cmd)


def _find(start: Path, zephyr_base: str | None) -> Path:
    for name, value in (
        ("zephyr_base", zephyr_base),
        ("ZEPHYR_BASE", os.environ.get("ZEPHYR_BASE")),
    ):
        if value:
            folder = Path(value).expanduser()
            if not _is_zephyr(folder):
                raise ProjectError(f"{name} is {value}, which holds no Zephyr", _HINT)
            return folder.resolve()
    for folder in (start, Path.cwd()):
        top = _top_of(folder)
        base = _base_in(top) if top else None
        if base:
            return base
    for base in (*_registered(), _base_in(Path.home() / "zephyrproject")):
        if base:
            return base
    raise ProjectError("no Zephyr workspace found", _HINT)


def _is_zephyr(base: Path) -> bool:
    return (base / "VERSION").is_file() and (base / "cmake" / "modules").is_dir()


def _top_of(folder: Path) -> Path | None:
    for top in (folder, *folder.parents):
        if (top / ".west" / "config").is_file():
            return top
    return None


def _base_in(top: Path) -> Path | None:
    config = configparser.ConfigParser()
    try:
        config.read(top / ".west" / "config")
        name = config.get("zephyr", "base", fallback="zephyr")
    except configparser.Error:
        name = "zephyr"
    base = top / name
    return base.resolve() if _is_zephyr(base) else None


def _registered() -> list[Path]:
    """Trees that `west zephyr-export` registered: each entry names share/zephyr-package/cmake."""
    found = []
    for entry in sorted((Path.home() / ".cmake" / "packages" / "Zephyr").glob("*")):
        try:
            base = Path(entry.read_text().strip()).resolve().parents[2]
        except (OSError, IndexError, UnicodeDecodeError):
            continue
        if _is_zephyr(base):
            found.append(base)
    return found
