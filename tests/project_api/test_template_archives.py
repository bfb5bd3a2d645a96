# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""generate_project: archives that it refuses."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

from fake_sources import RawClient, make_archive, make_metadata
from template_requests import failure, tar_of


def bad_archives(folder: Path) -> dict[str, tuple[Path, str]]:
    """Archives that must be refused, and a part of what is said of them."""
    good = make_archive(folder / "good.tar")
    whole = good.read_bytes()
    (folder / "truncated.tar").write_bytes(whole[: len(whole) // 3])
    (folder / "random.tar").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.tar").write_bytes(b"")
    (folder / "flipped.tar").write_bytes(whole.replace(b"= 42", b"= 43"))
    (folder / "half.tgz").write_bytes(b"\x1f\x8b\x08\x00" + whole[:100])
    metadata = json.dumps(make_metadata(files={})).encode()
    mlf = json.dumps({"version": 7, "modules": {}}).encode()
    link = {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd", "size": 0}
    with tarfile.open(good) as tar:
        texts = {m.name: tar.extractfile(m).read() for m in tar}
    old = json.dumps({**json.loads(texts["metadata.json"]), "format": 99}).encode()
    crt = json.dumps({**json.loads(texts["metadata.json"]), "runtime": "crt"}).encode()
    npu = make_archive(folder / "npu.tar", accelerators=["npu"])
    spaced = texts["metadata.json"] + b" "
    rest = [item for item in texts.items() if item[0] != "metadata.json"]
    tars = {
        "foreign": ([("./metadata.json", mlf)], {}, "holds no code for the board"),
        "no metadata": ([("src/a.c", b"")], {}, "holds no metadata.json"),
        "not JSON": ([("metadata.json", b"{")], {}, "not JSON"),
        "deep": ([("metadata.json", b"[" * 99999)], {}, "not JSON"),
        "list": ([("metadata.json", b"[]")], {}, "not that of a model archive"),
        "version": ([("metadata.json", old), *rest], {}, "archive format 99"),
        "runtime": ([("metadata.json", crt), *rest], {}, "made for runtime 'crt'"),
        "dots": ([("metadata.json", metadata), ("../evil.c", b"")], {}, "has no place"),
        "absolute": ([("metadata.json", metadata), ("/tmp/evil.c", b"")], {}, "has no place"),
        "unlisted": ([("metadata.json", metadata), ("src/evil.c", b"")], {}, "is not the file"),
        "symlink": ([("src/a.c", b""), ("metadata.json", metadata)], link, "not a regular file"),
        "device": ([("src/a.c", b"")], {"type": tarfile.CHRTYPE}, "not a regular file"),
        "twice": ([("metadata.json", metadata)] * 2, {}, "duplicate member"),
        "missing": (
            [("metadata.json", texts["metadata.json"]), *rest[1:]],
            {},
            "src/hash.h is missing",
        ),
        "hash": ([("metadata.json", spaced), *rest], {}, "src/hash.h is not the file"),
    }
    found = {
        "absent": (folder / "absent.tar", "not a readable model archive"),
        "folder": (folder, "not a readable model archive"),
        "accelerator": (npu, "accelerator 'npu'"),
        "truncated": (folder / "truncated.tar", ""),
        "random": (folder / "random.tar", "not a readable model archive"),
        "empty": (folder / "empty.tar", "not a readable model archive"),
        "gzip": (folder / "half.tgz", "not a readable model archive"),
        "flipped": (folder / "flipped.tar", "src/kernels.c is not the file"),
    }
    for name, (members, info, text) in tars.items():
        found[name] = (tar_of(folder / f"{name}.tar", members, **info), text)
    return found


def test_bad_archives(server: RawClient, tmp_path: Path) -> None:
    for name, (archive, text) in bad_archives(tmp_path).items():
        data = failure(server, archive, tmp_path / "p")
        wanted = "UsageError" if name == "accelerator" else "ArchiveError"
        assert data["kind"] == wanted and text in data["what"], (name, data)
