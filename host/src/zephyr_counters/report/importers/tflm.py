# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What TensorFlow Lite for Microcontrollers prints: `LogCsv` and `LogTicksPerTagCsv`.

Both are lines of a console's log (tensorflow/lite/micro/micro_profiler.cc). A tag is the operator's
name. Nothing says how long a tick is: `ticks_per_second()` of the target does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zephyr_counters.errors import BlobError
from zephyr_counters.report.importers.importer import Region, Source, made, unique
from zephyr_counters.report.report import Report

_EVENTS = '"Event","Tag","Ticks"'
_TOTALS = '"Unique Tag","Total ticks across all events with that tag."'
_EVENT = re.compile(r"(\d{1,9}),(.{1,200}),(\d{1,18})")
_TOTAL = re.compile(r"(.{1,200}), (\d{1,18})")
_ALL = re.compile(r'"total number of ticks", (\d{1,18})')
_PROFILER = "TFLM MicroProfiler"


def _tables(data: bytes, header: str) -> list[list[str]]:
    """Return the lines that follow each header."""
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
    starts = [index for index, line in enumerate(lines) if line.endswith(header)]
    ends = [*starts, len(lines)][1:]
    return [lines[start + 1 : end] for start, end in zip(starts, ends, strict=True)]


def _hz(tick_hz: int | None) -> int:
    if tick_hz is None:
        raise BlobError(
            "TFLM does not write how long a tick is",
            "add --tick-hz N, what ticks_per_second() returns on the target; compare reads the "
            "file that show FILE --tick-hz N --json F.json saves",
        )
    return tick_hz


def _source(tick_hz: int | None, *notes: str) -> Source:
    return Source(_PROFILER, _hz(tick_hz), notes=("imported from a log of TFLM", *notes))


class Events:
    """`LogCsv`: one line per operator. Several tables are repetitions."""

    name = "TFLM's LogCsv"

    def detects(self, data: bytes) -> bool:
        """Return whether there is a table of events."""
        return _EVENTS.encode() in data

    def read(self, data: bytes, tick_hz: int | None) -> Report:
        """Return the report.

        Raises:
            BlobError: there is no event, tables differ, or ticks have no duration.
        """
        found = [_events(lines) for lines in _tables(data, _EVENTS)]
        tables = [one for one in found if one]
        if not tables:
            raise BlobError("TFLM's table has no event")
        tags = [tag for tag, _ in tables[0]]
        for number, table in enumerate(tables[1:], 2):
            if [tag for tag, _ in table] != tags:
                raise BlobError(
                    f"TFLM's table {number} has other events than the first",
                    "call ClearEvents() before each Invoke(), or keep the tables of one model",
                )
        regions = [
            Region(name, [table[index][1] for table in tables], tags[index].lower())
            for index, name in enumerate(unique(tags))
        ]
        return made(_source(tick_hz), regions)


def _events(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Return (tag, ticks) of the lines that directly follow a header, in the order of events."""
    found: list[tuple[str, int]] = []
    for line in lines:
        match = _EVENT.fullmatch(line)
        if match is None or int(match[1]) != len(found):
            break
        found.append((match[2], int(match[3])))
    return found


class Totals:
    """`LogTicksPerTagCsv`: one line per operator type, summed up over its layers."""

    name = "TFLM's LogTicksPerTagCsv"

    def detects(self, data: bytes) -> bool:
        """Return whether there is a table of sums."""
        return _TOTALS.encode() in data

    def read(self, data: bytes, tick_hz: int | None) -> Report:
        """Return the report.

        Raises:
            BlobError: there is no line, or ticks have no duration.
        """
        regions: dict[str, Region] = {}
        whole: list[int] = []
        for lines in _tables(data, _TOTALS):
            for line in lines:
                if total := _ALL.fullmatch(line):
                    whole.append(int(total[1]))
                    break
                match = _TOTAL.fullmatch(line)
                if match is None:
                    break
                region = regions.setdefault(match[1], Region(match[1], operator=match[1].lower()))
                region.ticks.append(int(match[2]))
        if not regions:
            raise BlobError("TFLM's table has no line")
        note = "a row is all layers of one operator together"
        return made(_source(tick_hz, note), list(regions.values()), whole)


EVENTS, TOTALS = Events(), Totals()
