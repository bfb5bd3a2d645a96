# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables of text."""

from zephyr_counters.report.table.render import ORDERS, render

__all__ = ["ORDERS", "render"]
