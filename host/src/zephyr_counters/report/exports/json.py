# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report as versioned JSON, and back."""

from __future__ import annotations

import json
from pathlib import Path

from zephyr_counters.errors import BlobError
from zephyr_counters.report.codec import from_plain, to_plain
from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.report import Report

FORMAT = "zephyr-counters report"
VERSION = 1


def to_json(report: Report) -> str:
    """Return JSON that `from_json` turns into an equal report."""
    document = {"format": FORMAT, "version": VERSION, **to_plain(report)}
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


EXPORT = Export("json", ".json", "save the report as JSON, with all values", to_json)


def from_json(text: str) -> Report:
    """Return a report from its JSON.

    Raises:
        BlobError: not a report, or of another version.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BlobError(f"report is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BlobError(
            "JSON is not a report",
            f"make it with zephyr-counters profile PROJECT {EXPORT.option} FILE",
        )
    version = document.get("version")
    if type(version) is not int or version != VERSION:  # true equals 1
        raise BlobError(
            f"report has version {version}, this program knows {VERSION}",
            "use the zephyr-counters that made it",
        )
    fields = {name: value for name, value in document.items() if name not in ("format", "version")}
    try:
        report = from_plain(Report, fields, "report")
    except RecursionError as error:
        raise BlobError("report is nested too deep") from error
    _check(report)
    return report


def load(path: str | Path) -> Report:
    """Read a report from a file.

    Raises:
        BlobError: not a report, or of another version; names the file.
        OSError: it cannot be read.
    """
    try:
        return from_json(Path(path).read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BlobError(f"{path}: report is not UTF-8 text") from error
    except BlobError as error:
        raise BlobError(f"{path}: {error.what}", error.hint) from error


def _check(report: Report) -> None:
    """Check what renderers rely on beyond the types."""
    names = {one.name for one in report.counters}
    for index, one in enumerate(report.passes):
        if len(one.overhead.values) != len(one.nested.values):
            raise BlobError(f"report's pass {index} has overhead and nested of different lengths")
    for counter in report.counters:
        if not 0 <= counter.pass_index < len(report.passes):
            raise BlobError(
                f"report's counter {counter.name} is of pass {counter.pass_index}, "
                "which the report does not have"
            )
    if report.catalog.clock_hz <= 0:
        raise BlobError("report's clock_hz is not above 0")
    for row in report.rows:
        if len(row.ticks) != len(report.passes):
            raise BlobError(f"report's row {row.name} does not fit its passes")
        if any(series.calls < 1 for series in (*row.ticks, *row.counters)):
            raise BlobError(f"report's row {row.name} has values that span no call")
        for series in row.counters:
            if series.name not in names:
                raise BlobError(f"report's row {row.name} has an unknown counter {series.name}")
