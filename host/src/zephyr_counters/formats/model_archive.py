# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model archives: what `tvmc compile` writes and a project is generated from.

A tar file (compressed with gzip if its name says so) that holds `metadata.json` and C sources under
`src/`. It is deterministic: the same model gives the same bytes. `ModelArchive.open` trusts nothing
in the file.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from zephyr_counters.errors import ArchiveError
from zephyr_counters.formats import tar
from zephyr_counters.formats.model_metadata import (
    FORMAT,
    MAKE_ONE,
    METADATA,
    RUNTIME,
    Layer,
    LayerCandidate,
    Memory,
    Peak,
    Tensor,
    fields,
    parse,
)

__all__ = [
    "FORMAT",
    "METADATA",
    "RUNTIME",
    "Layer",
    "LayerCandidate",
    "Memory",
    "ModelArchive",
    "Peak",
    "Tensor",
]

HASH_HEADER = "src/hash.h"
"""Made from the metadata's hash, so the metadata cannot list its own."""

_KIND = tar.Kind("model archive", MAKE_ONE, max_members=128, folders=False)
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
    peak: Peak | None = field(init=False, repr=False)
    """None in an archive of an earlier version."""

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
    def runtime(self) -> str:
        """The runtime that it is for."""
        return RUNTIME

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
        files = tar.read(path, _KIND)
        try:
            for name in files:
                if name != METADATA and not _NAME.match(name):
                    raise ArchiveError(f"member {name!r:.100} has no place in a model archive")
            if METADATA not in files:
                raise ArchiveError(f"holds no {METADATA}", MAKE_ONE)
            return cls(files.pop(METADATA), files)
        except ArchiveError as error:
            raise ArchiveError(f"{path}: {error.what}", error.hint) from error

    def to_bytes(self, compress: bool = False) -> bytes:
        """Return the archive as a tar file."""
        buffer = io.BytesIO()
        self._write(buffer, compress)
        return buffer.getvalue()

    def save(self, path: str | Path) -> None:
        """Write it; compressed if the name ends in gz.

        Raises:
            ArchiveError: the file cannot be written.
        """
        path = Path(path)
        try:
            with path.open("wb") as file:
                self._write(file, path.suffix in (".gz", ".tgz"))
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be written: {error.strerror}") from error

    def _write(self, file: IO[bytes], compress: bool) -> None:
        with contextlib.ExitStack() as stack:
            if compress:
                zipped = gzip.GzipFile("", "wb", fileobj=file, mtime=0)
                file = cast("IO[bytes]", stack.enter_context(zipped))
            out = stack.enter_context(
                tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT)
            )
            for path, data in [(METADATA, self.metadata_bytes), *sorted(self.files.items())]:
                info = tarfile.TarInfo(path)
                info.size = len(data)
                info.mode = 0o644
                out.addfile(info, io.BytesIO(data))

    def extract(self, folder: Path) -> None:
        """Write metadata.json and the sources under `folder`."""
        tar.write({METADATA: self.metadata_bytes, **self.files}, folder, lambda name: True)

    def describe(self) -> dict[str, Any]:
        """Return what a project says of its archive, in project.json."""
        keys = ("format", "generator", "runtime", "tvm")
        return {
            "model": self.name,
            "model_hash": self.hash.hex(),
            **{key: self.metadata.get(key) for key in keys},
        }


def hash_header(digest: bytes) -> bytes:
    """Return the C header that gives plan.c the model's hash."""
    values = ", ".join(f"0x{byte:02x}" for byte in digest)
    return f"/* SHA-256 of metadata.json. */\n#define ZC_MODEL_HASH {{ {values} }}\n".encode()


def _check_files(metadata: dict[str, Any], files: Mapping[str, bytes], digest: bytes) -> None:
    listed = metadata.get("files")
    if not isinstance(listed, dict):
        raise ArchiveError(f"{METADATA}: 'files' is missing")
    for path in sorted({*listed, *files, *_REQUIRED}):
        data = files.get(path)
        if data is None:
            raise ArchiveError(f"{path} is missing from the archive", MAKE_ONE)
        if path == HASH_HEADER:
            good = data == hash_header(digest)
        else:
            good = hashlib.sha256(data).hexdigest() == listed.get(path)
        if not good:
            raise ArchiveError(f"{path} is not the file that {METADATA} describes")
