# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The archive that a project is generated from: this project's own format, or TVM 0.18's."""

from __future__ import annotations

from pathlib import Path

from zephyr_counters.formats import tar
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.project_api.library_format import KIND, Library


def read(path: Path) -> ModelArchive | Library:
    """Read and check the archive at `path`.

    Raises:
        ArchiveError: missing, truncated, foreign, of another version, or inconsistent.
    """
    return Library.of(path, tar.read(path, KIND)) or ModelArchive.open(path)
