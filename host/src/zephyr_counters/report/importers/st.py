# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What ST's tools print of a run: the duration of each node of the model's C code.

Each has means in milliseconds with three digits, in a table of its own:

- ST Edge AI (`stedgeai validate`, `ai_runner`), in `network_validate_report.txt`; with cycles of
  the core, or of core, NPU and core for each epoch of the Neural-ART accelerator;
- X-CUBE-AI 5 to 8 (`stm32ai validate`), likewise, without the nodes' names;
- X-CUBE-AI 3 and 4, in the log of the validation;
- the application aiSystemPerformance, on the board's console.

A run that was not asked for each node has the duration of the whole model only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zephyr_counters.errors import BlobError
from zephyr_counters.report.importers.importer import MOST_ROWS, Region, Source, made, unique
from zephyr_counters.report.report import UNKNOWN_BOARD, Report

_NODE = r"\s*(?P<node>\d{1,6})\s+"
_LAYER = r"(?P<layer>-?\d{1,6}|n/a|None|\[[^\]]{0,200}\])\s+"
_MS = r"(?P<ms>\d{1,9}[.,]\d{3})"


@dataclass(frozen=True)
class _Table:
    """A table of nodes.

    Attributes:
        title: what the line of its title, or of its header, contains.
        row: a line of it.
    """

    title: str
    row: re.Pattern[str]


_TABLES = (
    _Table(
        "Inference time per node",
        re.compile(
            _NODE
            + _LAYER
            + r"(?P<type>\S.{0,200}?)\s+"
            + _MS
            + r"\s+\d{1,4}\.\d%\s+\d{1,4}\.\d%\s*(?:\[(?P<counts>[\d, ]{1,400})\])?"
            r"\s*(?P<name>.{0,300}?)\s*"
        ),
    ),
    _Table(
        "Inference time by c-node",
        re.compile(
            _NODE + r"(?P<type>\S.{0,60}?)\s+(?:\d{1,6}\s+)?" + _MS + r"\s+\d{1,4}\.\d{1,2} ?%\s*"
        ),
    ),
    *(
        _Table(
            title,
            re.compile(
                _NODE
                + _LAYER
                + r"(?P<type>\S.{0,80}?)\s{1,60}\([\d, ]{1,80}\)\S{0,60}\s+"
                + _MS
                + r"(?:\s+\d{1,4}\.\d{1,2} ?%)?\s*"
            ),
        )
        for title in ("c_id  m_id  desc", "Clayer  id  desc")
    ),
)
_SUMMARY = "ST.AI Profiling results"
_FIELD = re.compile(r"\s*(?P<key>[\w./ ()*-]{1,40}?)\s*:\s*(?P<value>\S.{0,300}?)\s*")
_DURATION = re.compile(_MS + r" ?ms\b")
_SAMPLES = re.compile(r"\s*Results for\b.{0,100}?(\d{1,9}) inference.{0,200}")
_TYPE = re.compile(r"(?:\d{1,6}/)?\(?(?P<name>[^()]{1,200}?)\)?(?:\s*\(0x[0-9a-fA-F]{1,8}\))?")
_TOOL = re.compile(r"(ST Edge AI|Neural Network Tools for STM32).{0,200}")
_HZ = 1_000_000
_MOST_LINE = 2_000
_PHASES = ("pre-cycles", "core-cycles", "post-cycles")
"""Of an epoch: the core prepares it, the accelerator runs it, the core cleans up."""


class St:
    """Reads the table of nodes, and what is above it about model and target."""

    name = "ST's network_validate_report.txt"

    def detects(self, data: bytes) -> bool:
        """Return whether there is a table of nodes, or a summary of a run."""
        return any(one.encode() in data for one in (_SUMMARY, *(each.title for each in _TABLES)))

    def read(self, data: bytes, tick_hz: int | None) -> Report:
        """Return the report; ticks are microseconds, the last digit of the table.

        Raises:
            BlobError: there is no duration.
        """
        lines = [one[:_MOST_LINE] for one in data.decode("utf-8", "replace").splitlines()]
        start, table = _found(lines)
        about = _about(lines[max(0, start - MOST_ROWS) : start])
        rows = [] if table is None else _rows(lines[start : start + 2 * MOST_ROWS], table)
        whole = _DURATION.match(about.get("duration", ""))
        if not rows and whole is None:
            raise BlobError("ST's report has no node with a duration")
        types = [_operator(one["type"]) for one in rows]
        given = [one.groupdict() for one in rows]
        names = unique([one.get("name") or type_ for one, type_ in zip(given, types, strict=True)])
        regions = [
            Region(
                name,
                [_ticks(one["ms"])],
                type_,
                "NPU" if type_.startswith("epoch") and "(SW)" not in type_ else None,
                _counters(one.get("counts")),
            )
            for name, type_, one in zip(names, types, given, strict=True)
        ]
        return made(_source(about, bool(rows)), regions, [_ticks(whole["ms"])] if whole else [])


def _found(lines: Sequence[str]) -> tuple[int, _Table | None]:
    """Return the first table and its line; without one, where the file ends."""
    for index, line in enumerate(lines):
        for table in _TABLES:
            if table.title in line:
                return index, table
    return len(lines), None


def _about(lines: Sequence[str]) -> dict[str, str]:
    about = {
        match["key"]: match["value"]
        for line in lines
        if (match := _FIELD.fullmatch(line)) is not None
    }
    for line in lines:
        if tool := _TOOL.fullmatch(line.strip()):
            about["tool"] = tool[0]
        if samples := _SAMPLES.fullmatch(line):
            about["nb sample(s)"] = samples[1]
    return about


def _rows(lines: Sequence[str], table: _Table) -> list[re.Match[str]]:
    """Return the rows of the first block of lines that are rows."""
    found: list[re.Match[str]] = []
    for line in lines:
        match = table.row.fullmatch(line)
        if match is not None and int(match["node"]) == len(found):
            found.append(match)
    return found


def _source(about: Mapping[str, str], nodes: bool) -> Source:
    samples = about.get("nb sample(s)") or about.get("nb samples") or "some"
    notes = [
        f"imported from ST's report: values are means of {samples} samples, rounded to 1 µs; how "
        "much they vary is not in the file"
    ]
    if not nodes:
        notes.append("the file has no durations of nodes")
    return Source(
        profiler=about.get("tool", "ST"),
        hz=_HZ,
        board=next(
            (about[key] for key in ("device.desc", "device", "target/series") if key in about),
            UNKNOWN_BOARD,
        ),
        model=about.get("model_name", ""),
        created=about.get("Created date", ""),
        notes=notes,
    )


def _operator(text: str) -> str:
    """Return a type without numbers: `Conv2D (0x103)`, `10005/(Dense)`."""
    match = _TYPE.fullmatch(text)
    return match["name"] if match else text


def _ticks(milliseconds: str) -> int:
    return int(milliseconds.replace(".", "").replace(",", ""))


def _counters(text: str | None) -> dict[str, list[int]]:
    """Return the counts in the brackets: the core's cycles, or those of core, NPU and core."""
    counts = [int(one.replace(",", "")) for one in (text or "").split()]
    if len(counts) == 1:
        return {"cycles": counts}
    if len(counts) == len(_PHASES):
        return {name: [one] for name, one in zip(_PHASES, counts, strict=True)}
    return {f"cycles-{index}": [one] for index, one in enumerate(counts)}


IMPORTER = St()
