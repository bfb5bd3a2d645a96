# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model archives: what `tvmc compile` writes and a project is generated from.

A tar file (gzip if its name says so) that holds `metadata.json` and C sources under `src/`. It is
deterministic: the same model gives the same bytes. `ModelArchive.open` trusts nothing in the file.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from zephyr_counters.errors import ArchiveError
from zephyr_counters.formats.model_metadata import (
    FORMAT,
    METADATA,
    RUNTIME,
    Layer,
    Memory,
    Tensor,
    fields,
    parse,
)

__all__ = ["FORMAT", "METADATA", "RUNTIME", "Layer", "Memory", "ModelArchive", "Tensor"]

HASH_HEADER = "src/hash.h"
"""Made from the metadata's hash, so the metadata cannot list its own."""

MAX_MEMBERS = 64
MAX_BYTES = 256 * 1024 * 1024
_NAME = re.compile(r"src/[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_REQUIRED = ("src/kernels.c", "src/plan.c", "src/weights.c", HASH_HEADER)


@dataclass(frozen=True)
class ModelArchive:
    """A compiled model: its metadata and its C sources.

    Args:
        metadata: the bytes of metadata.json, exactly as stored.
        files: every other file, by path in the archive.
    """

    metadata_bytes: bytes
    files: Mapping[str, bytes]
    metadata: Mapping[str, Any] = field(init=False, repr=False)
    layers: tuple[Layer, ...] = field(init=False, repr=False)
    inputs: tuple[Tensor, ...] = field(init=False, repr=False)
    outputs: tuple[Tensor, ...] = field(init=False, repr=False)
    memory: Memory = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parsed = parse(self.metadata_bytes)
        _check_files(parsed, self.files, self.hash)
        for key, value in fields(parsed).items():
            object.__setattr__(self, key, value)

    @property
    def hash(self) -> bytes:
        """SHA-256 of metadata.json; the firmware reports it in `model.info`."""
        return hashlib.sha256(self.metadata_bytes).digest()

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.metadata["name"])

    @property
    def target(self) -> str:
        """What it was compiled for: `c`, or `c,ACCELERATOR`."""
        return str(self.metadata["target"])

    @property
    def kernels(self) -> tuple[str, ...]:
        """Names of the compiled functions; a layer's `kernel` is one of them."""
        return tuple(self.metadata["kernels"])

    @property
    def accelerators(self) -> tuple[str, ...]:
        """Accelerators that some layer needs."""
        return tuple(self.metadata["accelerators"])

    @classmethod
    def create(cls, metadata: Mapping[str, Any], files: Mapping[str, bytes]) -> ModelArchive:
        """Finish an archive: adds the files' hashes to the metadata, and the header of its hash."""
        hashes = {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}
        text = json.dumps({**metadata, "files": hashes}, indent=1, sort_keys=True) + "\n"
        data = text.encode()
        header = hash_header(hashlib.sha256(data).digest())
        return cls(data, {**files, HASH_HEADER: header})

    @classmethod
    def open(cls, path: str | Path) -> ModelArchive:
        """Read and check an archive.

        Raises:
            ArchiveError: it is missing, truncated, foreign, of another version, or inconsistent.
        """
        path = Path(path)
        try:
            data = _read(path)
            members = _members(data)
        except (OSError, EOFError, zlib.error, tarfile.TarError, UnicodeError, ValueError) as error:
            if isinstance(error, ArchiveError):
                raise ArchiveError(f"{path}: {error.what}", error.hint) from error
            raise ArchiveError(
                f"{path}: not a readable model archive: {error}", "make it with tvmc compile"
            ) from error
        metadata = members.pop(METADATA, None)
        if metadata is None:
            raise ArchiveError(f"{path}: holds no {METADATA}", "make it with tvmc compile")
        try:
            return cls(metadata, members)
        except ArchiveError as error:
            raise ArchiveError(f"{path}: {error.what}", error.hint) from error

    def to_bytes(self, compress: bool = False) -> bytes:
        """The archive as a tar file."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for path, data in [(METADATA, self.metadata_bytes), *sorted(self.files.items())]:
                info = tarfile.TarInfo(path)
                info.size = len(data)
                info.mode = 0o644
                tar.addfile(info, io.BytesIO(data))
        data = buffer.getvalue()
        return gzip.compress(data, mtime=0) if compress else data

    def save(self, path: str | Path) -> None:
        """Write it; compressed if the name ends in gz.

        Raises:
            ArchiveError: the file cannot be written.
        """
        path = Path(path)
        try:
            path.write_bytes(self.to_bytes(path.suffix in (".gz", ".tgz")))
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be written: {error.strerror}") from error

    def extract(self, folder: Path) -> None:
        """Write metadata.json and the sources into an existing folder."""
        (folder / "src").mkdir(exist_ok=True)
        for path, data in [(METADATA, self.metadata_bytes), *self.files.items()]:
            (folder / path).write_bytes(data)


def hash_header(digest: bytes) -> bytes:
    """The C header that gives plan.c the model's hash."""
    values = ", ".join(f"0x{byte:02x}" for byte in digest)
    return f"/* SHA-256 of metadata.json. */\n#define ZC_MODEL_HASH {{ {values} }}\n".encode()


def _read(path: Path) -> bytes:
    """The tar's bytes, unpacked if they are gzip, whatever the name says."""
    with path.open("rb") as file:
        magic = file.read(2)
        file.seek(0)
        if magic != b"\x1f\x8b":
            data = file.read(MAX_BYTES + 1)
        else:
            with gzip.GzipFile(fileobj=file) as stream:
                data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ArchiveError(f"larger than {MAX_BYTES >> 20} MiB")
    return data


def _members(data: bytes) -> dict[str, bytes]:
    """Regular files of the tar, by path. Anything else in it is refused."""
    members: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        for info in tar:
            name = info.name
            if not info.isreg() or info.issparse():
                raise ArchiveError(f"member {name!r} is not a regular file")
            if name != METADATA and not _NAME.match(name):
                raise ArchiveError(f"member {name!r} has no place in a model archive")
            if name in members or len(members) >= MAX_MEMBERS:
                raise ArchiveError(f"member {name!r} is one too many")
            stream = tar.extractfile(info)
            content = stream.read() if stream else b""
            if len(content) != info.size:
                raise ArchiveError(f"member {name!r} is truncated")
            members[PurePosixPath(name).as_posix()] = content
    return members


def _check_files(metadata: dict[str, Any], files: Mapping[str, bytes], digest: bytes) -> None:
    listed = metadata.get("files")
    if not isinstance(listed, dict):
        raise ArchiveError(f"{METADATA}: 'files' is missing")
    for path in _REQUIRED:
        if path not in files:
            raise ArchiveError(f"{path} is missing from the archive")
    for path in sorted(set(listed) | set(files)):
        if path == HASH_HEADER:
            good = files[path] == hash_header(digest)
        else:
            data = files.get(path)
            good = data is not None and hashlib.sha256(data).hexdigest() == listed.get(path)
        if not good:
            raise ArchiveError(f"{path} is not the file that {METADATA} describes")
