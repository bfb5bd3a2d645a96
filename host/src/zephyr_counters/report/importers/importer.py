# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What an importer is, and how it makes a report of what another profiler measured."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from zephyr_counters.blob.catalog import Catalog, ClockKind, Counter, Kind, Provider
from zephyr_counters.blob.records import Measure, Origin
from zephyr_counters.blob.selection import Selection
from zephyr_counters.errors import BlobError
from zephyr_counters.report.report import (
    UNKNOWN_BOARD,
    Model,
    Pass,
    Report,
    ReportCounter,
    Row,
    Series,
)

MOST_ROWS = 10_000
MOST_VALUES = 1_000_000
"""Durations and counts in all rows together."""
LARGEST = 2**63 - 1
_COST = "what measuring adds to the values is not known, and is still in them"


@runtime_checkable
class Importer(Protocol):
    """Reads one format of another profiler.

    Attributes:
        name: of the profiler, for messages.
        suffix: what its files are usually called, for messages.
    """

    @property
    def name(self) -> str:
        """Name of the profiler."""
        ...

    def detects(self, data: bytes) -> bool:
        """Return whether the content is of this format."""
        ...

    def read(self, data: bytes, tick_hz: int | None) -> Report:
        """Return the report.

        Args:
            data: the whole file.
            tick_hz: the frequency of its clock; None if the user does not say.

        Raises:
            BlobError: the file is damaged, or does not say how long a tick is.
        """
        ...


@dataclass
class Region:
    """A layer as another profiler measured it.

    Attributes:
        ticks: one per repetition.
        counters: values by name, one per repetition.
    """

    name: str
    ticks: list[int] = field(default_factory=list)
    operator: str = ""
    unit: str | None = None
    counters: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where a report comes from.

    Attributes:
        profiler: name and version of the program that measured.
        created: when, as the file says; "" if it does not.
        hz: the clock's frequency.
        notes: doubts, one line each.
    """

    profiler: str
    hz: int
    board: str = UNKNOWN_BOARD
    model: str = ""
    created: str = ""
    notes: Sequence[str] = ()


def made(source: Source, regions: Sequence[Region], whole: Sequence[int] = ()) -> Report:
    """Return a report.

    Args:
        source: where the numbers come from.
        regions: layers in the order in which they ran; empty if only the model was measured.
        whole: the model's durations in ticks, one per repetition; empty if it was not measured.

    Raises:
        BlobError: there are neither layers nor a model, too many, or numbers that are out of range.
    """
    values = [one.ticks for one in regions] + [
        one for region in regions for one in region.counters.values()
    ]
    if not (regions or whole) or len(regions) > MOST_ROWS or sum(map(len, values)) > MOST_VALUES:
        raise BlobError(
            f"{source.profiler}: {len(regions)} layers; 1 to {MOST_ROWS} with "
            f"{MOST_VALUES:,} values can be read"
        )
    if not all(0 <= one <= LARGEST for each in (*values, whole) for one in each):
        raise BlobError(f"{source.profiler}: a value is negative or too large")
    if not 0 < source.hz <= LARGEST:
        raise BlobError(f"{source.profiler}: {source.hz} Hz is not a frequency of a clock")
    names = list(dict.fromkeys(name for one in regions for name in one.counters))
    nothing = Measure(0, (0,) * len(names))
    counters = tuple(Counter(name, _unit(name), 64, Kind.COUNT) for name in names)
    provider = Provider("imported", "", len(names), 0, None, counters)
    return Report(
        generator=source.profiler,
        created=source.created,
        link="",
        catalog=Catalog(
            source.board,
            source.profiler,
            source.hz,
            0,
            (provider,) if names else (),
            ClockKind.NONE,
            "",
        ),
        model=Model(source.model, "", "", "", {}) if source.model else None,
        passes=(Pass(Selection(), nothing, nothing, False),),
        counters=tuple(_counter(one) for one in counters),
        rows=tuple(_rows(regions, whole, source.model or "model")),
        notes=(*source.notes, _COST),
    )


def _rows(regions: Sequence[Region], whole: Sequence[int], model: str) -> list[Row]:
    rows = [
        Row(
            Origin.LAYER,
            tag,
            one.name,
            ops=(one.operator,) if one.operator else (),
            accelerator=one.unit,
            ticks=(Series("ticks", tuple(one.ticks)),),
            counters=_series(one.counters),
        )
        for tag, one in enumerate(regions)
    ]
    if whole:
        rows.append(Row(Origin.WHOLE, 0, model, ticks=(Series("ticks", tuple(whole)),)))
    return rows


def _series(counters: Mapping[str, list[int]]) -> tuple[Series, ...]:
    return tuple(Series(f"imported:{name}", tuple(values)) for name, values in counters.items())


def _counter(counter: Counter) -> ReportCounter:
    return ReportCounter(
        name=f"imported:{counter.name}",
        unit=counter.unit,
        kind=counter.kind,
        width=counter.width,
        compatible="",
        clock_hz=0,
        max_per_cycle=0,
        pass_index=0,
        stuck=False,
        description="",
    )


def _unit(name: str) -> str:
    return "cycles" if "cycles" in name else "1"


def unique(names: Sequence[str]) -> list[str]:
    """Return the names, those that occur several times with their place among them."""
    counts, seen = Counts(names), Counts[str]()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if counts[name] == 1 else f"{name} {seen[name]}")
    return found
