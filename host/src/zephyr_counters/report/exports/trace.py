# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A report as a trace (Chrome's Trace Event Format), for Perfetto or chrome://tracing.

Records hold durations but no start times. Regions are therefore placed end to end, in the order
in which they ran. The format's unit of time is the microsecond.

Counts are counter events, not arguments of the regions: speedscope takes regions for the same
function only if their names and arguments are equal, and requires a time in each event. Process
and thread 0 are reserved, and Perfetto merges 0 and 1, so that numbers begin at 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.report import Report, Row

_WHOLE, _LAYERS = 1, 2


def to_trace(report: Report) -> dict[str, Any]:
    """Return the trace as plain data: one process per pass, with threads for layers and model."""
    events: list[dict[str, Any]] = []
    for index in range(len(report.passes)):
        events += _names(report, index)
        events += _pass(report, index)
    return {
        "displayTimeUnit": "ns",
        "otherData": {
            "generator": report.generator,
            "created": report.created,
            "board": report.board,
            "model": report.model.name if report.model else "",
            "layout": "durations are measured; starts are laid end to end",
        },
        "traceEvents": events,
    }


def _names(report: Report, index: int) -> list[dict[str, Any]]:
    title = f"{report.board} pass {index}" if len(report.passes) > 1 else report.board
    stuck = [one.name for one in report.counters if one.stuck and one.pass_index == index]
    names = [("process_name", _WHOLE, {"name": title})]
    if stuck:
        names.append(
            ("process_labels", _WHOLE, {"labels": f"does not advance: {', '.join(stuck)}"})
        )
    if report.whole is not None:
        names.append(("thread_name", _WHOLE, {"name": "model"}))
    names.append(("thread_name", _LAYERS, {"name": "layers" if report.layers else "regions"}))
    return [
        {"ph": "M", "pid": index + 1, "tid": thread, "ts": 0, "name": kind, "args": arguments}
        for kind, thread, arguments in names
    ]


def _pass(report: Report, index: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    start = 0.0
    whole = report.whole
    inner = [row for row in report.rows if row.origin is not Origin.WHOLE]
    repetitions = max((len(row.ticks[index].raw) for row in report.rows), default=0)
    for repetition in range(repetitions):
        at = start
        for row in inner:
            if repetition < len(row.ticks[index].raw):
                event = _event(report, row, index, repetition, at, _LAYERS)
                events += [event, *_counts(report, row, index, repetition, at)]
                at += event["dur"]
        if whole is not None and repetition < len(whole.ticks[index].raw):
            event = _event(report, whole, index, repetition, start, _WHOLE)
            events.append(event)
            at = max(at, start + event["dur"])
        start = at
    return events


def _event(
    report: Report, row: Row, index: int, repetition: int, start: float, thread: int
) -> dict[str, Any]:
    described = {
        "operator": "+".join(row.ops),
        "kernel": row.kernel,
        "accelerator": row.accelerator,
        "candidate": row.candidate,
    }
    return {
        "ph": "X",
        "pid": index + 1,
        "tid": thread,
        "name": row.name,
        "cat": row.origin.name.lower(),
        "ts": start,
        "dur": row.ticks[index].values[repetition] / report.catalog.clock_hz * 1e6,
        "args": {name: value for name, value in described.items() if value},
    }


def _counts(
    report: Report, row: Row, index: int, repetition: int, start: float
) -> Iterator[dict[str, Any]]:
    """Yield a sample per counter that advances, at the start of the region that it belongs to."""
    for series in row.counters:
        counter = report.counter(series.name)
        if counter.pass_index != index or counter.stuck or repetition >= len(series.raw):
            continue
        quantity = "wrapped, too small" if repetition in series.wrapped else "value"
        yield {
            "ph": "C",
            "pid": index + 1,
            "tid": _LAYERS,
            "name": series.name,
            "ts": start,
            "args": {quantity: series.values[repetition]},
        }


def _write(report: Report) -> str:
    return json.dumps(to_trace(report))


EXPORT = Export("trace", ".trace.json", "save a trace for Perfetto or chrome://tracing", _write)
