# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Read a tar file into memory, and write files from it. Nothing in it is trusted."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from zephyr_counters.errors import ArchiveError

MAX_BYTES = 256 * 1024 * 1024
"""Most bytes of a tar file, unpacked."""

_SAFE_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.+-]*/)*[A-Za-z0-9_][A-Za-z0-9_.+-]*\Z")
_COMPRESSIONS: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZ": bz2.open,
    b"\xfd7": lzma.open,
}
"""By the first two bytes of a file, whatever its name says."""


@dataclass(frozen=True)
class Kind:
    """A kind of tar file.

    Attributes:
        noun: what it is called in messages.
        hint: where to get a good one.
        max_members: how many files and folders it may hold.
        folders: whether it may hold folders, which are passed over.
    """

    noun: str
    hint: str
    max_members: int
    folders: bool = True


def read(path: Path, kind: Kind) -> dict[str, bytes]:
    """Return the regular files in `path`, by name without a leading ./.

    Raises:
        ArchiveError: missing, truncated, too large, or it holds something that `kind` does not.
    """
    try:
        data = _unpacked(path, kind)
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            return _members(path, tar, kind)
    except ArchiveError:
        raise
    except tarfile.ReadError as error:
        reason = "not a tar file" if "\n" in str(error) else str(error)
        raise ArchiveError(f"{path}: not a readable {kind.noun}: {reason}", kind.hint) from error
    except (
        *(OSError, EOFError, ValueError, OverflowError),
        *(tarfile.TarError, zlib.error, lzma.LZMAError),
    ) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArchiveError(f"{path}: not a readable {kind.noun}: {reason}", kind.hint) from error


def write(files: Mapping[str, bytes], folder: Path, wanted: Callable[[str], bool]) -> None:
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


def check_name(name: str) -> None:
    """Raise ArchiveError if `name` is not one for a file within a folder."""
    if not _SAFE_NAME.match(name):
        raise ArchiveError(f"member {name!r:.100} has a name that cannot be written")


def _unpacked(path: Path, kind: Kind) -> bytes:
    with path.open("rb") as file:
        unpack = _COMPRESSIONS.get(file.read(2))
        file.seek(0)
        # One byte more than allowed shows that there is more, without unpacking all of it.
        data: bytes = (file if unpack is None else unpack(file)).read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large(path, kind)
    return data


def _too_large(path: Path, kind: Kind) -> ArchiveError:
    return ArchiveError(f"{path}: holds more than {MAX_BYTES >> 20} MiB", kind.hint)


def _members(path: Path, tar: tarfile.TarFile, kind: Kind) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for number, info in enumerate(tar, 1):
        name = info.name.removeprefix("./")
        if number > kind.max_members:
            raise ArchiveError(f"{path}: holds more than {kind.max_members} members", kind.hint)
        if info.isdir() and kind.folders:
            continue
        if not info.isreg() or info.issparse():
            raise ArchiveError(f"{path}: member {name!r:.100} is not a regular file", kind.hint)
        if name in files:
            raise ArchiveError(f"{path}: duplicate member {name!r:.100}", kind.hint)
        if info.size > MAX_BYTES:
            raise _too_large(path, kind)
        stream = tar.extractfile(info)
        data = stream.read() if stream else b""
        if len(data) != info.size:
            raise ArchiveError(f"{path}: member {name!r:.100} is truncated", kind.hint)
        files[name] = data
    return files
