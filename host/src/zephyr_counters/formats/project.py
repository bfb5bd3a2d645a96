# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""project.json: what a generated project is made of.

format                2
board, platform       of the board's data, which lie in boards/
options               values of the project options, defaults included
runtime               of the model: "tvm-ffi", or "crt" with TVM 0.18
project_type, demo    "host_driven"; or "aot_standalone_demo", and what it is compiled with
config                Kconfig symbols and their values
compile_definitions   macros, as NAME or NAME=VALUE
warning_as_error      whether warnings in the project's C code are errors
extensions            names of the folders in extensions/
archive               "file": the model archive, "sha256": its hash, and what its metadata say
"""

from __future__ import annotations

import hashlib
import json
import shlex
from pathlib import Path
from typing import Any

from zephyr_counters.errors import ArchiveError

FILE = "project.json"
FORMAT = 2
MODEL_TAR = "model.tar"
TEMPLATE = "zephyr-counters"
"""Name of the template that comes with this project."""


def load(folder: Path) -> dict[str, Any]:
    """project.json of the project in `folder`.

    Raises:
        ArchiveError: damaged, or of another version.
    """
    path = folder / FILE
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
        version = description["format"]
        if version == FORMAT:
            _check(description)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArchiveError(f"{path}: damaged: {error!r}", "create the project again") from error
    if version != FORMAT:
        raise ArchiveError(
            f"{path}: project format {version!r:.100}, this version reads {FORMAT}",
            f"create the project again: {_command(folder, description)}",
        )
    result: dict[str, Any] = description
    return result


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _check(description: dict[str, Any]) -> None:
    archive = description["archive"]
    texts = (description["board"], archive["file"], archive["sha256"])
    if not isinstance(description["options"], dict):
        raise ValueError("'options' is not an object")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("'board' or 'archive' is not of its type")
    if Path(archive["file"]).name != archive["file"]:
        raise ValueError("the archive is not in the project")


def _command(folder: Path, description: dict[str, Any]) -> str:
    """Return what makes the project anew, from the archive and with the options that it has."""
    words = ["tvmc", "micro", "create", "--force", str(folder), str(folder / MODEL_TAR)]
    options = description.get("options")
    if isinstance(options, dict) and options:
        words.append("--project-option")
        for name, value in options.items():
            words.append(f"{name}={str(value).lower() if isinstance(value, bool) else value}")
    return shlex.join(words)
