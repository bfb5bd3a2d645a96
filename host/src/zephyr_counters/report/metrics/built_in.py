# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The built-in collectors. They recognise counters by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from zephyr_counters.blob.catalog import ClockKind
from zephyr_counters.report.metrics.collectors import Context
from zephyr_counters.report.report import Metric


def _first(values: Mapping[str, float], provider: str, globs: Sequence[str]) -> str | None:
    """Return the name of the provider's counter that matches the earliest glob."""
    for glob in globs:
        for name in values:
            owner, _, counter = name.partition(":")
            if owner == provider and fnmatchcase(counter, glob):
                return name
    return None


def _providers(values: Mapping[str, float]) -> Iterator[str]:
    yield from dict.fromkeys(name.partition(":")[0] for name in values)


@dataclass(frozen=True)
class Ratio:
    """One counter over another of the same provider: `provider:name`."""

    name: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    unit: str = ""
    scale: float = 1.0

    @property
    def counters(self) -> tuple[str, ...]:
        """Patterns of the counters it needs."""
        return tuple(f"*:{glob}" for glob in (*self.over, *self.under))

    def collect(self, values: Mapping[str, float], context: Context) -> Mapping[str, Metric]:
        """Return the ratio for each provider that has both counters, unless it divides by 0."""
        found = {}
        for provider in _providers(values):
            over = _first(values, provider, self.over)
            under = _first(values, provider, self.under)
            if over is not None and under is not None and over != under and values[under] > 0:
                value = self.scale * values[over] / values[under]
                found[f"{provider}:{self.name}"] = Metric(value, self.unit)
        return found


@dataclass(frozen=True)
class MacsPerCycle:
    """The layer's multiply-accumulates over the core's cycles.

    Of each provider that counts cycles of the core: a timer's or a simulating machine's are
    as many as its frequency makes them.
    """

    name: str = "MACs/cycle"
    counters: tuple[str, ...] = ("*:cycles", "*:cpu-cycles")

    def collect(self, values: Mapping[str, float], context: Context) -> Mapping[str, Metric]:
        """Return it for layers with MACs."""
        found = {}
        for provider in _providers(values):
            cycles = _first(values, provider, ("cycles", "cpu-cycles"))
            if not context.macs or cycles is None:
                continue
            if context.counters[cycles].clock is ClockKind.CORE and values[cycles] > 0:
                found[f"{provider}:{self.name}"] = Metric(context.macs / values[cycles], "")
        return found


@dataclass(frozen=True)
class Utilization:
    """The MACs that an accelerator did over those it could have done while it was busy.

    Its peak, in MACs per cycle, is `max_per_cycle` of its counter `macs` in the catalog.
    """

    name: str = "utilization"
    counters: tuple[str, ...] = ("*:macs", "*:busy", "*:busy-cycles")

    def collect(self, values: Mapping[str, float], context: Context) -> Mapping[str, Metric]:
        """Return it, in percent, for each provider that was busy."""
        found = {}
        for provider in _providers(values):
            macs = _first(values, provider, ("macs",))
            busy = _first(values, provider, ("busy", "busy-cycles"))
            if macs is None or busy is None or values[busy] <= 0:
                continue
            peak = context.counters[macs].max_per_cycle
            if peak > 0:
                share = 100 * values[macs] / (peak * values[busy])
                found[f"{provider}:{self.name}"] = Metric(share, "%")
        return found


@dataclass(frozen=True)
class Bandwidth:
    """Bytes per second: of the layer's tensors, and of each provider that counts bytes.

    Not where a simulation makes up the bytes or runs the layer: the clock does not know how long
    hardware would take.
    """

    name: str = "bandwidth"
    counters: tuple[str, ...] = ("*:bytes-in", "*:bytes-out", "*:bytes-read", "*:bytes-written")

    def collect(self, values: Mapping[str, float], context: Context) -> Mapping[str, Metric]:
        """Return it for rows whose duration is known and not 0."""
        if not context.seconds or context.simulated:
            return {}
        found = {}
        if context.bytes_read is not None and context.bytes_written is not None:
            moved = context.bytes_read + context.bytes_written
            found["tensors:bandwidth"] = Metric(moved / context.seconds, "B/s")
        for provider in _providers(values):
            moved_by = [
                values[name]
                for name in values
                if not context.counters[name].simulated
                and any(fnmatchcase(name, f"{provider}{glob[1:]}") for glob in self.counters)
            ]
            if sum(moved_by) > 0:
                found[f"{provider}:bandwidth"] = Metric(sum(moved_by) / context.seconds, "B/s")
        return found


@dataclass(frozen=True)
class Intensity:
    """Arithmetic intensity: MACs per byte of the layer's tensors."""

    name: str = "MACs/byte"
    counters: tuple[str, ...] = ()

    def collect(self, values: Mapping[str, float], context: Context) -> Mapping[str, Metric]:
        """Return it for layers with MACs and tensors."""
        moved = (context.bytes_read or 0) + (context.bytes_written or 0)
        if not context.macs or not moved:
            return {}
        return {"tensors:MACs/byte": Metric(context.macs / moved, "")}
