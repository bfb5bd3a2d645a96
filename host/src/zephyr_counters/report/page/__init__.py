# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The page: a report, or a comparison, as one HTML file that needs nothing else.

Charts are computed here and drawn by the templates as SVG, so the page is complete without
JavaScript, which only sorts the table and marks a layer in all charts.
"""

from __future__ import annotations

from zephyr_counters.report.comparison import Comparison
from zephyr_counters.report.page import change, view
from zephyr_counters.report.page.engine import fill
from zephyr_counters.report.report import Report


def render(report: Report) -> str:
    """Return the page of a report.

    Raises:
        UsageError: a rule of an installed package is not a rule.
    """
    return fill("page.html", view.view(report))


def render_comparison(comparison: Comparison) -> str:
    """Return the page of a comparison."""
    return fill("change.html", change.view(comparison))
