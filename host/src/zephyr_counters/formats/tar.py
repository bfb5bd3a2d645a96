# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Read a tar file into memory, and write files from it. Nothing in it is trusted.

The file is unpacked as it is read, so only its regular files are in memory. A limit on the size of
a member's headers (long names of GNU tar, records of pax, maps of sparse files) holds before
Python's tarfile parses them: it needs gigabytes and minutes for large ones.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from zephyr_counters.errors import ArchiveError

MAX_BYTES = 128 * 1024 * 1024
"""Most bytes of a tar file, unpacked."""

MAX_HEADER_BYTES = 16 * 1024
"""Most bytes of the headers of one member; a path of Linux has at most 4,096."""

_MAX_GLOBAL = 64
"""Most records of pax that apply to all members; git writes one."""

_CHUNK = 1 << 20
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
        with path.open("rb") as file:
            unpack = _COMPRESSIONS.get(file.read(2))
            file.seek(0)
            with _Bounded(file if unpack is None else unpack(file)) as stream:
                return _members(path, stream, kind)
    except _TooLarge:
        raise ArchiveError(f"{path}: holds more than {MAX_BYTES >> 20} MiB", kind.hint) from None
    except _HeaderTooLarge:
        raise ArchiveError(
            f"{path}: the headers of a member are larger than {MAX_HEADER_BYTES >> 10} KiB",
            kind.hint,
        ) from None
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


class _TooLarge(Exception):
    """The file holds more than MAX_BYTES. No ValueError: tarfile catches these."""


class _HeaderTooLarge(Exception):
    """The headers of a member have more than MAX_HEADER_BYTES."""


class _Bounded:
    """The unpacked file, as far as tarfile needs it.

    Attributes:
        header_left: bytes that may still be read for the headers of this member.
    """

    name = None

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.header_left = MAX_HEADER_BYTES

    def __enter__(self) -> _Bounded:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, size: int) -> bytes:
        """Read for a header."""
        self.header_left -= size
        if self.header_left < 0:
            raise _HeaderTooLarge
        return self.content(size)

    def content(self, size: int) -> bytes:
        """Read the content of a member."""
        # One byte more than allowed shows that there is more, without unpacking all of it.
        at = self.tell()
        data: bytes = self._stream.read(min(size, MAX_BYTES + 1 - at))
        if at + len(data) > MAX_BYTES:
            raise _TooLarge
        return data

    def seek(self, position: int) -> int:
        """Go to a position, which unpacks all before it."""
        if position > MAX_BYTES:
            raise _TooLarge
        return int(self._stream.seek(position))

    def tell(self) -> int:
        """Return the position."""
        return int(self._stream.tell())


def _members(path: Path, stream: _Bounded, kind: Kind) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    # It reads the first header here.
    tar = tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r:")  # noqa: SIM115, owns nothing
    number = 0
    while (info := tar.next()) is not None:
        number += 1
        # What is read of a member is its content, and tarfile keeps all that it has seen.
        stream.header_left = MAX_HEADER_BYTES
        cast("Any", tar).members.clear()
        name = info.name.removeprefix("./")
        if number > kind.max_members:
            raise ArchiveError(f"{path}: holds more than {kind.max_members} members", kind.hint)
        if info.size > MAX_BYTES:
            raise _TooLarge
        if len(tar.pax_headers) > _MAX_GLOBAL:
            raise _HeaderTooLarge
        if info.isdir() and kind.folders:
            continue
        if not info.isreg() or info.issparse():
            raise ArchiveError(f"{path}: member {name!r:.100} is not a regular file", kind.hint)
        if name in files:
            raise ArchiveError(f"{path}: duplicate member {name!r:.100}", kind.hint)
        stream.seek(info.offset_data)
        data = stream.content(info.size)
        if len(data) != info.size:
            raise ArchiveError(f"{path}: member {name!r:.100} is truncated", kind.hint)
        files[name] = data
    # The checksum of what is compressed comes at its end.
    while stream.content(_CHUNK):
        pass
    return files
