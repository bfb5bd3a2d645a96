# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report as CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io

from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.exports.flat import COLUMNS, lines
from zephyr_counters.report.report import Report
from zephyr_counters.report.text import cell


def to_csv(report: Report) -> str:
    """Return CSV with a header; see `flat.lines` for the columns.

    Names are printable: control characters are escaped, and a name that a spreadsheet would take
    for a formula begins with an apostrophe. JSON keeps names as they are.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for line in lines(report):
        writer.writerow(_cell(one) for one in line)
    return buffer.getvalue()


def _cell(value: str | int | bool) -> str | int:
    return cell(value) if isinstance(value, str) else int(value)


EXPORT = Export("csv", ".csv", "save all values as CSV", to_csv)
