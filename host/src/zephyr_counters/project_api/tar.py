# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Read a tar file into memory. Nothing in it is trusted."""

from __future__ import annotations

import re
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zephyr_counters.project_api.errors import ArchiveError

MAX_BYTES = 256 * 1024 * 1024
_SAFE_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.+-]*/)*[A-Za-z0-9_][A-Za-z0-9_.+-]*\Z")


@dataclass(frozen=True)
class Kind:
    """What a tar file is called in messages, where to get a good one, and how many members fit."""

    noun: str
    hint: str
    max_members: int


def read(path: Path, kind: Kind) -> dict[str, bytes]:
    """The regular files in `path`, by name without a leading ./

    Raises:
        ArchiveError: missing, truncated, too large, or it holds more than files and folders.
    """
    try:
        with tarfile.open(path, "r:*") as tar:
            return _members(path, tar, kind)
    except tarfile.ReadError as error:
        # Its text may be a list of all compressions that this is not.
        reason = "not a tar file" if "\n" in str(error) else str(error)
        raise ArchiveError(f"{path}: not a readable {kind.noun}: {reason}", kind.hint) from error
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArchiveError(f"{path}: not a readable {kind.noun}: {reason}", kind.hint) from error


def check_name(name: str) -> None:
    """Raise ArchiveError if `name` is not one for a file within a folder."""
    if not _SAFE_NAME.match(name):
        raise ArchiveError(f"member {name!r:.100} has a name that cannot be written")


def write(files: dict[str, bytes], folder: Path, wanted: Callable[[str], bool]) -> None:
    """Write the files whose names are `wanted` under `folder`.

    Raises:
        ArchiveError: a name is not one for a file in that folder.
    """
    for name, data in files.items():
        if not wanted(name):
            continue
        check_name(name)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _members(path: Path, tar: tarfile.TarFile, kind: Kind) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    for info in tar:
        name = info.name.removeprefix("./")
        if info.isdir():
            continue
        if not info.isreg() or info.issparse():
            raise ArchiveError(f"{path}: member {name!r} is not a regular file", kind.hint)
        if name in files or len(files) >= kind.max_members:
            raise ArchiveError(f"{path}: member {name!r} is one too many", kind.hint)
        left -= info.size
        if left < 0:
            raise ArchiveError(f"{path}: holds more than {MAX_BYTES >> 20} MiB", kind.hint)
        stream = tar.extractfile(info)
        data = stream.read() if stream else b""
        if len(data) != info.size:
            raise ArchiveError(f"{path}: member {name!r} is truncated", kind.hint)
        files[name] = data
    return files
