# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports for speedscope: one evented profile per pass, with layers inside the model.

Format: https://www.speedscope.app/file-format-schema.json. Times never decrease, and the frames of
a profile open and close in pairs. Records have no start times, so regions are laid end to end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.exports.export import Export
from zephyr_counters.report.exports.ticks import microseconds_per_tick
from zephyr_counters.report.report import Report

_SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def to_speedscope(*reports: Report) -> dict[str, Any]:
    """Return the file as plain data; layers of the same name in several reports are one frame."""
    frames: dict[str, int] = {}
    for report in reports:
        for row in report.rows:
            frames.setdefault(row.name, len(frames))
    return {
        "$schema": _SCHEMA,
        "name": _title(reports[0]),
        "exporter": reports[0].generator,
        "activeProfileIndex": 0,
        "shared": {"frames": [{"name": name} for name in frames]},
        "profiles": [
            _profile(report, index, frames)
            for report in reports
            for index in range(len(report.passes))
        ],
    }


def _title(report: Report) -> str:
    return f"{report.model.name} on {report.board}" if report.model else report.board


def _profile(report: Report, index: int, frames: Mapping[str, int]) -> dict[str, Any]:
    events = list(_events(report, index, frames))
    which = f", pass {index}" if len(report.passes) > 1 else ""
    return {
        "type": "evented",
        "name": f"{_title(report)}, {report.created}{which}",
        "unit": "microseconds",
        "startValue": 0,
        "endValue": events[-1]["at"] if events else 0,
        "events": events,
    }


def _events(report: Report, index: int, frames: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    scale = microseconds_per_tick(report)
    inner: list[tuple[int, tuple[int, ...]]] = []
    outer: list[tuple[int, tuple[int, ...]]] = []
    for row in report.rows:
        part = outer if row.origin is Origin.WHOLE else inner
        part.append((frames[row.name], row.ticks[index].values))
    repetitions = max((len(values) for _, values in (*inner, *outer)), default=0)
    start = 0
    for repetition in range(repetitions):
        whole = [(frame, values[repetition]) for frame, values in outer if repetition < len(values)]
        parts = [(frame, values[repetition]) for frame, values in inner if repetition < len(values)]
        end = start + max([sum(ticks for _, ticks in parts), *(ticks for _, ticks in whole)])
        for frame, _ in whole:
            yield {"type": "O", "frame": frame, "at": start * scale}
        at = start
        for frame, ticks in parts:
            yield {"type": "O", "frame": frame, "at": at * scale}
            at += ticks
            yield {"type": "C", "frame": frame, "at": at * scale}
        for frame, _ in reversed(whole):
            yield {"type": "C", "frame": frame, "at": end * scale}
        start = end


def _write(*reports: Report) -> str:
    return json.dumps(to_speedscope(*reports))


EXPORT = Export(
    "speedscope",
    ".speedscope.json",
    "save a profile for https://www.speedscope.app",
    _write,
    joined=_write,
)
