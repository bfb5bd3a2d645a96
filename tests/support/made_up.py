# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Reports made up from a few numbers, for tests of what is concluded from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zephyr_counters.blob.catalog import Catalog, ClockKind, Counter, Kind, Provider
from zephyr_counters.blob.records import Measure, Origin
from zephyr_counters.blob.selection import Selection
from zephyr_counters.report import Model, Report, Row, Series
from zephyr_counters.report.report import Pass, ReportCounter

HZ = 1_000_000_000


def row(
    ticks: int | Sequence[int],
    counters: Mapping[str, int] | None = None,
    *,
    name: str = "layer",
    tag: int = 0,
    origin: Origin = Origin.LAYER,
    **fields: Any,
) -> Row:
    """A row with one duration per repetition, and one value for all of each counter."""
    raw = (ticks,) * 5 if isinstance(ticks, int) else tuple(ticks)
    series = tuple(Series(key, (value,) * len(raw)) for key, value in (counters or {}).items())
    return Row(origin, tag, name, ticks=(Series("ticks", raw),), counters=series, **fields)


def report(
    rows: Sequence[Row],
    compatible: str = "acme,none",
    peaks: Mapping[str, int] | None = None,
    *,
    board: str = "made-up",
    clock: ClockKind = ClockKind.TIMER,
    clock_hz: int = 0,
    unmeasured: Sequence[str] = (),
) -> Report:
    """A report of rows whose counters are all of one provider; ticks are nanoseconds."""
    names = list(dict.fromkeys(one.name for each in rows for one in each.counters))
    provider = names[0].partition(":")[0] if names else "unit"
    plain = [one.partition(":")[2] for one in names]
    described = tuple(
        Counter(one, "cycles", 64, Kind.COUNT, max_per_cycle=(peaks or {}).get(one, 1))
        for one in (*plain, *unmeasured)
    )
    unit = Provider(provider, compatible, 8, clock_hz, None, described)
    nothing = Measure(0, (0,) * len(names))
    return Report(
        generator="test",
        created="2026-01-01T00:00:00Z",
        link="",
        catalog=Catalog(board, "tvm-ffi", HZ, 65536, (unit,), clock_kind=clock, clock_name="t"),
        model=Model("toy", "00", "c", "0", {"activations": 100}),
        passes=(Pass(Selection(), nothing, nothing, False),),
        counters=tuple(
            ReportCounter(
                name=f"{provider}:{one.name}",
                unit=one.unit,
                kind=one.kind,
                width=one.width,
                compatible=compatible,
                clock_hz=clock_hz,
                max_per_cycle=one.max_per_cycle,
                pass_index=0,
                stuck=False,
                description="",
            )
            for one in described[: len(names)]
        ),
        rows=tuple(rows),
    )
