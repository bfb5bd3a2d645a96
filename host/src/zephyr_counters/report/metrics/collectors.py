# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Where interpretation plugs in: counters in, derived metrics out.

Third-party packages add collectors by entry points of group `zephyr_counters.collectors`, each a
`MetricCollector` or a callable that returns one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Protocol, runtime_checkable

from zephyr_counters.blob.records import Origin
from zephyr_counters.errors import UsageError
from zephyr_counters.report.report import Metric, Report, ReportCounter, Row
from zephyr_counters.report.totals import sum_of_layers

GROUP = "zephyr_counters.collectors"


@dataclass(frozen=True)
class Context:
    """What a collector may know of a row besides its counters.

    Attributes:
        seconds: median duration of a call, None if unknown.
        macs: multiply-accumulates of a call, None if unknown, as are the bytes.
        accelerator: which one runs the layer, None for the CPU.
        counters: what the counters in `values` are (unit, clock, ...), by name.
    """

    origin: Origin
    name: str
    seconds: float | None
    macs: int | None
    bytes_read: int | None
    bytes_written: int | None
    accelerator: str | None
    counters: Mapping[str, ReportCounter]


@runtime_checkable
class MetricCollector(Protocol):
    """Turns a row's counters into metrics.

    Attributes:
        name: of the collector.
        counters: patterns of the counters it needs; passed to `profile(collectors=...)` they are
            measured where the board has them.
    """

    @property
    def name(self) -> str: ...

    @property
    def counters(self) -> Sequence[str]: ...

    def collect(self, values: Mapping[str, float], context: Context) -> Mapping[str, Metric]:
        """Return metrics by name, only those that the values allow.

        Args:
            values: medians of a call by `provider:counter`. Counters that do not advance and
                such that wrapped are not there.
            context: the row.
        """
        ...


def installed() -> tuple[MetricCollector, ...]:
    """Return the built-in collectors and those of installed packages.

    Raises:
        UsageError: a package's collector is not one.
    """
    from zephyr_counters.report.metrics.built_in import BUILT_IN

    found: list[MetricCollector] = list(BUILT_IN)
    for point in metadata.entry_points(group=GROUP):
        loaded = point.load()
        collector = loaded() if callable(loaded) else loaded
        if not isinstance(collector, MetricCollector):
            raise UsageError(f"entry point {point.name} of group {GROUP} is not a MetricCollector")
        found.append(collector)
    return tuple(found)


def with_metrics(report: Report, collectors: Iterable[MetricCollector]) -> Report:
    """Return the report with the metrics of each row from these collectors.

    What a collector raises becomes a note: the measurement is worth more than the metric.
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
