# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report in a notebook: Jupyter shows an object's `_repr_html_`."""

from __future__ import annotations

from html import escape

from zephyr_counters.report.report import Report


def frame(report: Report) -> str:
    """Return the page in a frame, so that neither its style nor its script reaches the notebook."""
    # The template engine is imported only when a page is made: commands start faster.
    from zephyr_counters.report.page import render

    return (
        '<iframe sandbox="allow-scripts" title="zephyr-counters report" '
        'style="width: 100%; height: 45rem; border: 0; color-scheme: normal" '
        f'srcdoc="{escape(render(report))}"></iframe>'
    )


Report.notebook = frame
