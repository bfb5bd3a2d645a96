# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the page of a comparison shows, as plain data for its templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.comparison import TIME, Comparison, Difference, RowPair, Verdict
from zephyr_counters.report.comparisons.words import headline, percent
from zephyr_counters.report.page.text import number, time

_CLASSES = {Verdict.HIGHER: "higher", Verdict.LOWER: "lower"}
_HALF = 50.0
"""Half of the width in which a change's bar is drawn."""


@dataclass(frozen=True)
class Quantity:
    """One quantity of a row before and after, as text.

    Attributes:
        kind: `higher`, `lower` or `same`, which decides the colour.
    """

    name: str
    before: str
    after: str
    change: str
    percent: str
    verdict: str
    kind: str
    p: str


@dataclass(frozen=True)
class Line:
    """A row of both reports.

    Attributes:
        time: its duration; None if it was not compared.
        bar: start and width of the bar of the change in time, of 100; the middle is no change.
        others: how many of the other quantities changed significantly.
    """

    index: int
    name: str
    whole: bool
    difference: Difference | None
    time: Quantity | None
    bar: tuple[float, float]
    quantities: tuple[Quantity, ...]
    others: int


def view(comparison: Comparison) -> Mapping[str, Any]:
    """Return the templates' variables: the whole model first, then the rows in their order."""
    pairs = comparison.pairs
    times = [one for pair in pairs if (one := _time(pair)) and pair.origin is not Origin.WHOLE]
    most = max((abs(one.change) for one in times), default=0.0)
    lines = [_line(index, pair, most) for index, pair in enumerate(pairs)]
    lines.sort(key=lambda one: not one.whole)
    return {
        "comparison": comparison,
        "title": f"{comparison.before} → {comparison.after}",
        "headline": tuple(headline(comparison)),
        "tiles": _tiles(comparison, lines),
        "lines": lines,
    }


def _time(pair: RowPair) -> Difference | None:
    return next((one for one in pair.differences if one.quantity == TIME), None)


def _line(index: int, pair: RowPair, most: float) -> Line:
    found = _time(pair)
    share = 0.0 if found is None or most <= 0 else found.change / most
    width = _HALF * min(1.0, abs(share))
    return Line(
        index=index,
        name=pair.name,
        whole=pair.origin is Origin.WHOLE,
        difference=found,
        time=None if found is None else _quantity(found),
        bar=(_HALF if share > 0 else _HALF - width, width),
        quantities=tuple(map(_quantity, pair.differences)),
        others=sum(one.significant for one in pair.differences if one.quantity != TIME),
    )


def _quantity(one: Difference) -> Quantity:
    exact = one.p == 0.0 or one.verdict is Verdict.SAME
    sign = "+" if one.change > 0 else "−" if one.change < 0 else ""
    return Quantity(
        name=one.quantity,
        before=_value(one, one.before),
        after=_value(one, one.after),
        change=f"{sign}{_value(one, abs(one.change))}",
        percent="" if one.ratio is None else percent(one),
        verdict=one.verdict.value,
        kind=_CLASSES.get(one.verdict, "same"),
        p="exact" if exact else f"{one.p:.2g}",
    )


def _value(one: Difference, value: float) -> str:
    if one.quantity == TIME:
        return time(value)
    return f"{number(value)} {one.unit}" if one.unit not in ("", "1") else number(value)


def _tiles(comparison: Comparison, lines: list[Line]) -> list[tuple[str, str, str]]:
    tiles = []
    whole = comparison.whole
    if whole is not None:
        found = _quantity(whole)
        tiles.append(("one inference before", found.before, ""))
        tiles.append(("one inference after", found.after, ""))
        tiles.append(("change", found.percent, found.verdict))
    layers = [one for one in lines if not one.whole]
    changed = sum(one.time is not None and one.time.kind != "same" for one in layers)
    tiles.append(("layers whose time changed", str(changed), f"of {len(layers)} in both reports"))
    return tiles
