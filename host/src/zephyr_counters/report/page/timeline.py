# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The timeline of one inference, from medians, in the order in which the records came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zephyr_counters.report.explain import Explanation
from zephyr_counters.report.page.text import brief, fitting, time
from zephyr_counters.report.report import Report

WIDTH = 1000.0


@dataclass(frozen=True)
class Box:
    """A layer, in units of which the chart is `WIDTH` wide."""

    tag: int
    name: str
    word: str
    x: float
    width: float
    label: str
    operators: str
    operators_label: str
    unit: str
    duration: str


@dataclass(frozen=True)
class Timeline:
    """One inference.

    Attributes:
        ticks: where and what the axis's labels are.
        rest: start and width of what is in no layer.
    """

    total: str
    boxes: tuple[Box, ...]
    ticks: tuple[tuple[float, str], ...]
    rest: tuple[float, float]
    width: float = WIDTH


def timeline(report: Report, explanations: Sequence[Explanation]) -> Timeline | None:
    """Return the timeline; None if there are no layers with durations."""
    spans = []
    for one in explanations:
        seconds = report.seconds(one.row)
        spans.append(0.0 if seconds is None else seconds.median)
    whole = None if report.whole is None else report.seconds(report.whole)
    total = max(sum(spans), 0.0 if whole is None else whole.median)
    if not report.layers or total <= 0:
        return None
    names = brief([one.row.name for one in explanations])
    boxes, at = [], 0.0
    for one, span in zip(explanations, spans, strict=True):
        width = WIDTH * span / total
        operators = " + ".join(one.row.ops)
        boxes.append(
            Box(
                tag=one.row.tag,
                name=one.row.name,
                word=one.word.value,
                x=at,
                width=width,
                label=fitting(names[one.row.name], width - 8, 8.2),
                operators=operators,
                operators_label=fitting(operators, width - 8, 7.2),
                unit=one.row.accelerator or "core",
                duration=time(span),
            )
        )
        at += width
    parts = range(6)
    return Timeline(
        total=time(total),
        boxes=tuple(boxes),
        ticks=tuple((WIDTH * one / 5, time(total * one / 5) if one else "0") for one in parts),
        rest=(at, WIDTH - at),
    )
