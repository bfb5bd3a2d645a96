# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report as CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io

from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.exports.flat import COLUMNS, lines
from zephyr_counters.report.report import Report


def to_csv(report: Report) -> str:
    """Return CSV with a header; see `flat.lines` for the columns."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for line in lines(report):
        writer.writerow(int(one) if isinstance(one, bool) else one for one in line)
    return buffer.getvalue()


EXPORT = Export("csv", ".csv", "save all values as CSV", to_csv)
