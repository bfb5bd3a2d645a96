# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""RAM over one inference, from the lifetimes of tensors."""

from __future__ import annotations

from dataclasses import dataclass

from zephyr_counters.report.report import Report
from zephyr_counters.report.table.numbers import size


@dataclass(frozen=True)
class Step:
    """A layer; `height` is its part of the chart's, 0 to 100."""

    tag: int
    name: str
    height: float
    text: str
    tensors: str
    peak: bool


@dataclass(frozen=True)
class Memory:
    """RAM of tensors in each layer; the peak is where the most is live."""

    steps: tuple[Step, ...]
    peak: str
    peak_name: str
    peak_tensors: tuple[tuple[str, str], ...]
    reserved: str


def memory(report: Report) -> Memory | None:
    """Return the chart; None if the report does not have lifetimes."""
    layers = [one for one in report.layers if one.live]
    if not layers:
        return None
    totals = [sum(one.live.values()) for one in layers]
    most = max(totals)
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
                height=100 * total / most,
                text=size(total),
                tensors=", ".join(f"{name} {size(count)}" for name, count in row.live.items()),
                peak=total == most,
            )
            for row, total in zip(layers, totals, strict=True)
        ),
        peak=size(most),
        peak_name=layers[at].name,
        peak_tensors=tuple((name, size(count)) for name, count in tensors),
        reserved="" if activations is None else size(activations),
    )
