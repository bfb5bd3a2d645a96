# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports: measurements as data, and what can be done with them."""

from zephyr_counters.report import notebook
from zephyr_counters.report.compare import compare
from zephyr_counters.report.comparison import Comparison
from zephyr_counters.report.opaque import decoded
from zephyr_counters.report.report import Metric, Model, Report, Row, Series
from zephyr_counters.report.statistics import Statistics

__all__ = [
    "Comparison",
    "Metric",
    "Model",
    "Report",
    "Row",
    "Series",
    "Statistics",
    "compare",
    "decoded",
    "notebook",
]
