# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Write a file so that it is there as a whole, or as it was before."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Write a file; an existing one is replaced in the last step.

    A device or a pipe is written to directly, and a symbolic link stays one.

    Raises:
        OSError: it cannot be written; `filename` is `path`.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        new = target.with_name(f".{target.name[:200]}.{os.getpid()}.new")
        try:
            with new.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                new.chmod(target.stat().st_mode & 0o777)
            new.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                new.unlink()
            raise
    except OSError as error:
        # An error of write() or fsync() has no name, and one of open() has that of the new file.
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
