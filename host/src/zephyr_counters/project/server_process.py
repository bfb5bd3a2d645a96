# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The process of a Project API server: two pipes, and its stderr."""

from __future__ import annotations

import collections
import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from zephyr_counters import processes
from zephyr_counters.errors import ProjectError
from zephyr_counters.formats.search_path import SEARCH_PATHS
from zephyr_counters.project import trust

SERVER_FILE = "microtvm_api_server.py"
_PROGRESS = "progress: "
_GRACE_SEC = 5.0
_KEPT_LINES = 20


class ServerProcess:
    """A running microtvm_api_server.py.

    It has a session of its own: Ctrl-C ends us, and our end ends it.

    Args:
        folder: template or project.

    Raises:
        ProjectError: there is no server in it, it belongs to another user, or it cannot be
            started.
    """

    def __init__(self, folder: Path) -> None:
        script = folder / SERVER_FILE
        if not script.is_file():
            raise ProjectError(f"{folder}: no {SERVER_FILE} in it", "is it a project's folder?")
        trust.check_owner(folder, script)
        self.on_progress: Callable[[str], None] | None = None
        self._lines: collections.deque[str] = collections.deque(maxlen=_KEPT_LINES)
        request_read, self._write_fd = os.pipe()
        self._read_fd, reply_write = os.pipe()
        arguments = ["--read-fd", str(request_read), "--write-fd", str(reply_write)]
        try:
            self._process = subprocess.Popen(
                [sys.executable, str(script), *arguments, "--progress"],
                cwd=folder,
                env={**trust.environment(os.environ), **_search_paths()},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                pass_fds=(request_read, reply_write),
                start_new_session=True,
            )
        except OSError as error:
            os.close(self._write_fd)
            os.close(self._read_fd)
            raise ProjectError(f"{script}: cannot be started: {error.strerror}") from error
        finally:
            os.close(request_read)
            os.close(reply_write)
        os.set_blocking(self._write_fd, False)
        self._buffer = bytearray()
        self._reader = threading.Thread(target=self._read_stderr, daemon=True)
        self._reader.start()

    @property
    def said(self) -> list[str]:
        """Its last lines on stderr, without progress."""
        return list(self._lines)

    def write_line(self, line: bytes, end: float) -> None:
        """Send a line.

        Args:
            line: without its end.
            end: latest time, of time.monotonic().

        Raises:
            BrokenPipeError: it has ended.
            TimeoutError: it does not read.
        """
        rest = memoryview(line + b"\n")
        while rest:
            try:
                rest = rest[os.write(self._write_fd, rest) :]
            except BlockingIOError:
                self._wait(self._write_fd, select.POLLOUT, end)

    def read_line(self, end: float) -> bytes:
        """Return the next line, without its end.

        Args:
            end: latest time, of time.monotonic().

        Raises:
            EOFError: it has ended.
            TimeoutError: nothing came.
        """
        searched = 0
        while True:
            newline = self._buffer.find(b"\n", searched)
            if newline >= 0:
                line = bytes(self._buffer[:newline])
                del self._buffer[: newline + 1]
                return line
            searched = len(self._buffer)
            self._wait(self._read_fd, select.POLLIN, end)
            data = os.read(self._read_fd, 65536)
            if not data:
                raise EOFError
            self._buffer += data

    def close(self) -> None:
        """End it, which ends its children; may be called more than once."""
        for fd in (self._write_fd, self._read_fd):
            if fd >= 0:
                with contextlib.suppress(OSError):
                    os.close(fd)
        self._write_fd = self._read_fd = -1
        processes.end(self._process, _GRACE_SEC)
        self._reader.join(_GRACE_SEC)
        if self._process.stderr and not self._reader.is_alive():
            self._process.stderr.close()

    def ending(self) -> str:
        """How it ended, in words; waits a moment for it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(_GRACE_SEC)
            self._reader.join(_GRACE_SEC)
            return processes.in_words(code)
        return "closed its pipe"

    @staticmethod
    def _wait(fd: int, event: int, end: float) -> None:
        poll = select.poll()
        poll.register(fd, event)
        if not poll.poll(max(0.0, end - time.monotonic()) * 1000):
            raise TimeoutError

    def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            text = line.rstrip("\n")
            if not text.startswith(_PROGRESS):
                self._lines.append(text)
            if self.on_progress:
                self.on_progress(text.removeprefix(_PROGRESS))


def _search_paths() -> dict[str, str]:
    """Hands the search paths to the server, which may not see what is installed here.

    Without the folder that comes with this package: the server takes the one beside it.
    """
    return {
        kind.environment: os.pathsep.join(
            map(str, [*kind.from_packages(), *kind.from_environment()])
        )
        for kind in SEARCH_PATHS
    }
