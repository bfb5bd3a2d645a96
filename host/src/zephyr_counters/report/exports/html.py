# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report as a page: one HTML file that needs no network."""

from __future__ import annotations

from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.page import render

EXPORT = Export("html", ".html", "save a page with verdicts, charts and all layers", render)
