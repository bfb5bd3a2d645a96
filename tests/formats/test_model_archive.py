# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Archives: what is written is read back, and nothing else is accepted."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zephyr_counters.errors import ArchiveError
from zephyr_counters.formats.model_archive import HASH_HEADER, METADATA, ModelArchive

TENSOR = {"name": "x", "shape": [1, 4], "dtype": "int8"}
METADATA_EXAMPLE: dict[str, Any] = {
    "format": 1,
    "abi": 2,
    "generator": "zephyr-counters 0",
    "tvm": "0.27",
    "runtime": "tvm-ffi",
    "target": "c",
    "name": "tiny",
    "source": {"file": "tiny.onnx", "sha256": "00" * 32},
    "inputs": [TENSOR],
    "outputs": [{**TENSOR, "name": "y"}],
    "kernels": ["relu"],
    "layers": [
        {
            "index": 0, "name": "r", "kernel": "relu", "ops": ["relu"],
            "inputs": [{**TENSOR, "constant": False}],
            "outputs": [{**TENSOR, "name": "y", "constant": False}],
            "macs": 0, "bytes_read": 4, "bytes_written": 4, "accelerator": None,
        }
    ],
    "memory": {"activations": 32, "workspace": 0, "constants": 0, "stack": 0, "unplanned": 32},
    "accelerators": [],
}  # fmt: skip
FILES = {f"src/{name}": b"/* */\n" for name in ("kernels.c", "plan.c", "weights.c", "weights.h")}


@pytest.fixture
def archive() -> Any:
    return ModelArchive.create(METADATA_EXAMPLE, FILES)


def tar_of(*members: Any) -> Any:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for member in members:
            name, data, *kind = member
            info = tarfile.TarInfo(name)
            info.size = len(data)
            if kind:
                info.type, info.linkname, info.size = kind[0], "/etc/passwd", 0
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def members_of(archive: Any) -> Any:
    return [(METADATA, archive.metadata_bytes), *archive.files.items()]


def refused(tmp_path: Path, data: Any, text: Any = None) -> None:
    path = tmp_path / "model.tar"
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match=text) as caught:
        ModelArchive.open(path)
    assert str(path) in caught.value.what


@pytest.mark.parametrize("name", ["model.tar", "model.tar.gz"])
def test_round_trip(archive: Any, tmp_path: Path, name: Any) -> None:
    archive.save(tmp_path / name)
    again = ModelArchive.open(tmp_path / name)
    assert again == archive
    assert again.hash == hashlib.sha256(archive.metadata_bytes).digest()
    assert again.layers[0].inputs[0].nbytes == 4
    assert (again.name, again.target, again.kernels) == ("tiny", "c", ("relu",))
    assert again.to_bytes() == archive.to_bytes()
    packed = (tmp_path / name).read_bytes()
    assert packed[:2] == b"\x1f\x8b" if name.endswith("gz") else packed == archive.to_bytes()


def test_hash_header_is_the_metadata_hash(archive: Any) -> None:
    digest = hashlib.sha256(archive.metadata_bytes).digest()
    text = archive.files[HASH_HEADER].decode()
    assert bytes(int(part, 16) for part in text.split("{")[1].split("}")[0].split(",")) == digest
    assert HASH_HEADER not in archive.metadata["files"]


def test_extract(archive: Any, tmp_path: Path) -> None:
    archive.extract(tmp_path)
    assert (tmp_path / METADATA).read_bytes() == archive.metadata_bytes
    assert (tmp_path / "src" / "plan.c").read_bytes() == FILES["src/plan.c"]


def test_truncated_anywhere(archive: Any, tmp_path: Path) -> None:
    whole = archive.to_bytes()
    content = whole.rstrip(b"\0")
    for length in range(0, len(content), 97):
        refused(tmp_path, whole[:length])
    packed = archive.to_bytes(compress=True)
    for length in range(2, len(packed) - 8, 53):
        refused(tmp_path, packed[:length])


