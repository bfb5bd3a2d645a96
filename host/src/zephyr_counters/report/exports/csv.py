# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports as CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io

from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.exports.flat import COLUMNS, Cell, lines
from zephyr_counters.report.report import Report
from zephyr_counters.report.text import cell


def to_csv(*reports: Report) -> str:
    """Return CSV with one header; see `flat.lines` for the columns.

    Names are printable: control characters are escaped, and a name that a spreadsheet would take
    for a formula begins with an apostrophe. JSON keeps names as they are.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for line in lines(*reports):
        writer.writerow(_cell(one) for one in line)
    return buffer.getvalue()


def _cell(value: Cell) -> Cell:
    if isinstance(value, str):
        return cell(value)
    return int(value) if isinstance(value, bool) else value


EXPORT = Export("csv", ".csv", "save all values as CSV", to_csv, joined=to_csv)
