# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The lock of a project: who builds it, or has its board open.

The file `.lock` in the project is locked with flock(), which ends with the process that holds it,
however it ends. Its text only says who that is, a line per holder:

    line = pid TAB since (YYYY-MM-DD HH:MM:SS, local time) TAB command

Without flock() (Windows, some network file systems, a project that cannot be written) there is no
lock.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from zephyr_counters.errors import ProjectError

FILE = ".lock"
_MOST_TEXT = 1 << 16
# A holder that cannot be named has just got the lock, or is about to end.
_NAMELESS_S = 2.0


class ProjectLock:
    """Holds a project until release(), or until the process ends.

    Args:
        folder: the project.
        what: what is refused if another process holds it, for the message.
        holder: pid of the process to name.
        shared: whether others may hold it as well, if they share it too.

    Raises:
        ProjectError: another process holds it; says which, and since when.
    """

    def __init__(self, folder: Path, what: str, holder: int, *, shared: bool = False) -> None:
        self._fd = -1
        try:
            import fcntl

            fd = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        except (ImportError, OSError):
            return
        try:
            end = time.monotonic() + _NAMELESS_S
            while True:
                alone = _locked(fd, fcntl.LOCK_EX)
                if alone or (shared and _locked(fd, fcntl.LOCK_SH)):
                    break
                holders = _holders(fd)
                if holders or time.monotonic() > end:
                    raise ProjectError(
                        f"{folder}: {what} is not possible: {holders or 'another process uses it'}",
                        "wait until it has finished, or end it",
                    )
                time.sleep(0.01)
            if alone:
                os.ftruncate(fd, 0)
            since = time.strftime("%Y-%m-%d %H:%M:%S")
            os.lseek(fd, 0, os.SEEK_END)
            os.write(fd, f"{holder}\t{since}\t{_command(holder)}\n".encode())
            if alone and shared:
                fcntl.flock(fd, fcntl.LOCK_SH)
        except ProjectError:
            os.close(fd)
            raise
        except OSError:
            os.close(fd)
            return
        self._fd = fd

    def __enter__(self) -> ProjectLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let others have it; may be called more than once."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)


def _locked(fd: int, kind: int) -> bool:
    import fcntl

    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holders(fd: int) -> str:
    """Return who holds the lock; empty if no process that runs has written its line.

    A line may be left of a process that was killed.
    """
    text = os.pread(fd, _MOST_TEXT, 0).decode("utf-8", "replace")
    found = []
    for line in text.splitlines():
        number, _, rest = line.partition("\t")
        since, _, command = rest.partition("\t")
        if number.isdecimal() and _runs(int(number)):
            shown = "".join(c if c.isprintable() else "?" for c in f"{command:.200}")
            when = "".join(c for c in f"{since:.19}" if c.isprintable())
            found.append(f"process {number} ({shown or 'unknown'}) uses it since {when}")
    return "; ".join(found[:3])


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _command(pid: int) -> str:
    """Return the command line of a process, empty where the system does not say."""
    words: list[str] = []
    with contextlib.suppress(OSError):
        data = Path(f"/proc/{pid}/cmdline").read_bytes()
        words = data.decode("utf-8", "replace").rstrip("\0").split("\0")
    # The interpreter and the folder of the program say nothing.
    if len(words) > 1 and Path(words[0]).name.startswith("python") and not words[1].startswith("-"):
        words = words[1:]
    words[:1] = [Path(word).name for word in words[:1]]
    return " ".join(" ".join(words).split())[:200]
