# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Roofs that hold: a layer that is faster than a roof shows that it is none for its kernel.

A kernel may use instructions that neither the board's data nor the micro-kernels know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zephyr_counters.report.explain.facts import Facts

_BEATEN = 1.1
"""By more than clocks and medians explain."""


def holding(facts: Sequence[Facts]) -> tuple[Facts, ...]:
    """Return the facts of all rows, without those roofs of the core that a row exceeds."""
    if not facts:
        return ()
    roofs = facts[0].roofs
    macs, moved = 0.0, 0.0
    for one in facts:
        cycles = one.cycles()
        if one.row.accelerator is None and cycles and one.seconds is not None:
            long_enough = one.seconds.median >= 20 * one.tick
            macs = max(macs, (one.row.macs or 0) / cycles if long_enough else 0.0)
            moved = max(moved, one.bytes_moved / cycles if long_enough else 0.0)
    beaten = []
    if roofs.macs_per_cycle and macs > _BEATEN * roofs.macs_per_cycle:
        beaten.append(_sentence(macs, roofs.macs_per_cycle, "MACs/cycle"))
        roofs = replace(roofs, macs_per_cycle=None)
    if roofs.bytes_per_cycle and moved > _BEATEN * roofs.bytes_per_cycle:
        beaten.append(_sentence(moved, roofs.bytes_per_cycle, "bytes/cycle"))
        roofs = replace(roofs, bytes_per_cycle=None)
    return tuple(replace(one, roofs=roofs, beaten=tuple(beaten)) for one in facts)


def _sentence(best: float, roof: float, unit: str) -> str:
    return (
        f"A layer reaches {best:.3g} {unit}, more than the roof of {roof:.3g}, so no verdict rests "
        "on that roof: its kernel uses faster instructions."
    )
