# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Roofs: what a core can do at most, as measured on the board, or from its data."""

from __future__ import annotations

from dataclasses import dataclass

from zephyr_counters import resources
from zephyr_counters.errors import ZephyrCountersError
from zephyr_counters.formats import board as boards
from zephyr_counters.formats.search_path import BOARDS
from zephyr_counters.report.report import Report
from zephyr_counters.report.roof import RoofUnit


@dataclass(frozen=True)
class Roofs:
    """The limits of a core; None where they are not known.

    Attributes:
        macs_per_cycle: multiply-accumulates of int8 in one cycle.
        bytes_per_cycle: bytes loaded or stored in one cycle, from the fastest memory.
        clock_hz: frequency of the core, or of whatever these cycles are.
        source: manual and section, or how they were measured.
        measured: on the board, by the clock that its durations are measured by.
    """

    macs_per_cycle: float | None = None
    bytes_per_cycle: float | None = None
    clock_hz: float | None = None
    source: str = ""
    measured: bool = False


def roofs_of(report: Report) -> Roofs:
    """Return the roofs that the report has, or those in its board's data; none if neither does.

    An emulator's cycles are not those of the core, so data of boards that only run in one have no
    roofs. Measured ones hold there, too: they are in the same time as the layers.
    """
    if report.roofs:
        return _measured(report)
    try:
        known = boards.find(resources.search(BOARDS)).values()
    except (ZephyrCountersError, OSError):
        # Damaged data of a board must not cost the analysis of a saved report.
        return Roofs()
    for one in known:
        if report.board in (one.name, one.data.get("zephyr_board"), *one.aliases) and one.roofs:
            roofs = one.roofs
            return Roofs(
                macs_per_cycle=roofs.get("macs_per_cycle"),
                bytes_per_cycle=roofs.get("bytes_per_cycle"),
                clock_hz=one.data.get("clock_hz"),
                source=str(roofs.get("source", "")),
            )
    return Roofs()


def _measured(report: Report) -> Roofs:
    clock = report.catalog.clock_hz

    def most(unit: RoofUnit) -> float | None:
        found = [one.per_second / clock for one in report.roofs if one.unit is unit]
        return max(found, default=None)

    return Roofs(
        macs_per_cycle=most(RoofUnit.MACS),
        bytes_per_cycle=most(RoofUnit.BYTES),
        clock_hz=clock,
        source="measured on the board by zephyr-counters roofs",
        measured=True,
    )
