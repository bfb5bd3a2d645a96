# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Files of the user that become part of a project: the option extra_files_tar."""

from __future__ import annotations

from pathlib import Path

from . import tar
from .errors import UsageError

_KIND = tar.Kind("tar file of extra files", "make it with tar -cf", 4096)


def add(path: object, project: Path) -> None:
    """Unpack the tar file at `path` into `project`; nothing if it is None.

    Raises:
        ArchiveError: it cannot be read, or holds more than files and folders.
        UsageError: it would replace one of the project's own files.
    """
    if path is None:
        return
    source = Path(str(path)).expanduser()
    files = tar.read(source, _KIND)
    for name in files:
        tar.check_name(name)
        if (project / name).exists():
            raise UsageError(f"{source}: {name} is a file of the project itself")
    tar.write(files, project, lambda name: True)
