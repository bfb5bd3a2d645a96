# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Add derived metrics to a report."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.metrics.collectors import Context, MetricCollector
from zephyr_counters.report.report import Metric, Report, Row
from zephyr_counters.report.simulation import timed_by_simulation
from zephyr_counters.report.totals import sum_of_layers


def with_metrics(report: Report, collectors: Iterable[MetricCollector]) -> Report:
    """Return the report with the metrics that these collectors derive for each row.

    An exception from a collector becomes a note, so that the measurement is not lost with it.
    """
    chosen = tuple(collectors)
    failures: dict[str, None] = {}
    total = sum_of_layers(report)
    rows = []
    for row in report.rows:
        known = row
        if row.origin is Origin.WHOLE and total is not None and row.macs is None:
            known = replace(
                row,
                macs=total.macs,
                bytes_read=total.bytes_read,
                bytes_written=total.bytes_written,
            )
        rows.append(replace(known, metrics=_metrics(report, known, chosen, failures)))
    return replace(report, rows=tuple(rows), notes=(*report.notes, *failures))


def _metrics(
    report: Report,
    row: Row,
    collectors: tuple[MetricCollector, ...],
    failures: dict[str, None],
) -> dict[str, Metric]:
    usable = {}
    values = {}
    for series in row.counters:
        counter = report.counter(series.name)
        statistics = row.statistics(series.name)
        if statistics is not None and not counter.stuck and not series.wrapped:
            usable[series.name] = counter
            values[series.name] = statistics.median
    seconds = report.seconds(row)
    context = Context(
        origin=row.origin,
        name=row.name,
        seconds=None if seconds is None else seconds.median,
        macs=row.macs,
        bytes_read=row.bytes_read,
        bytes_written=row.bytes_written,
        accelerator=row.accelerator,
        counters=usable,
        simulated=timed_by_simulation(report, row),
    )
    found: dict[str, Metric] = {}
    for collector in collectors:
        try:
            metrics = dict(collector.collect(values, context))
        except Exception as error:
            failures[f"collector {collector.name} failed: {error!r}"] = None
            continue
        for name, metric in metrics.items():
            if math.isfinite(metric.value):
                found[name] = metric
    return found
