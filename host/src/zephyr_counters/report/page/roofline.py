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

WIDTH, HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 700, 16, 372
_LINE = 15


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
    """

    unit: str
    points: tuple[Point, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    ceiling: tuple[float, float, str] | None
    slope: tuple[float, float, float, float, str] | None
    source: str
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM
    width: float = WIDTH
    height: float = HEIGHT


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
        yield _chart("core", own, peak, width, roofs.source)


def _chart(
    unit: str,
    samples: Sequence[tuple[Facts, str, float, float]],
    peak: float,
    bandwidth: float,
    source: str,
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
        slope=_slope(x, y, peak, bandwidth) if bandwidth else None,
        source=source,
    )


def _ceiling(x: Log, y: Log, peak: float, bandwidth: float) -> tuple[float, float, str]:
    start = x.at(peak / bandwidth) if bandwidth else x.start
    return y.at(peak), start, f"{peak:g} MACs/cycle"


def _slope(x: Log, y: Log, peak: float, bandwidth: float) -> tuple[float, float, float, float, str]:
    first = max(x.low, y.low / bandwidth)
    last = min(x.high, (peak or y.high) / bandwidth)
    text = f"{bandwidth:g} bytes/cycle"
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
