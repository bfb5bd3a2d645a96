# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports from files: our own, and what other profilers measured, for side by side.

A format is one module here and one line in `IMPORTERS`, and is recognized by its content. Other
packages add an `Importer` by an entry point of the group `zephyr_counters.importers`.
"""

from __future__ import annotations

from pathlib import Path

from zephyr_counters.errors import BlobError
from zephyr_counters.report import entry_points
from zephyr_counters.report.exports import from_json
from zephyr_counters.report.importers import etdump, st, tflm
from zephyr_counters.report.importers.importer import Importer, Region, Source, made
from zephyr_counters.report.report import Report

IMPORTERS: tuple[Importer, ...] = (
    etdump.IMPORTER,
    tflm.EVENTS,
    tflm.LINES,
    tflm.TOTALS,
    st.IMPORTER,
)
GROUP = "zephyr_counters.importers"
MOST_BYTES = 256 * 1024 * 1024


def installed() -> tuple[Importer, ...]:
    """Return the built-in importers and those of installed packages.

    Raises:
        UsageError: an entry point is not an `Importer`, or uses a name that is taken.
    """
    return entry_points.with_installed(IMPORTERS, Importer, GROUP)


def load(path: str | Path, tick_hz: int | None = None) -> Report:
    """Return the report of a file that we or another profiler wrote.

    Args:
        path: the file.
        tick_hz: the frequency of its clock, for formats that do not say it.

    Raises:
        BlobError: it is of no known format, damaged, or too large; names the file.
        OSError: it cannot be read.
    """
    path = Path(path)
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BlobError(f"{path} is larger than {MOST_BYTES >> 20} MiB, the most that is read")
    importer = next((one for one in installed() if one.detects(data)), None)
    try:
        if importer is not None:
            return importer.read(data, tick_hz)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BlobError("report is not UTF-8 text", _known()) from error
        if not text.lstrip().startswith("{"):
            raise BlobError("is not a report", _known())
        return from_json(text)
    except BlobError as error:
        raise BlobError(f"{path}: {error.what}", error.hint) from error


def _known() -> str:
    return f"files of profile --json and {', '.join(one.name for one in installed())} can be read"


__all__ = [
    "GROUP",
    "IMPORTERS",
    "MOST_BYTES",
    "Importer",
    "Region",
    "Source",
    "installed",
    "load",
    "made",
]
