# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""ExecuTorch's ETDump: durations of instructions, and of what a delegate did in them.

A flatbuffer with the identifier ED00 (devtools/etdump/etdump_schema_flatcc.fbs), after its size as
ETDumpGen writes it, or without (flatc). It is read without the package executorch, which needs
PyTorch. Each block of `run_data` that ran the method is a
repetition. An instruction is one or more events: `OPERATOR_CALL` or `DELEGATE_CALL` around it, and
`native_call_NAME` of its kernel. Times are in the ticks of the platform's clock, which are
nanoseconds on most.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from zephyr_counters.errors import BlobError
from zephyr_counters.report.importers.importer import MOST_VALUES, Region, Source, made, unique
from zephyr_counters.report.report import Report

_IDENTIFIER = b"ED00"
_WHOLE = "Method::execute"
_AROUND = ("OPERATOR_CALL", "DELEGATE_CALL")
_KERNEL = "native_call_"
_REST = "rest of the delegate's call"
_NANOSECONDS = 1_000_000_000
_MOST_NAME = 300


class _Table:
    """A table of a flatbuffer. Every access is checked: offsets come from the file.

    https://flatbuffers.dev/internals: a table begins with the distance to its vtable, which has the
    place of each field, 0 for a field with the default value.
    """

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self._fields = at - self._get("<i", at)
        self._size = self._get("<H", self._fields)

    def _get(self, form: str, at: int) -> int:
        if at < 0:
            raise BlobError("ETDump points outside of itself")
        try:
            return int(struct.unpack_from(form, self.data, at)[0])
        except struct.error as error:
            raise BlobError("ETDump points outside of itself") from error

    def _place(self, field: int) -> int | None:
        entry = 4 + 2 * field
        offset = self._get("<H", self._fields + entry) if entry + 2 <= self._size else 0
        return self.at + offset if offset else None

    def number(self, field: int, form: str, default: int) -> int:
        """Return a scalar."""
        at = self._place(field)
        return default if at is None else self._get(form, at)

    def _target(self, field: int) -> int | None:
        at = self._place(field)
        return None if at is None else at + self._get("<I", at)

    def table(self, field: int) -> _Table | None:
        """Return a table."""
        at = self._target(field)
        return None if at is None else _Table(self.data, at)

    def text(self, field: int) -> str:
        """Return a string, cut if it is very long; "" without one."""
        at = self._target(field)
        if at is None:
            return ""
        length = self._get("<I", at)
        if at + 4 + length > len(self.data):
            raise BlobError("ETDump has a text that ends outside of it")
        return self.data[at + 4 : at + 4 + min(length, _MOST_NAME)].decode("utf-8", "replace")

    def tables(self, field: int) -> Iterator[_Table]:
        """Yield the tables of a vector."""
        at = self._target(field)
        if at is None:
            return
        length = self._get("<I", at)
        if at + 4 + 4 * length > len(self.data):
            raise BlobError("ETDump has a list that ends outside of it")
        for index in range(length):
            entry = at + 4 + 4 * index
            yield _Table(self.data, entry + self._get("<I", entry))


@dataclass(frozen=True)
class _Event:
    """A `ProfileEvent`; `delegate` is its identifier in a delegate, "" for the runtime's own."""

    name: str
    instruction: tuple[int, int]
    delegate: str
    ticks: int


class EtDump:
    """Reads the flatbuffer."""

    name = "ExecuTorch's ETDump"

    def detects(self, data: bytes) -> bool:
        """Return whether the file has the format's identifier."""
        return _IDENTIFIER in (data[4:8], data[8:12])

    def read(self, data: bytes, tick_hz: int | None) -> Report:
        """Return the report.

        Raises:
            BlobError: it is damaged, or did not run a method.
        """
        if data[4:8] != _IDENTIFIER:
            size = int.from_bytes(data[:4], "little")
            if size > len(data) - 4:
                raise BlobError(f"ETDump was cut: {len(data) - 4:,} of {size:,} bytes are there")
            data = data[4 : 4 + size]
        root = _Table(data, int.from_bytes(data[:4], "little"))
        runs, budget = [], MOST_VALUES
        for block in root.tables(1):
            events = []
            for event in block.tables(3):
                budget -= 1
                if budget < 0:
                    raise BlobError(f"ETDump has more than {MOST_VALUES:,} events")
                profile = event.table(0)
                if profile is not None:
                    events.append(_event(profile))
            if any(one.name == _WHOLE for one in events):
                runs.append(events)
        if not runs:
            raise BlobError(f"ETDump has no {_WHOLE}: no method ran, or events were not traced")
        return _report(runs, tick_hz)


def _event(table: _Table) -> _Event:
    number = table.number(3, "<i", -1)
    start, end = table.number(6, "<Q", 0), table.number(7, "<Q", 0)
    return _Event(
        name=table.text(0),
        instruction=(table.number(1, "<i", 0), table.number(2, "<i", -1)),
        delegate=table.text(4) or (str(number) if number >= 0 else ""),
        ticks=max(0, end - start),
    )


def _report(runs: list[list[_Event]], tick_hz: int | None) -> Report:
    repetitions, whole = _longest(runs)
    names = [one.name for one in repetitions[0]]
    regions = [
        Region(
            name,
            [layers[index].ticks for layers in repetitions],
            names[index],
            "delegate" if repetitions[0][index].delegate else None,
        )
        for index, name in enumerate(unique(names))
    ]
    notes = ["imported from an ETDump"]
    if len(repetitions) < len(runs):
        notes.append(
            f"{len(runs) - len(repetitions)} of {len(runs)} runs have other events, such as those "
            "of another method, and are left out"
        )
    if any(one.delegate for one in repetitions[0]):
        notes.append(
            f"'{_REST}' is what it takes besides its events, which some delegates round to 1 µs"
        )
    if tick_hz is None:
        notes.append("the file does not say how long a tick is; 1 ns is assumed (--tick-hz)")
    return made(Source("ExecuTorch", tick_hz or _NANOSECONDS, notes=notes), regions, whole)


def _longest(runs: list[list[_Event]]) -> tuple[list[list[_Event]], list[int]]:
    """Return layers and duration of each run that has the events of the longest method."""
    found: dict[tuple[str, ...], tuple[list[list[_Event]], list[int]]] = {}
    for events in runs:
        layers = _layers(events)
        same = found.setdefault(tuple(one.name for one in layers), ([], []))
        same[0].append(layers)
        same[1].append(sum(one.ticks for one in events if one.name == _WHOLE))
    return max(found.values(), key=lambda same: sum(same[1]))


def _layers(events: list[_Event]) -> list[_Event]:
    """Return one event per instruction; for a delegate's call, its events and what is left."""
    found: dict[tuple[int, int], list[_Event]] = {}
    for event in events:
        if event.instruction[1] >= 0:
            found.setdefault(event.instruction, []).append(event)
    layers: list[_Event] = []
    for same in found.values():
        inner = [one for one in same if one.delegate]
        kernel = [one for one in same if one.name.startswith(_KERNEL)]
        around = [one for one in same if one.name in _AROUND]
        if inner:
            layers += [
                _Event(one.name or one.delegate, one.instruction, one.delegate, one.ticks)
                for one in inner
            ]
            if around:
                rest = around[0].ticks - sum(one.ticks for one in inner)
                layers.append(_Event(_REST, inner[0].instruction, _REST, max(0, rest)))
        elif kernel or around:
            one = (kernel or around)[0]
            name = one.name.removeprefix(_KERNEL)
            layers.append(_Event(name, one.instruction, "", one.ticks))
    return layers


IMPORTER = EtDump()
