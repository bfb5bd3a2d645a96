# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The roofline: MACs per cycle over MACs per byte, against what the hardware can do at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from zephyr_counters.report.explain import Explanation, Roofs
from zephyr_counters.report.explain.facts import Facts
from zephyr_counters.report.page.scale import Log, around
from zephyr_counters.report.page.text import brief
from zephyr_counters.report.report import Report
from zephyr_counters.report.roof import Roof, RoofUnit

WIDTH, HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 700, 16, 372
_LINE = 15
_LABEL = 110
_VISIBLE = 0.8
"""A roof is drawn if it is below this part of the next higher one."""
Line = tuple[float, float, float, float, str]
"""Ends (x1, y1, x2, y2) and text."""


@dataclass(frozen=True)
class Point:
    """A layer: where it is drawn, and where its label is."""

    tag: int
    name: str
    word: str
    x: float
    y: float
    intensity: float
    rate: float
    label_y: float = 0.0
    left: bool = False
    label: str = ""


@dataclass(frozen=True)
class Chart:
    """One unit's roofline.

    Attributes:
        ceiling: height of the compute roof, and its text; None if it is not known.
        slope: ends of the memory roof (x1, y1, x2, y2), and its text; None if it is not known.
        lower: lower roofs that differ visibly, such as those of slower memories.
        measured: all roofs that were measured, as text.
    """

    unit: str
    points: tuple[Point, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    ceiling: tuple[float, float, str] | None
    slope: Line | None
    source: str
    lower: tuple[Line, ...] = ()
    measured: tuple[str, ...] = ()
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def slope_text(self) -> tuple[float, float, str]:
        """Where the memory roof's text is (x, y), and what end of it: beside a long line."""
        x1, y1, x2, y2, _ = self.slope or (0.0, 0.0, 0.0, 0.0, "")
        middle = (x1 + x2) / 2 - 14
        if middle > self.left + _LABEL:
            return middle, (y1 + y2) / 2 - 4, "end"
        return max(x2, self.left), y2 - 7, "start"


def charts(
    report: Report, facts: Sequence[Facts], explanations: Sequence[Explanation], roofs: Roofs
) -> Iterator[Chart]:
    """Yield one chart for each accelerator that counts MACs, cycles and bytes, and for the core."""
    words = [one.word.value for one in explanations]
    for provider in report.catalog.providers:
        peaks = {f"{provider.name}:{one.name}": one.max_per_cycle for one in provider.counters}
        macs = f"{provider.name}:macs"
        moved = [
            f"{provider.name}:{one}"
            for one in ("bytes-in", "bytes-out", "bytes-read", "bytes-written")
            if f"{provider.name}:{one}" in peaks
        ]
        samples = []
        for one, word in zip(facts, words, strict=True):
            busy = one.find(provider.name, "busy-cycles|busy|npu-active")
            total = sum(one.values.get(name, 0.0) for name in moved)
            if busy is not None and one.values[busy] > 0 and one.values.get(macs) and total:
                amount = one.values[macs]
                samples.append((one, word, amount / total, amount / one.values[busy]))
        bandwidth = max((peaks[name] for name in moved), default=0)
        if samples:
            yield _chart(provider.name, samples, peaks[macs], bandwidth, "the board's catalog")
    own = []
    for one, word in zip(facts, words, strict=True):
        cycles = one.cycles()
        if one.row.accelerator is None and one.row.macs and one.bytes_moved and cycles:
            own.append((one, word, one.row.macs / one.bytes_moved, one.row.macs / cycles))
    if own:
        peak, width = roofs.macs_per_cycle or 0, roofs.bytes_per_cycle or 0
        chart = _chart("core", own, peak, width, roofs.source, _lower(report, roofs))
        yield replace(chart, measured=tuple(map(_text, report.roofs)))


def _lower(report: Report, roofs: Roofs) -> list[Roof]:
    """Return the measured memory roofs that are visibly below the highest, per cycle."""
    last, found = roofs.bytes_per_cycle or 0.0, []
    for one in sorted(report.roofs, key=lambda roof: -roof.per_second):
        rate = one.per_second / (roofs.clock_hz or 1)
        if roofs.measured and one.unit is RoofUnit.BYTES and rate < _VISIBLE * last:
            found.append(replace(one, per_second=rate))
            last = rate
    return found


def _chart(
    unit: str,
    samples: Sequence[tuple[Facts, str, float, float]],
    peak: float,
    bandwidth: float,
    source: str,
    lower: Sequence[Roof] = (),
) -> Chart:
    intensities = [one[2] for one in samples]
    rates = [one[3] for one in samples]
    ridge = [peak / bandwidth] if peak and bandwidth else []
    x = around([*intensities, *ridge], _LEFT, _RIGHT)
    y = around([*rates, *([peak] if peak else [])], _BOTTOM, _TOP)
    names = brief([one[0].row.name for one in samples])
    points = [
        Point(
            tag=facts.row.tag,
            name=facts.row.name,
            word=word,
            x=x.at(intensity),
            y=y.at(rate),
            intensity=intensity,
            rate=rate,
            left=x.at(intensity) > _RIGHT - 130,
            label=names[facts.row.name],
        )
        for facts, word, intensity, rate in samples
    ]
    return Chart(
        unit=unit,
        points=tuple(_labelled(points)),
        x_ticks=tuple((x.at(one), f"{one:g}") for one in x.ticks()),
        y_ticks=tuple((y.at(one), f"{one:g}") for one in y.ticks()),
        ceiling=_ceiling(x, y, peak, bandwidth) if peak else None,
        slope=_slope(x, y, peak, bandwidth, f"{bandwidth:.3g} bytes/cycle"),
        source=source,
        lower=tuple(
            line for one in lower if (line := _slope(x, y, peak, one.per_second, one.name))
        ),
    )


def _text(roof: Roof) -> str:
    return f"{roof.name}: {roof.per_second / 1e6:,.0f} million {roof.unit.value} per second"


def _ceiling(x: Log, y: Log, peak: float, bandwidth: float) -> tuple[float, float, str]:
    start = x.at(peak / bandwidth) if bandwidth else x.start
    return y.at(peak), start, f"{peak:.3g} MACs/cycle"


def _slope(x: Log, y: Log, peak: float, bandwidth: float, text: str) -> Line | None:
    """Return a memory roof's line; None if there is none, or it is beyond the chart."""
    if not bandwidth:
        return None
    first = max(x.low, y.low / bandwidth)
    last = min(x.high, (peak or y.high) / bandwidth)
    if last <= first:
        return None
    return x.at(first), y.at(first * bandwidth), x.at(last), y.at(last * bandwidth), text


def _labelled(points: Sequence[Point]) -> Iterator[Point]:
    """Yield the points with labels that do not lie on one another, from top to bottom."""
    placed: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda one: one.y):
        at = point.y + 4
        while any(abs(at - y) < _LINE and abs(point.x - x) < 130 for x, y in placed):
            at += _LINE
        placed.append((point.x, at))
        yield replace(point, label_y=min(at, _BOTTOM - 2))
