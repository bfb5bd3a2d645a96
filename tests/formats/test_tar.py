# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The reader of tar files: its limits hold before memory is used."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from zephyr_counters.errors import ArchiveError
from zephyr_counters.formats import tar

KIND = tar.Kind("test archive", "make another", max_members=5)


def packed(*members: tuple[str, bytes]) -> bytes:
    """A tar file; a name that ends in a slash is a folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as out:
        for name, data in members:
            info = tarfile.TarInfo(name.rstrip("/"))
            info.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_compressions(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "x"
    path.write_bytes(compress(packed(("./a", b"1"), ("b/", b""), ("b/c", b"2"))))
    assert tar.read(path, KIND) == {"a": b"1", "b/c": b"2"}
    whole = path.read_bytes()
    # A tar that is cut at the end of a member is one with fewer members.
    lengths = range(0, len(whole) - 20, 37) if compress is not bytes else (0, 100)
    for length in lengths:
        path.write_bytes(whole[:length])
        with pytest.raises(ArchiveError, match="not a readable test archive"):
            tar.read(path, KIND)


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_bombs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compress: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(tar, "MAX_BYTES", 1 << 20)
    path = tmp_path / "x"
    path.write_bytes(compress(packed(("a", bytes(2 << 20)))))
    with pytest.raises(ArchiveError, match="holds more than 1 MiB"):
        tar.read(path, KIND)


def test_folders(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(packed(("a/", b"")))
    assert tar.read(path, KIND) == {}
    with pytest.raises(ArchiveError, match="'a' is not a regular file"):
        tar.read(path, tar.Kind("test archive", "make another", 5, folders=False))
    path.write_bytes(packed(*((f"{n}/", b"") for n in range(6))))
    with pytest.raises(ArchiveError, match="holds more than 5 members"):
        tar.read(path, KIND)
