# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports as tables of text."""

from zephyr_counters.report.table.render import render, renderable

__all__ = ["render", "renderable"]
