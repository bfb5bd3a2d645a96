# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A measured figure, and the limit it is held to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measurement:
    """One figure.

    `limit` is the most that `value` may be, or the least if `at_least`; None where there is none.
    `value` is None if it could not be measured, and `skipped` says why.
    """

    name: str
    value: float | None
    unit: str = ""
    limit: float | None = None
    at_least: bool = False
    skipped: str | None = None
    detail: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`met`, `missed`, `not measured`, or an empty string where there is no limit."""
        if self.value is None:
            return "not measured"
        if self.limit is None:
            return ""
        met = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "met" if met else "missed"
