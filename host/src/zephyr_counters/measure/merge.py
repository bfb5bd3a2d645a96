# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Merge the record blobs of one or more passes into the rows of a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from zephyr_counters.blob.catalog import Catalog, Kind
from zephyr_counters.blob.records import Measure, Origin, Record, RecordBlob
from zephyr_counters.blob.selection import Position, Selection
from zephyr_counters.errors import BlobError
from zephyr_counters.report.report import Opaque, Pass, ReportCounter, Row, Series

Key = tuple[Origin, int]
Describe = Callable[[Origin, int], Row]
"""Return a row without values for an origin and a tag."""


@dataclass(frozen=True)
class PassData:
    """The records of one pass.

    Attributes:
        blobs: in the order taken; repetitions may start again at 0 in later ones.
    """

    selection: Selection
    blobs: tuple[RecordBlob, ...]


@dataclass(frozen=True)
class Merged:
    """The parts of a report that come from records."""

    passes: tuple[Pass, ...]
    counters: tuple[ReportCounter, ...]
    rows: tuple[Row, ...]


def merge(
    catalog: Catalog, passes: Sequence[PassData], describe: Describe, warmup: int = 0
) -> Merged:
    """Merge passes over the same input: each counter comes from the pass that measured it.

    Args:
        catalog: the board's, for all blobs.
        passes: at least one, each with at least one blob.
        describe: names the rows.
        warmup: how many repetitions at the beginning of each pass do not count; fewer than there
            are.

    Raises:
        BlobError: the passes did not measure the same regions equally often.
    """
    grouped = [_group(data) for data in passes]
    first = grouped[0]
    for index, other in enumerate(grouped):
        for key in dict.fromkeys((*first, *other)):
            here, there = len(first.get(key, ())), len(other.get(key, ()))
            if here != there:
                raise BlobError(
                    f"{key[0].name.lower()} {key[1]} was measured {here} times in pass 0 and "
                    f"{there} times in pass {index}; passes must do the same"
                )
    order = sorted(first, key=lambda key: key[0] is Origin.WHOLE)
    layers = sum(key[0] is Origin.LAYER for key in first)
    runs = [_pass(data) for data in passes]
    rows = []
    for key in order:
        inner = layers if key[0] is Origin.WHOLE else 0
        row = describe(*key)
        for one, data, groups in zip(runs, passes, grouped, strict=True):
            row = _add(row, data.blobs[0].positions, groups[key], one.cost(inner), warmup)
        rows.append(row)
    return Merged(
        passes=tuple(runs),
        counters=tuple(
            one for index, data in enumerate(passes) for one in _counters(catalog, index, data)
        ),
        rows=tuple(rows),
    )


def _pass(data: PassData) -> Pass:
    first = data.blobs[0]
    return Pass(data.selection, first.overhead, first.nested, data.selection.lock_interrupts)


def _group(data: PassData) -> dict[Key, list[Record]]:
    """Return the records of each row, in the order in which they were measured.

    Of the records with the same (origin, tag), a device sends the earlier first.
    """
    groups: dict[Key, list[Record]] = {}
    for blob in data.blobs:
        for record in blob.records:
            groups.setdefault((record.origin, record.tag), []).append(record)
    return groups


def _add(
    row: Row, positions: Sequence[Position], records: list[Record], cost: Measure, warmup: int
) -> Row:
    """Return the row with what one pass measured."""
    first, records = records[:warmup], records[warmup:]
    ticks = Series(
        "ticks",
        tuple(one.ticks for one in records),
        cost.ticks,
        calls=row.calls,
        warmup=tuple(one.ticks for one in first),
    )
    counters, opaque = list(row.counters), list(row.opaque)
    for position in positions:
        if position.value is None:
            opaque.append(_opaque(position, records))
        else:
            series = replace(
                _series(position, position.value, records, cost),
                warmup=tuple(one.values[position.value] for one in first),
            )
            level = position.counter.kind is Kind.LEVEL
            counters.append(replace(series, calls=1 if level else row.calls))
    return replace(row, ticks=(*row.ticks, ticks), counters=tuple(counters), opaque=tuple(opaque))


def _series(position: Position, value: int, records: list[Record], cost: Measure) -> Series:
    return Series(
        name=position.name,
        raw=tuple(record.values[value] for record in records),
        cost=cost.values[value] if position.counter.kind is Kind.COUNT else 0,
        wrapped=tuple(index for index, record in enumerate(records) if value in record.wrapped),
    )


def _opaque(position: Position, records: list[Record]) -> Opaque:
    return Opaque(
        name=position.name,
        data=tuple(record.opaque.get(position.index, b"") for record in records),
        cut=tuple(index for index, record in enumerate(records) if record.cut),
    )


def _counters(catalog: Catalog, index: int, data: PassData) -> list[ReportCounter]:
    providers = {one.name: one for one in catalog.providers}
    stuck = frozenset().union(*(blob.stuck for blob in data.blobs))
    return [
        ReportCounter(
            name=position.name,
            unit=position.counter.unit,
            kind=position.counter.kind,
            width=position.counter.width,
            compatible=providers[position.provider].compatible,
            clock_hz=providers[position.provider].clock_hz,
            clock=providers[position.provider].clock,
            simulated=providers[position.provider].simulated,
            max_per_cycle=position.counter.max_per_cycle,
            pass_index=index,
            stuck=position.index in stuck,
            description=position.counter.description,
        )
        for position in data.blobs[0].positions
    ]
