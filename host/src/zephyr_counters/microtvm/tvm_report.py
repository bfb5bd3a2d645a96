# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""This package's Report as TVM 0.18's `tvm.runtime.profiling.Report`."""

from __future__ import annotations

from typing import Any

from zephyr_counters.microtvm.upstream import tvm
from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.totals import sum_of_layers

_MICROSECONDS = 1e6


def as_tvm(report: Report) -> Any:
    """Convert a report: a row a layer or function, a column a counter.

    Values are medians of one call, of counters rounded to whole ones, as TVM's counts are. A
    counter that does not advance has no column.
    """
    profiling = tvm().runtime.profiling
    whole = report.whole or sum_of_layers(report)
    all_us = _microseconds(report, whole)
    rows = [row for row in report.rows if row is not report.whole] or list(report.rows)
    calls = [_call(profiling, report, row, all_us) for row in rows]
    device = report.board
    totals = {} if whole is None else {device: _metrics(profiling, report, whole, all_us)}
    configuration = {"Executor": report.link, "Board": device, "Generator": report.generator}
    return profiling.Report(calls, totals, configuration)


def _call(profiling: Any, report: Report, row: Row, all_us: float) -> dict[str, Any]:
    return {
        "Name": row.name,
        "Device": report.board,
        "Count": profiling.Count(1),
        **_metrics(profiling, report, row, all_us),
    }


def _metrics(profiling: Any, report: Report, row: Row, all_us: float) -> dict[str, Any]:
    here = _microseconds(report, row)
    metrics = {
        "Duration (us)": profiling.Duration(here),
        "Percent": profiling.Percent(100.0 * here / all_us if all_us else 0.0),
    }
    for counter in report.counters:
        statistics = None if counter.stuck else row.statistics(counter.name)
        if statistics is not None:
            metrics[counter.name] = profiling.Count(round(statistics.median))
    for name, metric in row.metrics.items():
        metrics[f"{name} ({metric.unit})" if metric.unit else name] = profiling.Ratio(metric.value)
    return metrics


def _microseconds(report: Report, row: Row | None) -> float:
    seconds = None if row is None else report.seconds(row)
    return 0.0 if seconds is None else seconds.median * _MICROSECONDS
