# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the page shows, as plain data for its templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zephyr_counters.blob.catalog import Kind
from zephyr_counters.blob.records import Origin
from zephyr_counters.report.explain import Evidence, Explanation, Word, explain, roofs_of
from zephyr_counters.report.explain.facts import facts_of
from zephyr_counters.report.page import distribution, memory, operators, roofline, timeline
from zephyr_counters.report.page.text import brief, count, percent, time
from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.simulation import simulated_accelerators
from zephyr_counters.report.statistics import Statistics
from zephyr_counters.report.table.numbers import duration, frequency, size
from zephyr_counters.report.totals import cost

_FIRST = 3
_LEAST = 0.01
"""Share of the time below which a row is not worth work."""
_MUCH = 0.5
"""Share of the time from which unclear rows are what to look at first."""


@dataclass(frozen=True)
class Line:
    """A row of the table of layers; `explanation` is None for the whole model."""

    row: Row
    seconds: Statistics | None
    share: float | None
    explanation: Explanation | None
    counters: tuple[tuple[str, str, Statistics, bool], ...]

    @property
    def word(self) -> str:
        """The verdict, as text."""
        return "" if self.explanation is None else self.explanation.word.value

    @property
    def unit(self) -> str:
        """What runs it."""
        return self.row.accelerator or "core"


def view(report: Report) -> Mapping[str, Any]:
    """Return the templates' variables."""
    roofs = roofs_of(report)
    explanations = explain(report, roofs=roofs)
    lines = [_line(report, one.row, one) for one in explanations]
    whole = report.whole
    return {
        "report": report,
        "title": _title(report),
        "tiles": _tiles(report),
        "words": _words(explanations),
        "first": _first(explanations),
        "unexplained": _unexplained(explanations),
        "lines": lines,
        "whole": None if whole is None else _line(report, whole, None),
        "most_share": max((one.share or 0.0 for one in lines), default=0.0),
        "simulated": simulated_accelerators(report),
        "of_what": explanations[0].of_what if explanations else "",
        "operators": operators.groups(report, explanations),
        "rooflines": tuple(roofline.charts(report, facts_of(report, roofs), explanations, roofs)),
        "timeline": timeline.timeline(report, explanations),
        "memory": memory.memory(report),
        "strips": _strips(report, explanations),
        "strip_ticks": distribution.TICKS,
        "passes": _passes(report),
        "cost": _cost(report),
        "doubts": _doubts(report, explanations),
        "evidence": _evidence,
    }


def _title(report: Report) -> str:
    return f"{report.model.name} on {report.board}" if report.model else report.board


def _tiles(report: Report) -> list[tuple[str, str, str]]:
    tiles = []
    whole = None if report.whole is None else report.seconds(report.whole)
    if whole is not None:
        tiles.append(
            (
                "one inference",
                time(whole.median),
                f"± {time(whole.mad)}, {whole.n} repetitions{_in_runs(report)}",
            )
        )
    if report.layers:
        macs = sum(one.macs or 0 for one in report.layers)
        offloaded = sum(one.accelerator is not None for one in report.layers)
        on = f"{offloaded} on an accelerator" if offloaded else "all on the core"
        tiles.append(("layers", str(len(report.layers)), on))
        timed = whole is not None and whole.median > 0 and not simulated_accelerators(report)
        rate = f"{count(macs / whole.median)}MACs/s" if whole is not None and timed else ""
        tiles.append(("multiply-accumulates", count(macs), rate))
    if report.model is not None:
        sizes = {name: size(value) for name, value in report.model.memory.items()}
        if "activations" in sizes:
            flash = f"constants in flash: {sizes.get('constants', '?')}"
            tiles.append(("activations in RAM", sizes["activations"], flash))
    return tiles


def _in_runs(report: Report) -> str:
    return f" in {len(report.runs)} runs" if len(report.runs) > 1 else ""


def _words(explanations: Sequence[Explanation]) -> list[tuple[str, float, float, int]]:
    """Return (verdict, share of the time, where its bar starts, rows), the largest first."""
    shares: dict[Word, float] = {}
    rows: dict[Word, int] = {}
    for one in explanations:
        if one.of_model is None:
            continue
        shares[one.word] = shares.get(one.word, 0.0) + one.of_model
        rows[one.word] = rows.get(one.word, 0) + 1
    found, at = [], 0.0
    for word in sorted(shares, key=lambda key: -shares[key]):
        found.append((word.value, shares[word], at, rows[word]))
        at += shares[word]
    return found


