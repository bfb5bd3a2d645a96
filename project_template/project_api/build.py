# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Build a project; everything that the tools print goes to build/build.log."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import ServerError
from .process import Child

FOLDER = "build"
LOG = "build.log"
STAMP = "stamp.json"
_STEP = re.compile(r"\[[1-9]\d*/\d+\] ")
_ERROR = re.compile(
    r"(?<!fatal )error: |fatal error: (?!command exited)|undefined reference"
    r"|multiple definition|overflowed by|kconfig\.py: ",
    re.IGNORECASE,
)
_KCONFIG_WARNINGS = "Aborting due to Kconfig warnings"
_SHOWN_ERRORS = 12
_CMAKE_ERROR = "CMake Error"
_NO_BOARD = re.compile(
    r"No board named '([^']*)' found|Board qualifiers `([^`]*)` for board `([^`]*)` not found"
)
_NO_MODULE = re.compile(r"ModuleNotFoundError: No module named '([^']*)'")
_NO_COMPILER = re.compile(r"CMAKE_C_COMPILER|No C compiler|C compiler identification is unknown")


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
            ServerError: with the compiler's errors, and where the whole log is.
        """
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
            self._folder.mkdir(exist_ok=True)
            (self._folder / LOG).write_text("".join(self._lines))

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
            raise self._failed(child, self._lines[first + 1 :])

    def _heard(self, line: str) -> None:
        self._lines.append(line)
        if self._verbose:
            sys.stderr.write(line)
        step = _STEP.match(line)
        if step:
            self._progress(line.rstrip())

    def _failed(self, child: Child, lines: list[str]) -> ServerError:
        text = "".join(lines)
        base = self._commands.environment.get("ZEPHYR_BASE", "Zephyr")
        if board := _NO_BOARD.search(text):
            name = board[1] or f"{board[3]}/{board[2].lstrip('/')}"
            return ServerError(
                f"no board {name!r} in {base}", "use a Zephyr that has it, such as v4.3.0"
            )
        if module := _NO_MODULE.search(text):
            return ServerError(
                f"the Python that Zephyr builds with has no package {module[1]!r}",
                f"pip install -r {base}/scripts/requirements.txt",
            )
        lines = [line.rstrip().replace(f"{self._home}/", "") for line in lines]
        # Zephyr takes warnings of Kconfig for errors.
        also = "warning: " if _KCONFIG_WARNINGS in text else "\0"
        found = []
        in_cmake_error = False
        for line in lines:
            # Its text follows, indented, in paragraphs.
            in_cmake_error = _CMAKE_ERROR in line or (in_cmake_error and line[:2] in ("", "  "))
            if line.strip() and (in_cmake_error or _ERROR.search(line) or line.startswith(also)):
                found.append(line)
        shown = found[:_SHOWN_ERRORS] or lines[-_SHOWN_ERRORS:]
        if len(found) > _SHOWN_ERRORS:
            shown.append(f"... and {len(found) - _SHOWN_ERRORS} more")
        hint = f"the whole output is in {self._folder / LOG}"
        if _NO_COMPILER.search(text):
            hint = "install a C compiler (Debian: apt install gcc), or set CC"
        return ServerError(f"the build failed: {child.ending()}", hint, "\n".join(shown))
