# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Which part of the model each row takes."""

from __future__ import annotations

from collections.abc import Sequence

from zephyr_counters.report.explain.explanation import TIME
from zephyr_counters.report.explain.facts import Facts
from zephyr_counters.report.report import Report
from zephyr_counters.report.simulation import simulated_accelerators

_BUSY = "busy-cycles|busy|npu-active"


def shares(report: Report, facts: Sequence[Facts]) -> tuple[list[float | None], str]:
    """Return each row's part of a whole, 0 to 1 or None, and what the whole is.

    It is the time, unless a simulated accelerator runs rows: how long the simulation takes says
    nothing of hardware, so it is the cycles in which the accelerator is busy, if it counts them.
    """
    simulated = simulated_accelerators(report)
    if len(simulated) == 1:
        busy = [_busy(one, simulated[0]) for one in facts]
        if any(busy):
            return _parts(busy), f"{simulated[0]}'s busy cycles"
    return _parts([None if one.seconds is None else one.seconds.median for one in facts]), TIME


def _busy(facts: Facts, accelerator: str) -> float | None:
    if facts.row.accelerator != accelerator:
        return None
    providers = dict.fromkeys(name.partition(":")[0] for name in facts.values)
    for provider in providers:
        counter = facts.find(provider, _BUSY) if provider.startswith(accelerator) else None
        if counter is not None:
            return facts.values[counter]
    return None


def _parts(values: Sequence[float | None]) -> list[float | None]:
    total = sum(one for one in values if one is not None)
    return [None if one is None or total <= 0 else one / total for one in values]