def _unexplained(explanations: Sequence[Explanation]) -> tuple[float, Explanation] | None:
    """Return the share of rows that are unclear, and the largest; None if it is less than half."""
    unclear = [one for one in explanations if one.word is Word.UNCLEAR]
    share = sum(one.of_model or 0.0 for one in unclear)
    if share < _MUCH:
        return None
    return share, max(unclear, key=lambda one: one.of_model or 0.0)


def _first(explanations: Sequence[Explanation]) -> list[Explanation]:
    """Return the rows to work on first: what could be saved of the model, the most first."""
    useful = [
        one
        for one in explanations
        if one.word is not Word.UNCLEAR and (one.of_model or 0.0) >= _LEAST
    ]
    useful.sort(key=lambda one: (-(one.most_of_model or 0.0), -(one.of_model or 0.0)))
    return useful[:_FIRST]


def _line(report: Report, row: Row, explanation: Explanation | None) -> Line:
    counters = []
    for counter in report.counters:
        found = row.statistics(counter.name)
        series = row.series(counter.name)
        if counter.kind is not Kind.BYTES and found is not None and series is not None:
            useless = counter.stuck or bool(series.wrapped)
            counters.append((counter.name, counter.unit, found, useless))
    return Line(
        row=row,
        seconds=report.seconds(row),
        share=None if explanation is None else explanation.of_model,
        explanation=explanation,
        counters=tuple(counters),
    )


def _strips(report: Report, explanations: Sequence[Explanation]) -> list[distribution.Strip]:
    names = brief([one.row.name for one in explanations])
    rows = [(one.row, one.word.value, names[one.row.name]) for one in explanations]
    if report.whole is not None:
        rows.append((report.whole, "whole", "whole model"))
    found = (distribution.strip(report, *row) for row in rows)
    return [one for one in found if one is not None]


def _passes(report: Report) -> list[dict[str, Any]]:
    if report.imported:
        return []
    hz = report.catalog.clock_hz
    return [
        {
            "index": index,
            "counters": [one.name for one in report.counters if one.pass_index == index],
            "overhead": duration(one.overhead.ticks / hz),
            "nested": duration(one.nested.ticks / hz),
            "interrupts": "locked in each region" if one.interrupts_locked else "on",
        }
        for index, one in enumerate(report.passes)
    ]


def _cost(report: Report) -> str:
    found = cost(report)
    clock = f"The clock ticks at {frequency(report.catalog.clock_hz)}."
    if found is None:
        return clock
    share = "" if found.share is None else f" ({percent(found.share)} of it)"
    inside = "" if report.whole is None else f", {duration(found.whole)} in one inference{share}"
    text = f"Measuring adds {duration(found.region)} to each region{inside}; it was subtracted."
    return f"{text} {clock}"


def _doubts(report: Report, explanations: Sequence[Explanation]) -> list[str]:
    doubts = [f"{one}." for one in report.notes]
    units = simulated_accelerators(report)
    if units:
        doubts.append(
            f"A simulation of {', '.join(units)} runs layers: their times are what it takes, not "
            "what hardware would take."
        )
    doubts += dict.fromkeys(text for one in explanations for text in one.doubts)
    stuck = [one.name for one in report.counters if one.stuck]
    if stuck:
        doubts.append(f"Does not advance on this board: {', '.join(stuck)}.")
    wrapped = dict.fromkeys(one.name for row in report.rows for one in row.counters if one.wrapped)
    if wrapped:
        doubts.append(f"May have wrapped, so it may be too small: {', '.join(wrapped)}.")
    if len(report.passes) > 1:
        doubts.append(
            f"Counters were measured in {len(report.passes)} passes; those of different passes "
            "come from different runs over the same input."
        )
    if report.rows and report.rows[0].origin is not Origin.LAYER:
        doubts.append("These are regions or functions, not the layers of one inference.")
    return doubts


def _evidence(one: Evidence) -> str:
    unit = f" {one.unit}" if one.unit not in ("", "1") else ""
    text = f"{one.name}: {count(one.value)}{unit}"
    if one.roof is not None:
        text += f" of {count(one.roof)} ({one.roof_name})"
    return text
