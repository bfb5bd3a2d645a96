# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Build a project; everything that the tools print goes to build/build.log."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zephyr_counters.errors import ProjectError
from zephyr_counters.formats.project import FILE
from zephyr_counters.processes import Child
from zephyr_counters.project_api import build_errors

FOLDER = "build"
LOG = "build.log"
STAMP = "stamp.json"
_UNUSABLE = frozenset(';|*?[]"\\')
_STEP = re.compile(r"\[[1-9]\d*/\d+\] ")


def check_path(project: Path) -> None:
    """Check that a project can be built where it is: CMake separates lists with semicolons.

    Raises:
        ProjectError: its path has a character that CMake or Ninja cannot quote.
    """
    for character in str(project):
        if character in _UNUSABLE or not character.isprintable():
            raise ProjectError(
                f"{str(project)!r}: CMake cannot build in a path with {character!r}",
                "choose another folder",
            )


@dataclass(frozen=True)
class Commands:
    """Two commands: one that configures a build folder once, and one that builds what changed."""

    configure: list[str]
    compile: list[str]
    verbose: list[str]
    """Words that make `compile` show the compiler's commands."""
    environment: dict[str, str] = field(default_factory=dict)


class Builder:
    """Builds the project in `home`.

    Args:
        home: the project's folder.
        commands: what builds it.
        check: called now and then while something runs; what it raises ends the build.
        progress: called with one line for each step that begins.
        verbose: show the compiler's commands, and all output on stderr.
    """

    def __init__(
        self,
        home: Path,
        commands: Commands,
        check: Callable[[], None],
        progress: Callable[[str], None],
        verbose: bool = False,
    ) -> None:
        self._home = home
        self._folder = home / FOLDER
        self._commands = commands
        self._check = check
        self._progress = progress
        self._verbose = verbose
        self._lines: list[str] = []

    def build(self) -> None:
        """Build what has changed.

        Raises:
            ProjectError: with the compiler's errors, and where the whole log is.
        """
        check_path(self._home)
        commands = self._commands
        stamp = {
            "project": str(self._home),
            "configure": commands.configure,
            "environment": {k: v for k, v in commands.environment.items() if k != "PATH"},
        }
        configured = self._prepare(stamp)
        try:
            if not configured:
                self._progress("configuring")
                self._run(commands.configure)
                (self._folder / STAMP).write_text(json.dumps(stamp))
            self._run([*commands.compile, *(commands.verbose if self._verbose else [])])
        finally:
            self._check_moved()
            self._folder.mkdir(exist_ok=True)
            (self._folder / LOG).write_text("".join(self._lines))

    def _check_moved(self) -> None:
        if (self._home / FILE).is_file():
            return
        # CMake makes the folders anew that it writes to.
        shutil.rmtree(self._folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self._home.rmdir()
        raise ProjectError(
            f"{self._home}: was moved or removed while it was built",
            "build it again where it is now",
        )

    def _prepare(self, stamp: dict[str, Any]) -> bool:
        """Whether the build folder is configured; one made elsewhere or otherwise is removed."""
        try:
            if json.loads((self._folder / STAMP).read_text()) == stamp:
                return True
        except (OSError, ValueError):
            pass
        if self._folder.exists():
            shutil.rmtree(self._folder)
        return False

    def _run(self, argv: Sequence[str]) -> None:
        first = len(self._lines)
        self._lines.append(f"$ {' '.join(argv)}\n")
        environment = {**self._commands.environment, "NINJA_STATUS": "[%f/%t] "}
        child = Child(argv, self._home, self._heard, environment)
        try:
            code = child.wait(self._check)
        finally:
            child.stop()
        if code:
            raise build_errors.explained(
                child.ending(),
                "".join(self._lines[first + 1 :]).replace(f"{self._home}/", ""),
                self._folder / LOG,
                self._commands.environment.get("ZEPHYR_BASE", "Zephyr"),
            )

    def _heard(self, line: str) -> None:
        self._lines.append(line)
        if self._verbose:
            sys.stderr.write(line)
        step = _STEP.match(line)
        if step:
            self._progress(line.rstrip())
