# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Model archives of TVM 0.18, and tar files of extra files, are never trusted."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import fake_library as library
import pytest
from fake_library import CODE, METADATA, failure, generate
from fake_sources import RawClient
from zephyr_counters.errors import ArchiveError
from zephyr_counters.project_api import archive as archives


def _metadata(**changes: Any) -> dict[str, bytes]:
    return library.files(library.module(), graphs={"default": library.graph()}, **changes)


def _graph(value: Any) -> dict[str, bytes]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return {**_metadata(), "executor-config/graph/default.graph": data}


def _node(**changes: Any) -> dict[str, bytes]:
    graph = library.graph()
    graph["nodes"][-1].update(changes)
    return _graph(graph)


def _memory(value: Any) -> dict[str, bytes]:
    return library.files(library.module(executor="aot", memory=value))


BAD = {
    "version 4": (_metadata(version=4), "Model Library Format 4"),
    "version 8": (_metadata(version=8), "Model Library Format 8"),
    "version text": (_metadata(version="7"), "Model Library Format '7'"),
    "version float": (_metadata(version=7.0), "Model Library Format 7.0"),
    "version true": (_metadata(version=True), "Model Library Format True"),
    "version null": (_metadata(version=None), "Model Library Format None"),
    "version list": (_metadata(version=[7]), "Model Library Format [7]"),
    "long version": (_metadata(version="7" * 10000), "Model Library Format '777"),
    "modules list": (_metadata(modules=[]), "'modules' is damaged"),
    "modules text": (_metadata(modules="default"), "'modules' is damaged"),
    "modules null": (_metadata(modules=None), "'modules' is damaged"),
    "module text": (_metadata(modules={"default": "graph"}), "'modules' is damaged"),
    "executors text": (_metadata(modules={"a": {"executors": "graph"}}), "'executors' is damaged"),
    "executors number": (_metadata(modules={"a": {"executors": 1}}), "'executors' is damaged"),
    "executors object": (_metadata(modules={"a": {"executors": {"a": 1}}}), "is damaged"),
    "executor list": (_metadata(modules={"a": {"executors": [[]]}}), "executor []"),
    "executor vm": (_metadata(modules={"a": {"executors": ["vm"]}}), "executor 'vm'"),
    "graph not JSON": (_graph(b"{"), "default.graph is damaged"),
    "graph not text": (_graph(b"\xff\xfe\xfd"), "default.graph is damaged"),
    "graph deep": (_graph(b"[" * 99999), "default.graph is damaged"),
    "graph list": (_graph([]), "default.graph is damaged"),
    "graph empty": (_graph({}), "default.graph is damaged"),
    "nodes number": (_graph({"nodes": 3}), "default.graph is damaged"),
    "node number": (_graph({"nodes": [3]}), "default.graph is damaged"),
    "no shapes": (_graph({"nodes": [], "attrs": {}}), "default.graph is damaged"),
    "shapes": (_graph({**library.graph(), "attrs": {"shape": ["a", [3]]}}), "is damaged"),
    "name number": (_node(name=3), "default.graph is damaged"),
    "name surrogate": (_node(name="\ud800"), "default.graph is damaged"),
    "name long": (_node(name="n" * 100000), "MAX_FUNCTION_NAME is 100002"),
    "inputs number": (_node(inputs=3), "default.graph is damaged"),
    "inputs many": (_node(inputs=[[0, 0, 0]] * 5000), "MAX_ARGS is 5002"),
    "attrs list": (_node(attrs=["a"]), "default.graph is damaged"),
    "attr number": (_node(attrs={"func_name": 3}), "default.graph is damaged"),
    "outputs text": (_node(attrs={"num_outputs": "many"}), "default.graph is damaged"),
    "outputs huge": (_node(attrs={"num_outputs": "9" * 30}), "default.graph is damaged"),
    "outputs negative": (_node(attrs={"num_outputs": "-9"}), "default.graph is damaged"),
    "outputs longer than a number may be": (_node(attrs={"num_outputs": "9" * 5000}), "damaged"),
    "memory list": (_memory([]), "module 'default' is damaged"),
    "memory empty": (_memory({}), "module 'default' is damaged"),
    "memory main": (_memory({"functions": {"main": 3}}), "module 'default' is damaged"),
    "memory device": (_memory({"functions": {"main": [3]}}), "module 'default' is damaged"),
    "memory inputs": (_memory({"functions": {"main": [{"inputs": 3}]}}), "is damaged"),
    "no code": ({METADATA: _metadata()[METADATA], "codegen/host/include/a.h": b""}, "no code"),
    "code elsewhere": ({METADATA: _metadata()[METADATA], "src/a.c": b""}, "no code"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_metadata(server: RawClient, crt: Path, tmp_path: Path, name: str) -> None:
    files, text = BAD[name]
    data = failure(server, library.write(tmp_path / "model.tar", files), tmp_path / "p", crt)
    assert data["kind"] == "ArchiveError" and text in data["what"]
    assert len(data["what"]) < 600


def _special(kind: bytes, name: str = "codegen/host/src/evil.c", **fields: Any) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in fields.items():
        setattr(info, key, value)
    return info


def _named(name: str) -> tuple[str, bytes]:
    return name, b"evil"


NOT_REGULAR, NO_NAME = "is not a regular file", "has a name that cannot be written"
HOSTILE: dict[str, tuple[library.Member, str]] = {
    "up": (_named("codegen/../../evil"), NO_NAME),
    "far up": (_named("codegen/host/src/../../../../../evil"), NO_NAME),
    "up within": (_named("codegen/../src/evil"), NO_NAME),
    "twice a slash": (_named("codegen//evil"), NO_NAME),
    "dot": (_named("codegen/./evil"), NO_NAME),
    "hidden": (_named("codegen/.evil"), NO_NAME),
    "option": (_named("codegen/-evil"), NO_NAME),
    "blank": (_named("codegen/host/src/a b.c"), NO_NAME),
    "backslash": (_named("codegen/..\\evil"), NO_NAME),
    "line": (_named("codegen/a\nb"), NO_NAME),
    "quote": (_named('codegen/host/src/";evil.c'), NO_NAME),
    "variable": (_named("codegen/host/src/${HOME}.c"), NO_NAME),
    "not ASCII": (_named("codegen/\u202eevil"), NO_NAME),
    "symbolic link": (_special(tarfile.SYMTYPE, linkname="/etc/passwd"), NOT_REGULAR),
    "link to a folder": (_special(tarfile.SYMTYPE, "codegen", linkname="/tmp"), NOT_REGULAR),
    "hard link": (_special(tarfile.LNKTYPE, linkname="./metadata.json"), NOT_REGULAR),
    "device": (_special(tarfile.CHRTYPE, devmajor=1, devminor=3), NOT_REGULAR),
    "disk": (_special(tarfile.BLKTYPE, devmajor=8), NOT_REGULAR),
    "pipe": (_special(tarfile.FIFOTYPE), NOT_REGULAR),
    "link somewhere else": (_special(tarfile.SYMTYPE, "evil", linkname="/tmp"), NOT_REGULAR),
    "duplicate": (_named(CODE), "duplicate member"),
    "second metadata": (_named(METADATA), "duplicate member"),
    "file over a folder": (_named("codegen/host/src"), "cannot be written"),
    "file under a file": (_named(f"{CODE}/evil"), "cannot be written"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_members(server: RawClient, crt: Path, tmp_path: Path, name: str) -> None:
    member, text = HOSTILE[name]
    (tmp_path / "work").mkdir()
    model = library.write(tmp_path / "model.tar", [*_metadata().items(), member])
    data = failure(server, model, tmp_path / "work/p", crt)
    assert text in data["what"]
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize("name", ["../evil", "/evil", "evil\\..", ".evil", "runtime/../evil"])
def test_members_of_no_use_are_not_written(
    server: RawClient, crt: Path, tmp_path: Path, name: str
) -> None:
    model = library.write(tmp_path / "model.tar", [*_metadata().items(), _named(name)])
    generate(server, model, tmp_path / "p", crt)
    assert not list(tmp_path.rglob("*evil*"))


def test_a_name_with_a_nul(server: RawClient, crt: Path, tmp_path: Path) -> None:
    """Only the extended header can hold one."""
    info = tarfile.TarInfo("codegen/host/src/short.c")
    info.pax_headers = {"path": "codegen/host/src/evil\0.c"}
    model = library.write(tmp_path / "model.tar", [*_metadata().items(), info])
    data = failure(server, model, tmp_path / "p", crt)
    assert NO_NAME in data["what"] and "\0" not in data["what"]


def test_the_runtime_in_an_archive_is_no_more_trusted(server: RawClient, tmp_path: Path) -> None:
    module = library.module(executor="aot")
    for name in ("runtime/include/../../evil", "runtime/src/.evil", "runtime/src/a b.c"):
        files = {**library.files(module, crt=True), name: b"evil"}
        data = failure(server, library.write(tmp_path / "model.tar", files), tmp_path / "p", None)
        assert NO_NAME in data["what"]
    files = {**library.files(module, crt=True), "runtime/CMakeLists.txt": b"evil"}
    generate(server, library.write(tmp_path / "model.tar", files), tmp_path / "p", None)
    assert not (tmp_path / "p/crt/CMakeLists.txt").exists()


def test_more_than_is_read(server: RawClient, crt: Path, tmp_path: Path) -> None:
    huge = tarfile.TarInfo("codegen/host/src/huge.c")
    huge.size = 1 << 40
    path = library.write(tmp_path / "model.tar", _metadata())
    end = path.read_bytes().rstrip(b"\0")
    whole = end + bytes(-len(end) % 512)
    path.write_bytes(whole + huge.tobuf())
    assert "holds more than 128 MiB" in failure(server, path, tmp_path / "p", crt)["what"]
    many = [*_metadata().items(), *((f"src/{i}", b"") for i in range(4096))]
    path = library.write(tmp_path / "many.tar", many)
    assert "holds more than 4096 members" in failure(server, path, tmp_path / "p", crt)["what"]
    huge.size = 1 << 20
    path.write_bytes(whole + huge.tobuf() + b"short")
    data = failure(server, path, tmp_path / "p", crt)
    assert "not a readable model archive" in data["what"] or "truncated" in data["what"]


def test_a_small_file_that_unpacks_to_a_large_one(
    server: RawClient, crt: Path, tmp_path: Path
) -> None:
    huge = tarfile.TarInfo("codegen/host/src/huge.c")
    huge.size = 257 << 20
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1) as packed:
        packed.write(huge.tobuf())
        for _ in range(257):
            packed.write(bytes(1 << 20))
    (tmp_path / "model.tar").write_bytes(raw.getvalue())
    data = failure(server, tmp_path / "model.tar", tmp_path / "p", crt)
    assert "holds more than 128 MiB" in data["what"]


def test_truncated_anywhere(tmp_path: Path) -> None:
    """It is read, or refused with an error that is an archive's."""
    whole = library.write(tmp_path / "whole.tar", _metadata()).read_bytes()
    path = tmp_path / "model.tar"
    refused = 0
    for length in range(0, len(whole), 173):
        path.write_bytes(whole[:length])
        try:
            archives.read(path)
        except ArchiveError:
            refused += 1
    assert refused > 20


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_compressed(server: RawClient, crt: Path, tmp_path: Path, mode: str) -> None:
    model = library.write(tmp_path / "model.tar", _metadata(), mode)
    assert generate(server, model, tmp_path / "p", crt)["runtime"] == "crt"
    (tmp_path / "half.tar").write_bytes(model.read_bytes()[: model.stat().st_size // 2])
    data = failure(server, tmp_path / "half.tar", tmp_path / "q", crt)
    assert "half.tar" in data["what"]


def test_extra_files(server: RawClient, crt: Path, tmp_path: Path) -> None:
    model = library.write(tmp_path / "model.tar", _metadata())
    extra = library.write(tmp_path / "extra.tar", {"more/data.bin": b"\0\1", "note.txt": b"hello"})
    generate(server, model, tmp_path / "p", crt, extra_files_tar=str(extra))
    assert (tmp_path / "p/more/data.bin").read_bytes() == b"\0\1"
    assert (tmp_path / "p/note.txt").read_bytes() == b"hello"


@pytest.mark.parametrize(
    ("member", "text"),
    [
        (_named("src/main.c"), "src/main.c is a file of the project itself"),
        (_named("crt/include/tvm/runtime/crt/platform.h"), "is a file of the project itself"),
        (_named(f"model/{CODE}"), "is a file of the project itself"),
        (_named("../evil"), NO_NAME),
        (_named("/etc/passwd"), NO_NAME),
        (_named("a/../../evil"), NO_NAME),
        (_named("src/main.c/evil"), "cannot be written"),
        (_special(tarfile.SYMTYPE, "evil", linkname="/etc"), NOT_REGULAR),
        (_special(tarfile.LNKTYPE, "evil", linkname="./note.txt"), NOT_REGULAR),
        (_named("note.txt"), "duplicate member"),
        (_named("project.json"), "is a file of the project itself"),
    ],
)
def test_hostile_extra_files(
    server: RawClient, crt: Path, tmp_path: Path, member: library.Member, text: str
) -> None:
    (tmp_path / "work").mkdir()
    model = library.write(tmp_path / "model.tar", _metadata())
    extra = library.write(tmp_path / "extra.tar", [("note.txt", b""), member])
    data = failure(server, model, tmp_path / "work/p", crt, extra_files_tar=str(extra))
    assert text in data["what"]
    assert not list(tmp_path.rglob("*evil*"))


def test_extra_files_that_cannot_be_read(server: RawClient, crt: Path, tmp_path: Path) -> None:
    model = library.write(tmp_path / "model.tar", _metadata())
    (tmp_path / "text.tar").write_text("no tar file")
    for name in ("absent.tar", "text.tar"):
        path = str(tmp_path / name)
        data = failure(server, model, tmp_path / "p", crt, extra_files_tar=path)
        assert "not a readable tar file of extra files" in data["what"]
        assert "tar -cf" in data["hint"]
