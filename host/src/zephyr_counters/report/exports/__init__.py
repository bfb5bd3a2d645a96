# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports as files: a file format is one module here and one line in `EXPORTS`.

The registry drives the options of the command line, the check that no file is overwritten, the
saving and the hints. Other packages add an `Export` by an entry point of the group
`zephyr_counters.exports`.
"""

from __future__ import annotations

from pathlib import Path

from zephyr_counters.errors import UsageError
from zephyr_counters.report import entry_points
from zephyr_counters.report.exports import csv, files, html, json, model_explorer, speedscope, trace
from zephyr_counters.report.exports.csv import to_csv
from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.exports.frame import to_pandas
from zephyr_counters.report.exports.json import from_json, load, to_json
from zephyr_counters.report.exports.model_explorer import to_node_data
from zephyr_counters.report.exports.speedscope import to_speedscope
from zephyr_counters.report.exports.trace import to_trace
from zephyr_counters.report.report import Report

EXPORTS: tuple[Export, ...] = (
    json.EXPORT,
    csv.EXPORT,
    html.EXPORT,
    trace.EXPORT,
    speedscope.EXPORT,
    model_explorer.EXPORT,
)
"""Built-in exports. JSON is saved first, because all others can be made from it."""

GROUP = "zephyr_counters.exports"


def installed() -> tuple[Export, ...]:
    """Return the built-in exports and those of installed packages.

    Raises:
        UsageError: an entry point is not an `Export`, or uses a name that is taken.
    """
    return entry_points.with_installed(EXPORTS, Export, GROUP)


def save(report: Report, path: str | Path) -> None:
    """Write a report to a file in the format of its suffix.

    An existing file is replaced, and stays as it is if the report cannot be written.

    Raises:
        UsageError: no export has that suffix.
        OSError: the file cannot be written.
    """
    path = Path(path)
    exports = installed()
    fitting = [one for one in exports if path.name.endswith(one.suffix)]
    if not fitting:
        known = ", ".join(one.suffix for one in exports)
        raise UsageError(f"{path}: no export has this suffix", f"use one of {known}")
    export = max(fitting, key=lambda one: len(one.suffix))
    for name, content in {path: export.to_bytes(report), **export.more(report, path)}.items():
        files.write(name, content)


__all__ = [
    "EXPORTS",
    "Export",
    "from_json",
    "installed",
    "load",
    "save",
    "to_csv",
    "to_json",
    "to_node_data",
    "to_pandas",
    "to_speedscope",
    "to_trace",
]
