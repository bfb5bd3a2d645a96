# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which other process uses a port, where the system says so (Linux: /proc)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def port_holder(path: str) -> str | None:
    """Return the process that uses a device: its pid, command and start; None if unknown."""
    with suppress(OSError):
        for pid in (*_locking(path), *_opening(path)):
            process = _PROC / str(pid)
            with suppress(OSError):
                words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                since = time.strftime("%H:%M:%S", time.localtime(process.stat().st_mtime))
                command = "".join(c if c.isprintable() else "?" for c in " ".join(words).strip())
                return f"process {pid} ({command:.200}), since {since}"
    return None


def _locking(path: str) -> Iterator[int]:
    """Yield who holds an flock(). A line of /proc/locks: ... WRITE pid major:minor:inode ..."""
    status = Path(path).stat()
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    for line in (_PROC / "locks").read_text().splitlines():
        words = line.split()
        if device in words and words[4].isdecimal():
            yield int(words[4])


def _opening(path: str) -> Iterator[int]:
    """Yield who has it open, of this user's processes."""
    device = Path(path).resolve()
    for process in _PROC.glob("[0-9]*"):
        with suppress(OSError):
            if any(fd.readlink() == device for fd in (process / "fd").iterdir()):
                yield int(process.name)
