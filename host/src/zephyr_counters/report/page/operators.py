# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Layers added up by their operators, for models with many layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zephyr_counters.report.explain import Explanation
from zephyr_counters.report.report import Report


@dataclass(frozen=True)
class Group:
    """All layers with the same operators on the same unit.

    Attributes:
        seconds: the sum of their medians.
        share: of the time of all layers, or of what stands for it; None if it is unknown.
        saving: what their next steps could save at most, in the same unit; None if it is unknown.
    """

    operators: str
    unit: str
    layers: int
    seconds: float
    share: float | None
    saving: float | None
    macs: int


def groups(report: Report, explanations: Sequence[Explanation]) -> list[Group]:
    """Return the groups, the largest first; none if each layer would be a group of its own."""
    found: dict[tuple[str, str], list[Explanation]] = {}
    for one in explanations:
        if one.row.ops:
            key = " + ".join(one.row.ops), one.row.accelerator or "core"
            found.setdefault(key, []).append(one)
    if len(found) == sum(map(len, found.values())):
        return []
    made = [_group(report, *key, same) for key, same in found.items()]
    return sorted(made, key=lambda one: (-(one.share or 0.0), -one.seconds))


def _group(report: Report, operators: str, unit: str, same: Sequence[Explanation]) -> Group:
    times = [report.seconds(one.row) for one in same]
    return Group(
        operators=operators,
        unit=unit,
        layers=len(same),
        seconds=sum(one.median for one in times if one is not None),
        share=_sum([one.of_model for one in same]),
        saving=_sum([one.most_of_model for one in same]),
        macs=sum(one.row.macs or 0 for one in same),
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) if known else None
