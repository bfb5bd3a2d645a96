# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""RAM over one inference, from the lifetimes of tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zephyr_counters.report.page.text import brief
from zephyr_counters.report.report import Report, Row
from zephyr_counters.report.table.numbers import size


@dataclass(frozen=True)
class Step:
    """A layer; `height` is its part of the chart's, 0 to 100."""

    tag: int
    name: str
    label: str
    height: float
    text: str
    tensors: str
    peak: bool


@dataclass(frozen=True)
class Live:
    """A tensor that is live at the peak; `life` says from when and until when."""

    name: str
    text: str
    life: str


@dataclass(frozen=True)
class Memory:
    """RAM of tensors in each layer; the peak is where the most is live, `peaks` times."""

    steps: tuple[Step, ...]
    peak: str
    peak_name: str
    peaks: int
    peak_tensors: tuple[Live, ...]
    reserved: str


def memory(report: Report) -> Memory | None:
    """Return the chart; None if the report does not have lifetimes."""
    layers = [one for one in report.layers if one.live]
    if not layers:
        return None
    totals = [sum(one.live.values()) for one in layers]
    most = max(totals)
    names = brief([one.name for one in layers])
    if most <= 0:
        return None
    at = totals.index(most)
    tensors = sorted(layers[at].live.items(), key=lambda item: -item[1])
    activations = report.model.memory.get("activations") if report.model else None
    return Memory(
        steps=tuple(
            Step(
                tag=row.tag,
                name=row.name,
                label=names[row.name],
                height=100 * total / most,
                text=size(total),
                tensors=", ".join(f"{name} {size(count)}" for name, count in row.live.items()),
                peak=total == most,
            )
            for row, total in zip(layers, totals, strict=True)
        ),
        peak=size(most),
        peak_name=layers[at].name,
        peaks=totals.count(most),
        peak_tensors=tuple(
            Live(name, size(count), _life(layers, layers[at], name)) for name, count in tensors
        ),
        reserved="" if activations is None else size(activations),
    )


def _life(layers: Sequence[Row], peak: Row, name: str) -> str:
    """Say which layers a tensor lives from and to."""
    users = [one for one in layers if name in one.live]
    first, last = users[0], users[-1]
    start = "written by this layer" if first is peak else f"live since {first.name}"
    end = "not needed after it" if last is peak else f"needed until {last.name}"
    return f"{start}, {end}"
