# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report as a page: one HTML file that needs no network."""

from __future__ import annotations

from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.report import Report


def _write(report: Report) -> str:
    # The template engine is imported only when a page is made: commands start faster.
    from zephyr_counters.report.page import render

    return render(report)


EXPORT = Export("html", ".html", "save a page with verdicts, charts and all layers", _write)
