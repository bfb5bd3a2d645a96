# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What rules can know about a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from zephyr_counters.blob.catalog import ClockKind, Kind
from zephyr_counters.blob.records import Origin
from zephyr_counters.report.explain.roofs import Roofs
from zephyr_counters.report.report import Report, ReportCounter, Row
from zephyr_counters.report.statistics import Statistics


@dataclass(frozen=True)
class Facts:
    """What is known about a row.

    Attributes:
        seconds: duration of one call; None if it was not measured.
        tick: the clock's resolution in seconds per call.
        values: medians per call, without counters that do not advance or may have wrapped.
        counters: unit, peak and so on of the counters in `values`.
        best_rate: the most MACs per second of any row on the same unit; None without MACs.
        most_macs: the most MACs of any row on the same unit; 0 without MACs.
        host_time: durations are those of a simulation, not of the board.
        simulated: providers whose values are made up by a simulation.
        beaten: which roofs do not hold, and why, one sentence each.
    """

    row: Row
    seconds: Statistics | None
    tick: float
    values: Mapping[str, float]
    counters: Mapping[str, ReportCounter]
    roofs: Roofs
    best_rate: float | None = None
    most_macs: int = 0
    host_time: bool = False
    simulated: frozenset[str] = field(default_factory=frozenset)
    beaten: tuple[str, ...] = ()

    @property
    def bytes_moved(self) -> int:
        """Bytes that one call reads from and writes to tensors; 0 if unknown."""
        return (self.row.bytes_read or 0) + (self.row.bytes_written or 0)

    def providers(self, compatible: str) -> Iterator[str]:
        """Yield the measured providers that match a glob and that ran this row."""
        owners = dict.fromkeys(
            name.partition(":")[0]
            for name, counter in self.counters.items()
            if fnmatchcase(counter.compatible, compatible)
        )
        unit = self.row.accelerator
        measured = {name.partition(":")[0] for name in self.values}
        offloaded = unit is not None and any(one.startswith(unit) for one in measured)
        for one in owners:
            if not offloaded or (unit is not None and one.startswith(unit)):
                yield one

    def find(self, provider: str, names: str) -> str | None:
        """Return the provider's first counter of `A|B|C` that was measured."""
        for name in names.split("|"):
            full = f"{provider}:{name}"
            if full in self.values:
                return full
        return None

    def cycles(self) -> float | None:
        """Return the core's cycles: counted, or from the duration and the board's clock."""
        for name, value in self.values.items():
            if name.partition(":")[2] in ("cycles", "cpu-cycles") and value > 0:
                clock = self.counters[name].clock_hz
                if self.roofs.clock_hz is None or clock == self.roofs.clock_hz:
                    return value
        if self.seconds is None or self.roofs.clock_hz is None:
            return None
        if self.host_time and not self.roofs.measured:
            return None
        return self.seconds.median * self.roofs.clock_hz


def facts_of(report: Report, roofs: Roofs) -> tuple[Facts, ...]:
    """Return the facts of each row but the whole model."""
    rows = [row for row in report.rows if row.origin is not Origin.WHOLE]
    rates: dict[str | None, float] = {}
    most: dict[str | None, int] = {}
    for row in rows:
        seconds = report.seconds(row)
        if row.macs and seconds is not None and seconds.median > 0:
            rate = row.macs / seconds.median
            rates[row.accelerator] = max(rate, rates.get(row.accelerator, 0.0))
            most[row.accelerator] = max(row.macs, most.get(row.accelerator, 0))
    return tuple(
        Facts(
            row=row,
            seconds=report.seconds(row),
            tick=1 / report.catalog.clock_hz / row.calls,
            values=_values(report, row),
            counters={one.name: one for one in report.counters},
            roofs=roofs,
            best_rate=rates.get(row.accelerator),
            most_macs=most.get(row.accelerator, 0),
            host_time=report.catalog.clock_kind is ClockKind.HOST,
            simulated=frozenset(one.name for one in report.catalog.providers if one.simulated),
        )
        for row in rows
    )


def _values(report: Report, row: Row) -> dict[str, float]:
    found = {}
    for series in row.counters:
        counter = report.counter(series.name)
        statistics = row.statistics(series.name)
        if counter.kind is not Kind.COUNT or counter.stuck or series.wrapped:
            continue
        if statistics is not None:
            found[series.name] = statistics.median
    return found
