# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Child processes that do not outlive this one. Standard library only.

A child is asked to end before it is forced to: by the end of its input, by SIGTERM, by SIGKILL.
"""

from __future__ import annotations

import collections
import contextlib
import ctypes
import errno
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from zephyr_counters.errors import ProjectError

_PR_SET_PDEATHSIG = 1
_KEPT_LINES = 50
_GRACE_SEC = 2.0
_SETTLE_SEC = 0.5


def end(process: subprocess.Popen[Any], grace: float, *, group: bool = False) -> None:
    """End a process whose input has been closed, and reap it.

    Args:
        process: the process.
        grace: seconds that it is given to heed the end of its input, and again for SIGTERM.
        group: whether it leads a process group, all of which is ended.
    """
    send = _kill_group if group else _kill
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if number is not None:
            send(process, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
            break
    if group:
        # Children that it left running.
        _kill_group(process, signal.SIGKILL)


def in_words(code: int) -> str:
    """How a process with that `Popen.returncode` ended."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


class Child:
    """A program in a process group of its own; stdin is a pipe, stdout and stderr are read.

    Args:
        argv: program and arguments.
        folder: its working directory.
        on_line: called with each line of its output, from another thread.
        environment: variables to add.

    Raises:
        ProjectError: it cannot be started.
    """

    def __init__(
        self,
        argv: Sequence[str],
        folder: Path,
        on_line: Callable[[str], None] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = Path(argv[0]).name
        self._on_line = on_line
        self._tail: collections.deque[str] = collections.deque(maxlen=_KEPT_LINES)
        try:
            self._process = subprocess.Popen(
                argv,
                cwd=folder,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                preexec_fn=_die_with_parent(),
            )
        except OSError as error:
            hint = "install it, or add its folder to PATH" if error.errno == errno.ENOENT else None
            raise ProjectError(f"{argv[0]}: cannot be started: {error.strerror}", hint) from error
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> list[str]:
        """The last lines it printed."""
        return list(self._tail)

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative if a signal ended it."""
        return self._process.poll()

    def ending(self) -> str:
        """How it ended, in words."""
        code = self.exit_code
        if code is None:
            return f"{self.name} runs"
        return f"{self.name} {'ended with' if code >= 0 else 'was ended by'} {in_words(code)}"

    def settled(self) -> bool:
        """Whether it has ended; waits a moment for that, and for the last lines it prints."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_SETTLE_SEC)
            self._reader.join(_SETTLE_SEC)
            return True
        return False

    def wait(self, check: Callable[[], None], until: float | None = None) -> int | None:
        """Wait for its end; its exit code, or None at the time `until` (time.monotonic()).

        Args:
            check: called now and then; what it raises ends the wait.
            until: the latest time; None waits as long as it takes.
        """
        while True:
            check()
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(0.05)
                # What it printed last may still be on its way; a grandchild may hold the pipe.
                self._reader.join(_GRACE_SEC)
                return code
            if until is not None and time.monotonic() >= until:
                return None

    def stop(self) -> None:
        """End it and its children."""
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        end(self._process, _GRACE_SEC / 4, group=True)
        self._process.wait(_GRACE_SEC)
        self._reader.join(_GRACE_SEC)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._tail.append(line.rstrip("\n"))
            if self._on_line:
                self._on_line(line)


class LineWaiter:
    """Waits for the first line that matches a pattern; an `on_line` of Child."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)
        self._found = threading.Event()
        self._text = ""

    def __call__(self, line: str) -> None:
        """Look at a line."""
        match = None if self._found.is_set() else self._pattern.search(line)
        if match:
            self._text = match[1] or ""
            self._found.set()

    def wait(self, seconds: float) -> str | None:
        """Group 1 of the match, or None if there is none in that time."""
        return self._text if self._found.wait(seconds) else None


def _kill(process: subprocess.Popen[Any], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _kill_group(process: subprocess.Popen[Any], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux, what makes a child end with us even if we are killed and it hangs."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)

    return ask_kernel
