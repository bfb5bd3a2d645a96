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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zephyr_counters.project_api import library_format, tar
from zephyr_counters.project_api.errors import ArchiveError
from zephyr_counters.project_api.options import Value

FORMAT = 1
RUNTIME = "tvm-ffi"
METADATA = "metadata.json"
_MAKE_ONE = "make one with tvmc compile"
_BYTE = re.compile(rb"0x([0-9a-f]{2})\b")
_KIND = tar.Kind("model archive", _MAKE_ONE, library_format.MAX_MEMBERS)
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

    runtime = RUNTIME
    config: dict[str, Value] = field(default_factory=dict)

    @property
    def model_hash(self) -> str:
        """SHA-256 of metadata.json in hexadecimal; the firmware reports it."""
        return hashlib.sha256(self.files[METADATA]).hexdigest()

    @property
    def accelerators(self) -> list[str]:
        """Names of the accelerators that the model runs on."""
        return list(self.metadata["accelerators"])

    def describe(self) -> dict[str, Any]:
        """What a project says of its archive."""
        keys = ("format", "generator", "runtime", "tvm")
        return {
            "model": self.metadata.get("name"),
            "model_hash": self.model_hash,
            **{key: self.metadata.get(key) for key in keys},
        }

    def extract(self, folder: Path) -> None:
        """Write all files under `folder`."""
        tar.write(self.files, folder, lambda name: True)


def read(path: Path) -> Archive | library_format.Library:
    """Read the archive at `path`: ours, or TVM 0.18's.

    Raises:
        ArchiveError: missing, truncated, foreign, of another version, or inconsistent.
    """
    files = tar.read(path, _KIND)
    metadata = _metadata(path, files)
    if library_format.is_one(metadata):
        return library_format.Library.of(path, metadata, files)
    _check_metadata(path, metadata)
    archive = Archive(path, metadata, files)
    _check_files(archive)
    return archive


def _metadata(path: Path, files: dict[str, bytes]) -> dict[str, Any]:
    if METADATA not in files:
        raise ArchiveError(f"{path}: holds no {METADATA}", _MAKE_ONE)
    try:
        metadata = json.load(io.BytesIO(files[METADATA]))
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{path}: {METADATA} is not JSON: {error}", _MAKE_ONE) from error
    if not isinstance(metadata, dict):
        raise ArchiveError(f"{path}: {METADATA} is not that of a model archive", _MAKE_ONE)
    return metadata


def _check_metadata(path: Path, metadata: dict[str, Any]) -> None:
    if "format" not in metadata:
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
