# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The page of metrics: each collector's name, formula and counters, from its class."""

from __future__ import annotations

import inspect

from zephyr_counters.report.metrics import COLLECTORS
from zephyr_counters.report.metrics.built_in import Ratio

INTRODUCTION = """# Metrics and their formulas

A metric is computed on the host, for each layer and for the whole model, from the medians of
counters. It appears where the board has the counters that it needs. Names of counters are
patterns: `*:cycles` is `cycles` of any provider; where several names are listed, the first that
the provider has is used.

| metric | unit | formula | counters |
|---|---|---|---|
"""

CLOSING = """
Columns that are not metrics:

| column | meaning |
|---|---|
| time | ticks of the board's clock over its frequency, less the cost of measuring; the median |
| ± | median absolute deviation: the median of the distances from the median |
| share | time of the layer over the time of the whole model |
| n | repetitions |
| sum of layers | the layers' medians, added |
| whole model | the region around all layers, measured by itself |
| not in a layer | whole model less the sum of layers: the executor between layers |

[Extending](extending.md#derived-metric) shows how to add a metric.
"""


def row(collector: object) -> str:
    """Return a collector's line of the table."""
    if isinstance(collector, Ratio):
        scale = f"{collector.scale:g} x " if collector.scale != 1 else ""
        formula = f"{scale}{collector.over[0]} / {collector.under[0]}, of one provider"
        counters, unit = collector.counters, collector.unit
    else:
        formula = " ".join((inspect.getdoc(collector) or "").split())
        counters, unit = collector.counters, ""  # type: ignore[attr-defined]
    names = ", ".join(f"`{one}`" for one in counters) or "none: the model's tensors"
    return f"| {collector.name} | {unit} | {formula} | {names} |"  # type: ignore[attr-defined]


def text() -> str:
    """Return the page."""
    return INTRODUCTION + "\n".join(row(one) for one in COLLECTORS) + "\n" + CLOSING