@settings(max_examples=60)
@given(st.binary(max_size=3000))
def test_foreign_bytes(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    refused(tmp_path_factory.mktemp("foreign"), data)


@pytest.mark.parametrize(
    "member",
    [
        ("../evil", b"x"),
        ("/etc/evil", b"x"),
        ("src/../../evil", b"x"),
        ("src/deep/file.c", b"x"),
        ("src/.hidden", b"x"),
        ("other.txt", b"x"),
        ("src/link.c", b"", tarfile.SYMTYPE),
        ("src/hard.c", b"", tarfile.LNKTYPE),
        ("src/device", b"", tarfile.CHRTYPE),
        ("src", b"", tarfile.DIRTYPE),
    ],
)
def test_hostile_members(archive: Any, tmp_path: Path, member: Any) -> None:
    refused(tmp_path, tar_of(*members_of(archive), member), "member|not the file")


def test_members_twice_and_too_many(archive: Any, tmp_path: Path) -> None:
    members = members_of(archive)
    refused(tmp_path, tar_of(*members, members[1]), "duplicate member")
    extra = [(f"src/extra{i}.c", b"") for i in range(200)]
    refused(tmp_path, tar_of(*members, *extra), "holds more than 128 members")


def test_files_that_do_not_belong(archive: Any, tmp_path: Path) -> None:
    changed = {**archive.files, "src/plan.c": b"/* changed */\n"}
    refused(tmp_path, tar_of(members_of(archive)[0], *changed.items()), r"src/plan\.c is not")
    other_hash = {**archive.files, HASH_HEADER: b"#define ZC_MODEL_HASH { 0 }\n"}
    refused(tmp_path, tar_of(members_of(archive)[0], *other_hash.items()), "src/hash.h is not")
    refused(tmp_path, tar_of(*members_of(archive), ("src/more.c", b"")), r"src/more\.c is not")
    missing = [member for member in members_of(archive) if member[0] != "src/kernels.c"]
    refused(tmp_path, tar_of(*missing), r"src/kernels\.c is missing")
    refused(tmp_path, tar_of(*archive.files.items()), "holds no metadata.json")
    refused(tmp_path, tar_of(("x.so", b"")), "no place")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"format": 2}, "archive format 2, this version reads 1"),
        ({"abi": 1}, "made for model ABI 1, this version has 2"),
        ({"layers": [{**METADATA_EXAMPLE["layers"][0], "tensor": 3}]}, "damaged"),
        ({"runtime": "crt"}, "made for runtime 'crt'"),
        ({"name": ""}, "damaged"),
        ({"layers": [{}]}, "damaged"),
        ({"layers": 3}, "damaged"),
        ({"kernels": ["other"]}, "layer 0 .* is inconsistent"),
        ({"memory": {"activations": -1}}, "damaged"),
        ({"memory": {"activations": 1, "workspace": 1, "constants": 1, "flux": 1}}, "damaged"),
        ({"inputs": [{"name": "x", "shape": [1, "n"], "dtype": "int8"}]}, "damaged"),
        ({"accelerators": [7]}, "damaged"),
    ],
)
def test_metadata_that_is_not_right(change: Any, text: Any) -> None:
    with pytest.raises(ArchiveError, match=text):
        ModelArchive.create({**METADATA_EXAMPLE, **change}, FILES)


def test_an_archive_of_an_older_version_is_made_anew(tmp_path: Path) -> None:
    older = {key: value for key, value in METADATA_EXAMPLE.items() if key != "abi"}
    path = tmp_path / "older.tar"
    path.write_bytes(tar_of((METADATA, json.dumps(older).encode())))
    with pytest.raises(ArchiveError, match="model ABI 1") as caught:
        ModelArchive.open(path)
    assert caught.value.hint == "compile the model again: tvmc compile tiny.onnx"


def test_metadata_that_is_no_metadata(tmp_path: Path) -> None:
    for content in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000, json.dumps({"format": 1}).encode()):
        refused(tmp_path, tar_of((METADATA, content)), "metadata.json|runtime")


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zephyr_counters.formats.tar.MAX_BYTES", 1 << 20)
    refused(tmp_path, gzip.compress(bytes(2 << 20)), "holds more than 1 MiB")


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="not a readable model archive"):
        ModelArchive.open(tmp_path / "none.tar")
