# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Files of the user that become part of a project: the option extra_files_tar."""

from __future__ import annotations

from pathlib import Path

from zephyr_counters.errors import UsageError
from zephyr_counters.formats import tar

WHY_ABSOLUTE = "give an absolute path: a server of the Project API runs in its template's folder"
_KIND = tar.Kind("tar file of extra files", "make it with tar -cf", 4096)


def add(path: object, project: Path) -> None:
    """Unpack the tar file at `path` into `project`; nothing if it is None.

    Raises:
        ArchiveError: it cannot be read, or holds more than files and folders.
        UsageError: the path is relative, or a file would replace one of the project's own.
    """
    if path is None:
        return
    source = Path(str(path)).expanduser()
    if not source.is_absolute():
        raise UsageError(f"project option 'extra_files_tar': {path} is relative", WHY_ABSOLUTE)
    files = tar.read(source, _KIND)
    for name in files:
        tar.check_name(name)
        if (project / name).exists():
            raise UsageError(f"{source}: {name} is a file of the project itself")
    tar.write(files, project, lambda name: True)
