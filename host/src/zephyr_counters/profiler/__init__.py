# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Profiles: what a board counted, layer by layer, and what it means."""

from .collectors import Context, MetricCollector
from .compare import Comparison, compare
from .profile import profile, profile_function, profile_regions
from .report import Metric, Model, Report, Row, Series
from .statistics import Statistics
from .stopped import ProfileStopped

__all__ = [
    "Comparison",
    "Context",
    "Metric",
    "MetricCollector",
    "Model",
    "ProfileStopped",
    "Report",
    "Row",
    "Series",
    "Statistics",
    "compare",
    "profile",
    "profile_function",
    "profile_regions",
]
