# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports as a trace (Chrome's Trace Event Format), for Perfetto or chrome://tracing.

Records hold durations but no start times. Layers are therefore laid end to end inside the model, in
the order in which they ran. The format's unit of time is the microsecond.

Regions are pairs of begin and end events: the start and duration of a complete event are rounded
each, so that neighbours would overlap by a nanosecond, and Perfetto drops what overlaps. Counts are
counter events, not arguments of the regions: speedscope takes regions for the same function only if
their names and arguments are equal, those of begin and end too, and requires a time in each event.
Perfetto calls the track of a counter event by its name and the name of its argument, which is
therefore the unit, and takes the thread whose number is the process's for its main thread. Process
0 is reserved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.exports.ticks import microseconds_per_tick
from zephyr_counters.report.report import Report, ReportCounter, Row


def to_trace(*reports: Report) -> dict[str, Any]:
    """Return the trace as plain data: one process per report and pass."""
    first = reports[0]
    events: list[dict[str, Any]] = []
    process = 0
    for report in reports:
        for index in range(len(report.passes)):
            process += 1
            for event in (*_names(report, index, len(reports) > 1), *_pass(report, index)):
                events.append({"pid": process, "tid": process, **event})
    return {
        "displayTimeUnit": "ns",
        "otherData": {
            "generator": first.generator,
            "created": first.created,
            "board": first.board,
            "model": first.model.name if first.model else "",
            "layout": "durations are measured, per call; starts are laid end to end",
        },
        "traceEvents": events,
    }


def _names(report: Report, index: int, several: bool) -> Iterator[dict[str, Any]]:
    title = f"{report.model.name} on {report.board}" if report.model else report.board
    if len(report.passes) > 1:
        title += f", pass {index}"
    stuck = [one.name for one in report.counters if one.stuck and one.pass_index == index]
    names = [("process_name", {"name": f"{title}, {report.created}" if several else title})]
    if stuck:
        names.append(("process_labels", {"labels": f"does not advance: {', '.join(stuck)}"}))
    names.append(("thread_name", {"name": "inference" if report.layers else "regions"}))
    for kind, arguments in names:
        yield {"ph": "M", "ts": 0, "name": kind, "args": arguments}


def _pass(report: Report, index: int) -> Iterator[dict[str, Any]]:
    scale = microseconds_per_tick(report)
    outer = [row for row in report.rows if row.origin is Origin.WHOLE]
    inner = [row for row in report.rows if row.origin is not Origin.WHOLE]
    repetitions = max((len(row.ticks[index].raw) for row in report.rows), default=0)
    runs = dict(zip(accumulate((0, *report.runs)), range(1, len(report.runs) + 1), strict=False))
    start = 0
    for repetition in range(repetitions):
        if repetition in runs:
            yield {"ph": "i", "s": "p", "name": f"run {runs[repetition]}", "ts": start * scale}
        around = [row for row in outer if repetition < len(row.ticks[index].raw)]
        parts = [row for row in inner if repetition < len(row.ticks[index].raw)]
        for row in around:
            yield _event("B", row, start * scale)
            yield from _counts(report, row, index, repetition, start * scale)
        at = start
        for row in parts:
            yield _event("B", row, at * scale)
            yield from _counts(report, row, index, repetition, at * scale)
            at += row.ticks[index].values[repetition]
            yield _event("E", row, at * scale)
        for row in reversed(around):
            at = max(at, start + row.ticks[index].values[repetition])
            yield _event("E", row, at * scale)
        start = at


def _event(phase: str, row: Row, microseconds: float) -> dict[str, Any]:
    described = {
        "operator": "+".join(row.ops),
        "inputs": "; ".join(row.inputs),
        "outputs": "; ".join(row.outputs),
        "MACs": row.macs,
        "kernel": row.kernel,
        "accelerator": row.accelerator,
        "candidate": row.candidate,
    }
    return {
        "ph": phase,
        "name": row.name,
        "cat": row.origin.name.lower(),
        "ts": microseconds,
        "args": {name: value for name, value in described.items() if value},
    }


def _counts(
    report: Report, row: Row, index: int, repetition: int, microseconds: float
) -> Iterator[dict[str, Any]]:
    """Yield a sample per counter that advances, at the start of the region that it belongs to.

    A track shows what layers counted; the model's own counts would double them.
    """
    if row.origin is Origin.WHOLE and report.layers:
        return
    for series in row.counters:
        counter = report.counter(series.name)
        if counter.pass_index != index or counter.stuck or repetition >= len(series.raw):
            continue
        value = series.values[repetition]
        yield {
            "ph": "C",
            "name": series.name,
            "ts": microseconds,
            "args": {
                _quantity(counter, repetition in series.wrapped): (
                    value if series.calls == 1 else value / series.calls
                )
            },
        }


def _quantity(counter: ReportCounter, wrapped: bool) -> str:
    unit = "count" if counter.unit == "1" else counter.unit
    doubts = [
        *(["simulated"] if counter.simulated else []),
        *(["wrapped, too small"] if wrapped else []),
    ]
    return f"{unit} ({', '.join(doubts)})" if doubts else unit


def _write(*reports: Report) -> str:
    return json.dumps(to_trace(*reports))


EXPORT = Export(
    "trace",
    ".trace.json",
    "save a trace for Perfetto or chrome://tracing",
    _write,
    joined=_write,
)
