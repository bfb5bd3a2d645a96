# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Where Zephyr is, looked for as Zephyr itself does, and what works with it."""

from __future__ import annotations

import configparser
import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from .errors import ServerError

VERSION = "4.3"
_HINT = (
    "set ZEPHYR_BASE, or make a workspace at ~/zephyrproject as Zephyr's Getting Started Guide says"
)


@dataclass(frozen=True)
class Workspace:
    """A Zephyr tree, and the workspace that it may be in."""

    base: Path
    found_by: str

    @property
    def top(self) -> Path:
        """Folder of the west workspace; the parent of the tree if there is none."""
        return _top_of(self.base) or self.base.parent

    def west(self) -> list[str] | None:
        """How to call west: from PATH, the workspace's virtual environment, or this Python's."""
        program = shutil.which("west")
        if program:
            return [program]
        own = self.top / ".venv" / "bin" / "west"
        if os.access(own, os.X_OK):
            return [str(own)]
        return [sys.executable, "-m", "west"] if importlib.util.find_spec("west") else None


def find(start: Path) -> Workspace:
    """The Zephyr tree to build with.

    In this order: ZEPHYR_BASE; a west workspace around `start` or the working directory; CMake's
    package registry; ~/zephyrproject.

    Raises:
        ServerError: there is none, or ZEPHYR_BASE is wrong.
    """
    named = os.environ.get("ZEPHYR_BASE")
    if named:
        if not _is_zephyr(Path(named)):
            raise ServerError(f"ZEPHYR_BASE is {named}, where no Zephyr is", _HINT)
        return Workspace(Path(named).resolve(), "ZEPHYR_BASE")
    for folder in (start, Path.cwd()):
        top = _top_of(folder)
        base = _base_in(top) if top else None
        if base:
            return Workspace(base, "the west workspace around it")
    for base in _registered():
        return Workspace(base, "CMake's package registry")
    base = _base_in(Path.home() / "zephyrproject")
    if base:
        return Workspace(base, "~/zephyrproject")
    raise ServerError("no Zephyr workspace found", _HINT)


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
