# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Requests to the server of a template, and tar files for them."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

from fake_sources import RawClient


def request(archive: Path, folder: Path, **given: Any) -> dict[str, Any]:
    """Parameters of generate_project."""
    return {
        "model_library_format_path": str(archive),
        "standalone_crt_dir": "",
        "project_dir": str(folder),
        "options": given,
    }


def failure(server: RawClient, archive: Path, folder: Path, **given: Any) -> dict[str, Any]:
    """The data of the error; nothing may be left behind."""
    error = server.fail("generate_project", **request(archive, folder, **given))
    assert error["code"] == -32000
    assert error["message"] == error["data"]["what"]
    assert not folder.exists()
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]
    data: dict[str, Any] = error["data"]
    return data


def tar_of(path: Path, members: list[tuple[str, bytes]], **info: Any) -> Path:
    """A tar file; `info` are attributes of the first member."""
    with tarfile.open(path, "w") as tar:
        for index, (name, data) in enumerate(members):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            for key, value in info.items() if index == 0 else ():
                setattr(member, key, value)
            tar.addfile(member, io.BytesIO(data))
    return path
