# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The reader of tar files: its limits hold before memory is used."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import subprocess
import sys
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


def header(kind: bytes, size: int) -> bytes:
    info = tarfile.TarInfo("a")
    info.type, info.size = kind, size
    return info.tobuf(tarfile.USTAR_FORMAT)


def pax(count: int) -> bytes:
    data = b"".join(b"14 k%06d=v\n" % number for number in range(count))
    return data + bytes(-len(data) % 512)


MIB = 1 << 20
FILE_A = header(tarfile.REGTYPE, 0)
HOSTILE: dict[str, Callable[[], bytes]] = {
    "long name": lambda: header(tarfile.GNUTYPE_LONGNAME, 100 * MIB) + b"a" * (100 * MIB),
    "long link": lambda: header(tarfile.GNUTYPE_LONGLINK, 100 * MIB) + b"a" * (100 * MIB),
    "long names in a row": lambda: (header(tarfile.GNUTYPE_LONGNAME, 512) + b"a" * 512) * 90_000,
    "pax": lambda: header(tarfile.XHDTYPE, 2 * MIB) + b"9" * (2 * MIB),
    "pax records": lambda: header(tarfile.XHDTYPE, 14 * 4096) + pax(4096) + FILE_A,
    "pax in a row": lambda: (header(tarfile.XHDTYPE, 512) + pax(36)) * 50_000,
    "global pax": lambda: b"".join(
        header(tarfile.XGLTYPE, 1022) + pax(73).replace(b"k", b"%c" % (number + 65)) + FILE_A
        for number in range(20)
    ),
    "sparse map": lambda: (
        header(tarfile.XHDTYPE, 44)
        + b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n".ljust(512, b"\0")
        + header(tarfile.REGTYPE, 64 * MIB)
        + b"30000000\n"
        + b"0\n" * (32 * MIB)
    ),
    "folders": lambda: header(tarfile.DIRTYPE, 0) * 200_000,
    "huge member": lambda: header(tarfile.REGTYPE, (8**11) - 1) + b"x" * 512,
    "full": lambda: (
        header(tarfile.REGTYPE, 127 * MIB) + bytes(127 * MIB) + header(tarfile.REGTYPE, MIB)
    ),
}
MEASURE = r"""
import re, sys, time
from pathlib import Path
from zephyr_counters.errors import ArchiveError
from zephyr_counters.formats import tar
begin = time.process_time()
try:
    tar.read(Path(sys.argv[1]), tar.Kind("test archive", "make another", max_members=4096))
except ArchiveError as error:
    print(f"ArchiveError {len(str(error))}")
peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) >> 10, time.process_time() - begin)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_the_worst_archive_takes_256_mib_and_5_s(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(HOSTILE[name](), 1))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, timeout=60
    )
    said = done.stdout.split()
    assert said[0] == "ArchiveError" and int(said[1]) < 400, done
    assert int(said[2]) < 256 and float(said[3]) < 5, said


def test_damage_at_the_end_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x"
    good = gzip.compress(packed(("a", b"1")))
    path.write_bytes(good[:-8] + bytes(8))
    with pytest.raises(ArchiveError, match="not a readable test archive"):
        tar.read(path, KIND)


@pytest.mark.parametrize("style", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read(tmp_path: Path, style: int) -> None:
    name = "/".join(["f" * 200] * 20)
    path = tmp_path / "x"
    with tarfile.open(path, "w", format=style, pax_headers={"comment": "c"}) as out:
        for end in "ab":
            info = tarfile.TarInfo(name + end)
            info.size = 3
            out.addfile(info, io.BytesIO(b"abc"))
    assert tar.read(path, KIND) == {name + "a": b"abc", name + "b": b"abc"}
