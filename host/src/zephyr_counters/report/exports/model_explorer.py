# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report as node data for Google's Model Explorer, which colours a model's graph by them.

A file has one number per node of the model file, so there is one file per quantity. A key is the
name of the tensor that a node writes, or the node's own name (class `GraphNodeData` of the package
ai-edge-model-explorer). Each node of a fused layer gets the whole layer's value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from zephyr_counters.blob.catalog import Kind
from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.report import Report, Row

_COLOURS = ((0, "#ffffff"), (0.5, "#ffd8a8"), (1, "#e8590c"))
_MICROSECOND = 1e-6
TIME = "time"


def to_node_data(report: Report) -> dict[str, dict[str, Any]]:
    """Return the node data of each quantity: durations in microseconds, counters, metrics."""
    found = {TIME: _node_data(report, "time, µs", lambda row: _microseconds(report, row))}
    for name, title, value in _quantities(report):
        data = _node_data(report, title, value)
        if data["results"]:
            found[name] = data
    return found


def _quantities(report: Report) -> Iterator[tuple[str, str, Callable[[Row], float | None]]]:
    for counter in report.counters:
        if counter.kind is not Kind.BYTES and not counter.stuck:
            unit = "" if counter.unit in ("", "1") else f", {counter.unit}"
            yield counter.name, f"{counter.name}{unit}", _median(counter.name)
    units = {name: one.unit for row in report.layers for name, one in row.metrics.items()}
    for name, unit in units.items():
        yield name, f"{name}, {unit}" if unit else name, _metric(name)


def _node_data(report: Report, title: str, value: Callable[[Row], float | None]) -> dict[str, Any]:
    results: dict[str, float] = {}
    for row in report.layers:
        number = value(row)
        for node in row.sources or (row.name,):
            if number is not None:
                # Several layers may do a node's work: dequantizing what each of them reads.
                results[node] = max(number, results.get(node, number))
    return {
        "name": title,
        "results": {node: {"value": number} for node, number in results.items()},
        "gradient": [{"stop": stop, "bgColor": colour} for stop, colour in _COLOURS],
    }


def _microseconds(report: Report, row: Row) -> float | None:
    seconds = report.seconds(row)
    return None if seconds is None else seconds.median / _MICROSECOND


def _median(name: str) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        found, series = row.statistics(name), row.series(name)
        return None if found is None or series is None or series.wrapped else found.median

    return value


def _metric(name: str) -> Callable[[Row], float | None]:
    return lambda row: row.metrics[name].value if name in row.metrics else None


def _write(report: Report) -> str:
    return json.dumps(to_node_data(report)[TIME], indent=1)


def _others(report: Report) -> Mapping[str, str]:
    found = to_node_data(report)
    return {name: json.dumps(data, indent=1) for name, data in found.items() if name != TIME}


EXPORT = Export(
    "model-explorer",
    ".node-data.json",
    "save node data for Model Explorer: durations, and beside F a file per counter and metric",
    _write,
    _others,
)
