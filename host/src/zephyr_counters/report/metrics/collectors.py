# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The protocol of metric collectors: counters in, derived metrics out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from zephyr_counters.blob.records import Origin
from zephyr_counters.report.report import Metric, ReportCounter


@dataclass(frozen=True)
class Context:
    """What a collector knows about a row besides the values of its counters.

    Attributes:
        seconds: median duration of one call; None if unknown.
        macs: multiply-accumulates in one call; None if unknown.
        bytes_read: bytes that one call reads from its tensors; None if unknown.
        bytes_written: bytes that one call writes to its tensors; None if unknown.
        accelerator: the accelerator that runs the layer; None for the CPU.
        counters: unit, clock and so on of the counters in `values`, by name.
        simulated: a simulated accelerator runs the layer, so `seconds` is the simulation's time.
    """

    origin: Origin
    name: str
    seconds: float | None
    macs: int | None
    bytes_read: int | None
    bytes_written: int | None
    accelerator: str | None
    counters: Mapping[str, ReportCounter]
    simulated: bool = False


@runtime_checkable
class MetricCollector(Protocol):
    """Turns a row's counters into metrics.

    Attributes:
        name: name of the collector, for messages.
        counters: patterns of the counters it needs. `profile(collectors=...)` measures them where
            the board has them.
    """

    @property
    def name(self) -> str:
        """Name of the collector, for messages."""
        ...

    @property
    def counters(self) -> Sequence[str]:
        """Patterns of the counters it needs."""
        ...

    def collect(self, values: Mapping[str, float], context: Context) -> Mapping[str, Metric]:
        """Return metrics by name, as far as the values allow.

        Args:
            values: medians of one call by `provider:counter`, without counters that do not
                advance or may have wrapped.
            context: the row.
        """
        ...
