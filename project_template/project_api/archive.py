# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model archives, as a project needs them: read, checked, unpacked.

The host package reads them too (zephyr_counters.archive); this one stands alone, so that a template
works with nothing but Python. Nothing in an archive is trusted.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ArchiveError

FORMAT = 1
RUNTIME = "tvm-ffi"
METADATA = "metadata.json"
MAX_MEMBERS = 64
MAX_BYTES = 256 * 1024 * 1024
_MAKE_ONE = "make one with tvmc compile"
_BYTE = re.compile(rb"0x([0-9a-f]{2})\b")
_NAME = re.compile(r"src/[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_HASH_HEADER = "src/hash.h"
"""Made from the hash of the metadata, which therefore cannot list it."""
_REQUIRED = ("src/kernels.c", "src/plan.c", "src/weights.c", _HASH_HEADER)


@dataclass(frozen=True)
class Archive:
    """An archive in memory."""

    path: Path
    metadata: dict[str, Any]
    files: dict[str, bytes]

    @property
    def model_hash(self) -> str:
        """SHA-256 of metadata.json in hexadecimal; the firmware reports it."""
        return hashlib.sha256(self.files[METADATA]).hexdigest()

    def extract(self, folder: Path) -> None:
        """Write all files under `folder`."""
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def read(path: Path) -> Archive:
    """Read the archive at `path`.

    Raises:
        ArchiveError: missing, truncated, foreign, of another version, or inconsistent.
    """
    try:
        with tarfile.open(path, "r:*") as tar:
            files = _members(path, tar)
    except tarfile.ReadError as error:
        # Its text may be a list of all compressions that this is not.
        reason = "not a tar file" if "\n" in str(error) else str(error)
        raise ArchiveError(f"{path}: not a readable model archive: {reason}", _MAKE_ONE) from error
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArchiveError(f"{path}: not a readable model archive: {reason}", _MAKE_ONE) from error
    metadata = _metadata(path, files)
    archive = Archive(path, metadata, files)
    _check_files(archive)
    return archive


def _members(path: Path, tar: tarfile.TarFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    for info in tar:
        name = info.name.removeprefix("./")
        if info.isdir():
            continue
        if not info.isreg() or info.issparse():
            raise ArchiveError(f"{path}: member {name!r} is not a regular file", _MAKE_ONE)
        if name in files or len(files) >= MAX_MEMBERS:
            raise ArchiveError(f"{path}: member {name!r} is one too many", _MAKE_ONE)
        left -= info.size
        if left < 0:
            raise ArchiveError(f"{path}: holds more than {MAX_BYTES >> 20} MiB", _MAKE_ONE)
        stream = tar.extractfile(info)
        data = stream.read() if stream else b""
        if len(data) != info.size:
            raise ArchiveError(f"{path}: member {name!r} is truncated", _MAKE_ONE)
        files[name] = data
    return files


def _metadata(path: Path, files: dict[str, bytes]) -> dict[str, Any]:
    if METADATA not in files:
        raise ArchiveError(f"{path}: holds no {METADATA}", _MAKE_ONE)
    try:
        metadata = json.load(io.BytesIO(files[METADATA]))
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{path}: {METADATA} is not JSON: {error}", _MAKE_ONE) from error
    if not isinstance(metadata, dict) or "format" not in metadata:
        raise ArchiveError(f"{path}: {METADATA} is not that of a model archive", _MAKE_ONE)
    if metadata["format"] != FORMAT:
        raise ArchiveError(
            f"{path}: archive format {metadata['format']!r}, this version reads {FORMAT}",
            "compile the model again with this version of zephyr-counters",
        )
    if metadata.get("runtime") != RUNTIME:
        raise ArchiveError(f"{path}: made for runtime {metadata.get('runtime')!r}, not {RUNTIME!r}")
    accelerators = metadata.get("accelerators")
    if not isinstance(accelerators, list) or not all(isinstance(a, str) for a in accelerators):
        raise ArchiveError(f"{path}: {METADATA}: 'accelerators' is damaged", _MAKE_ONE)
    return metadata


def _check_files(archive: Archive) -> None:
    path, files, listed = archive.path, archive.files, archive.metadata.get("files")
    if not isinstance(listed, dict):
        raise ArchiveError(f"{path}: {METADATA}: 'files' is missing", _MAKE_ONE)
    for name in sorted(set(files) - {METADATA} | set(listed) | set(_REQUIRED)):
        if not _NAME.match(name):
            raise ArchiveError(f"{path}: member {name!r} has no place in a model archive")
        data = files.get(name)
        if data is None:
            raise ArchiveError(f"{path}: {name} is missing", _MAKE_ONE)
        if name == _HASH_HEADER:
            good = b"".join(_BYTE.findall(data)).decode() == archive.model_hash
        else:
            good = hashlib.sha256(data).hexdigest() == listed.get(name)
        if not good:
            raise ArchiveError(f"{path}: {name} is not the file that {METADATA} describes")
