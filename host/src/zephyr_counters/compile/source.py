# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reading a model file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from zephyr_counters.errors import CompileError

MAX_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class Source:
    """A model file: its name and its bytes."""

    path: Path
    data: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def read(path: str | Path) -> Source:
    """Read a model file.

    Raises:
        CompileError: it is missing, empty or too large.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CompileError(f"{path}: cannot be read: {error.strerror}") from error
    if not data:
        raise CompileError(f"{path}: is empty")
    if len(data) > MAX_BYTES:
        raise CompileError(f"{path}: is larger than {MAX_BYTES >> 20} MiB")
    return Source(path, data)
