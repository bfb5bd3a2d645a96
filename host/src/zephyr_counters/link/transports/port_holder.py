# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which other process has a port open, where the system says so (Linux: /proc, own processes)."""

from __future__ import annotations

import os
import time
from pathlib import Path


def port_holder(path: str) -> str | None:
    """Return the process that has the device open: its pid, command and start; None if unknown."""
    device = os.path.realpath(path)
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        try:
            opened = any(str(fd.readlink()) == device for fd in (process / "fd").iterdir())
            if opened:
                words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                since = time.strftime("%H:%M:%S", time.localtime(process.stat().st_mtime))
                command = "".join(c if c.isprintable() else "?" for c in " ".join(words).strip())
                return f"process {process.name} ({command:.200}), since {since}"
        except OSError:
            # It has ended meanwhile, or belongs to another user.
            continue
    return None
