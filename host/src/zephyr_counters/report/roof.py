# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A roof that was measured on the board: plain data of a report."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class RoofUnit(enum.Enum):
    """What a roof limits."""

    BYTES = "bytes"
    MACS = "MACs"


@dataclass(frozen=True)
class Roof:
    """The most that the board reached of one thing.

    Attributes:
        name: what was done, such as "loads from RAM, 2 KiB".
        unit: what was counted.
        per_second: how many in a second.
    """

    name: str
    unit: RoofUnit
    per_second: float
