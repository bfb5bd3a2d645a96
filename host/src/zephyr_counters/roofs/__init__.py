# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Measure what a board's core and memories can do at most: its roofs.

Micro-kernels of one kind each (loads, stores, multiply-accumulates) are the layers of a model that
is built, run and profiled like any other.
"""

from zephyr_counters.roofs.measure import measure_roofs

__all__ = ["measure_roofs"]
