# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What TensorFlow Lite for Microcontrollers prints: `LogCsv`, `Log` and `LogTicksPerTagCsv`.

All are lines of a console's log (tensorflow/lite/micro/micro_profiler.cc). A tag is the operator's
name. Nothing says exactly how long a tick is: `ticks_per_second()` of the target does.
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
_ALL = re.compile(r'"?total number of ticks"?, (\d{1,18})')  # older versions: no quotes
_TOOK = re.compile(r"(\S.{0,199}?) took (\d{1,18}) ticks \((\d{1,12}) ms\)\.?")
_PREPARATION = "tflite::"
"""Begins the tags of what TFLM's benchmark measures before it runs the model."""
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
        return made(_source(tick_hz), _regions([one for one in found if one]))


def _events(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Return (tag, ticks) of the lines that directly follow a header, in the order of events."""
    found: list[tuple[str, int]] = []
    for line in lines:
        match = _EVENT.fullmatch(line)
        if match is None or int(match[1]) != len(found):
            break
        found.append((match[2], int(match[3])))
    return found


class Lines:
    """`Log`: one line per operator, `CONV_2D took 6400 ticks (0 ms).`. Blocks are repetitions."""

    name = "TFLM's Log"

    def detects(self, data: bytes) -> bool:
        """Return whether there is such a line."""
        return re.search(rb" took \d{1,18} ticks \(\d{1,12} ms\)", data) is not None

    def read(self, data: bytes, tick_hz: int | None) -> Report:
        """Return the report.

        Raises:
            BlobError: blocks differ, or ticks have no duration.
        """
        blocks: list[list[tuple[str, int]]] = [[]]
        for line in data.decode("utf-8", "replace").splitlines():
            if match := _TOOK.fullmatch(line.strip()):
                blocks[-1].append((match[1], int(match[2])))
            elif blocks[-1]:
                blocks.append([])
        return made(_source(tick_hz), _regions([one for one in blocks if one]))


def _regions(tables: Sequence[Sequence[tuple[str, int]]]) -> list[Region]:
    """Return a region for each event of the first table; the tables are repetitions.

    What is measured before the model runs is left out.
    """
    tables = [one for one in tables if not one[0][0].startswith(_PREPARATION)]
    if not tables:
        raise BlobError("TFLM's table has no event")
    tags = [tag for tag, _ in tables[0]]
    for number, table in enumerate(tables[1:], 2):
        if [tag for tag, _ in table] != tags:
            raise BlobError(
                f"TFLM's table {number} has other events than the first",
                "call ClearEvents() before each Invoke(), or keep the tables of one model",
            )
    return [
        Region(name, [table[index][1] for table in tables], tags[index].lower())
        for index, name in enumerate(unique(tags))
    ]


class Totals:
    """`LogTicksPerTagCsv`: one line per operator type, summed up over its layers."""

    name = "TFLM's LogTicksPerTagCsv"

    def detects(self, data: bytes) -> bool:
        """Return whether there is a table of sums."""
        return _TOTALS.encode() in data

    def read(self, data: bytes, tick_hz: int | None) -> Report:
        """Return the report.

        Raises:
            BlobError: there is no line, tables differ, or ticks have no duration.
        """
        tables: list[list[tuple[str, int]]] = []
        whole: list[int] = []
        notes = ["a row is all layers of one operator together"]
        for lines in _tables(data, _TOTALS):
            table, total = _sums(lines)
            if not table or table[0][0].startswith(_PREPARATION):
                continue
            tables.append(table)
            if total is None:
                continue
            whole.append(total)
            found = sum(ticks for _, ticks in table)
            if found != total:
                notes.append(
                    f"the lines of table {len(tables)} add up to {found} ticks and not to its "
                    f"total of {total}: TFLM's profiler goes on adding from table to table; use "
                    "Log() or LogCsv()"
                )
        return made(_source(tick_hz, *notes), _regions(tables), whole)


def _sums(lines: Sequence[str]) -> tuple[list[tuple[str, int]], int | None]:
    """Return (tag, ticks) of the lines that directly follow a header, and their total."""
    found: list[tuple[str, int]] = []
    for line in lines:
        if total := _ALL.fullmatch(line):
            return found, int(total[1])
        match = _TOTAL.fullmatch(line)
        if match is None:
            break
        found.append((match[1], int(match[2])))
    return found, None


EVENTS, LINES, TOTALS = Events(), Lines(), Totals()
