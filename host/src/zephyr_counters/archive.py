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
import math
import re
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from zephyr_counters.errors import ArchiveError

FORMAT = 1
RUNTIME = "tvm-ffi"
METADATA = "metadata.json"
HASH_HEADER = "src/hash.h"
"""Made from the metadata's hash, so the metadata cannot list its own."""

MAX_MEMBERS = 64
MAX_BYTES = 256 * 1024 * 1024
_NAME = re.compile(r"src/[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_REQUIRED = ("src/kernels.c", "src/plan.c", "src/weights.c", HASH_HEADER)


@dataclass(frozen=True)
class Tensor:
    """A tensor as a layer sees it; `constant` ones are in flash."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    constant: bool = False

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return math.prod(self.shape) * max(1, int(re.sub(r"\D", "", self.dtype) or "8") // 8)


@dataclass(frozen=True)
class Layer:
    """One step of the model: a kernel, and the graph operators it came from."""

    index: int
    name: str
    kernel: str
    ops: tuple[str, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    macs: int
    bytes_read: int
    bytes_written: int
    accelerator: str | None


@dataclass(frozen=True)
class Memory:
    """Bytes that the model needs: RAM for activations and workspace, flash for constants.

    `stack` bounds the arrays that any one kernel keeps on the C stack; `unplanned` is what the
    activations would need if no two shared memory.
    """

    activations: int
    workspace: int
    constants: int
    stack: int = 0
    unplanned: int = 0


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
        parsed = _parse(self.metadata_bytes)
        _check_files(parsed, self.files, self.hash)
        for key, value in _fields(parsed).items():
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


def _parse(data: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{METADATA} is not JSON: {error}") from error
    if not isinstance(parsed, dict) or "format" not in parsed:
        raise ArchiveError(f"{METADATA} is not a model's", "make it with tvmc compile")
    if parsed["format"] != FORMAT:
        raise ArchiveError(
            f"archive format {parsed['format']!r}, this version reads {FORMAT}",
            "compile the model again with this version of zephyr-counters",
        )
    if parsed.get("runtime") != RUNTIME:
        raise ArchiveError(f"made for runtime {parsed.get('runtime')!r}, not {RUNTIME!r}")
    return parsed


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


def _fields(metadata: dict[str, Any]) -> dict[str, Any]:
    """The typed view of the metadata; every access that fails means a damaged archive."""
    try:
        layers = tuple(_layer(item) for item in metadata["layers"])
        result = {
            "metadata": metadata,
            "layers": layers,
            "inputs": tuple(_tensor(item) for item in metadata["inputs"]),
            "outputs": tuple(_tensor(item) for item in metadata["outputs"]),
            "memory": Memory(**{key: _count(n) for key, n in metadata["memory"].items()}),
        }
        kernels = [_text(name) for name in metadata["kernels"]]
        for key in ("name", "target"):
            _text(metadata[key])
        for name in metadata["accelerators"]:
            _text(name)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ArchiveError(f"{METADATA} is damaged: {error!r}") from error
    for index, layer in enumerate(layers):
        if layer.index != index or layer.kernel not in kernels:
            raise ArchiveError(f"{METADATA}: layer {index} ({layer.name}) is inconsistent")
    return result


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 1024:
        raise ValueError(f"{value!r} is not a name")
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**62:
        raise ValueError(f"{value!r} is not a count")
    return value


def _tensor(item: dict[str, Any]) -> Tensor:
    shape = tuple(_count(extent) for extent in item["shape"])
    return Tensor(_text(item["name"]), shape, _text(item["dtype"]), bool(item.get("constant")))


def _layer(item: dict[str, Any]) -> Layer:
    accelerator = item["accelerator"]
    return Layer(
        index=_count(item["index"]),
        name=_text(item["name"]),
        kernel=_text(item["kernel"]),
        ops=tuple(_text(op) for op in item["ops"]),
        inputs=tuple(_tensor(tensor) for tensor in item["inputs"]),
        outputs=tuple(_tensor(tensor) for tensor in item["outputs"]),
        macs=_count(item["macs"]),
        bytes_read=_count(item["bytes_read"]),
        bytes_written=_count(item["bytes_written"]),
        accelerator=None if accelerator is None else _text(accelerator),
    )
