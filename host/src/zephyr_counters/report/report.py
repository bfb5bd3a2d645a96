# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The result of a profile: plain data, which knows no renderer.

`exports` turns it into files, `table` into text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from zephyr_counters.blob.catalog import Catalog, ClockKind, Kind
from zephyr_counters.blob.records import Measure, Origin
from zephyr_counters.blob.selection import Selection
from zephyr_counters.report.roof import Roof
from zephyr_counters.report.statistics import Statistics, summarize


@dataclass(frozen=True)
class Metric:
    """A derived number and its unit."""

    value: float
    unit: str


UNKNOWN_BOARD = "unknown board"
"""The name of a board that another profiler's file does not name."""


@dataclass(frozen=True)
class Series:
    """One counter in one row, with one value per repetition.

    Attributes:
        name: `provider:counter`; `ticks` for durations.
        raw: as recorded, including the cost of measuring.
        cost: what measuring added to each value; 0 for levels.
        wrapped: repetitions whose value may be too small by multiples of the counter's range.
        calls: how many calls a value spans; 1 for levels.
        warmup: values of earlier repetitions of each run, which do not count; as recorded.
    """

    name: str
    raw: tuple[int, ...]
    cost: int = 0
    wrapped: tuple[int, ...] = ()
    calls: int = 1
    warmup: tuple[int, ...] = ()

    @property
    def values(self) -> tuple[int, ...]:
        """The values without the cost of measuring, never below 0."""
        return self.net(self.raw)

    def net(self, raw: Sequence[int]) -> tuple[int, ...]:
        """Return recorded values without the cost of measuring, never below 0."""
        return tuple(max(0, value - self.cost) for value in raw)


@dataclass(frozen=True)
class Opaque:
    """The bytes of one counter in one row, one item per repetition.

    Attributes:
        cut: repetitions whose bytes were cut short.
    """

    name: str
    data: tuple[bytes, ...]
    cut: tuple[int, ...] = ()


@dataclass(frozen=True)
class Row:
    """A layer, the whole model, a function, or a region that the user marked.

    Attributes:
        tag: index of the layer or kernel, or the user's tag.
        ops: the graph operators that were fused into the layer.
        sources: names of all nodes of the model file that the layer came from.
        accelerator: the accelerator that runs it; None for the CPU.
        candidate: the kernel that runs it, `LIBRARY/CANDIDATE KNOB=VALUE...`; None for TVM's own.
        macs: multiply-accumulates in one call; None if unknown.
        bytes_read: bytes that one call reads from tensors in RAM and flash; None if unknown.
        bytes_written: bytes that one call writes to tensors; None if unknown.
        inputs: dtype and shape of each input, `int8[1, 8, 8, 16]`.
        outputs: dtype and shape of each output.
        live: bytes of each tensor in RAM that holds a value while the layer runs, by name.
        calls: how many calls one record spans.
        ticks: durations in ticks of the catalog's clock, one series per pass.
        counters: one series per counter, from the pass that measured it.
        metrics: derived from the medians, by name.
    """

    origin: Origin
    tag: int
    name: str
    kernel: str = ""
    ops: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    accelerator: str | None = None
    candidate: str | None = None
    macs: int | None = None
    bytes_read: int | None = None
    bytes_written: int | None = None
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    live: Mapping[str, int] = field(default_factory=dict)
    calls: int = 1
    ticks: tuple[Series, ...] = ()
    counters: tuple[Series, ...] = ()
    opaque: tuple[Opaque, ...] = ()
    metrics: Mapping[str, Metric] = field(default_factory=dict)

    def series(self, name: str) -> Series | None:
        """Return a counter's series, or None if it was not measured."""
        return next((one for one in self.counters if one.name == name), None)

    def statistics(self, name: str) -> Statistics | None:
        """Return a counter's statistics per call, or None if it was not measured."""
        series = self.series(name)
        if series is None or not series.raw:
            return None
        return summarize([value / series.calls for value in series.values])


@dataclass(frozen=True)
class ReportCounter:
    """A counter of a report.

    Attributes:
        name: `provider:counter`.
        clock_hz: frequency of the provider's clock; 0 if it has none.
        pass_index: the pass that measured it.
        stuck: it should advance but does not, so its values mean nothing.
        clock: what drives the provider's clock: only a core's is in core cycles.
        simulated: a simulation makes the provider's values up.
    """

    name: str
    unit: str
    kind: Kind
    width: int
    compatible: str
    clock_hz: int
    max_per_cycle: int
    pass_index: int
    stuck: bool
    description: str
    clock: ClockKind = ClockKind.NONE
    simulated: bool = False


@dataclass(frozen=True)
class Pass:
    """One run over the same input.

    Attributes:
        overhead: what measuring adds to each region; measured with an empty one.
        nested: what a region inside another one adds to the outer one.
        interrupts_locked: whether interrupts were locked in each region.
    """

    selection: Selection
    overhead: Measure
    nested: Measure
    interrupts_locked: bool

    def cost(self, inner: int = 0) -> Measure:
        """Return what measuring adds to a region that holds `inner` others."""
        pairs = zip(self.overhead.values, self.nested.values, strict=True)
        return Measure(
            ticks=self.overhead.ticks + inner * self.nested.ticks,
            values=tuple(own + inner * each for own, each in pairs),
        )


@dataclass(frozen=True)
class Model:
    """The model that was measured; memory in bytes."""

    name: str
    hash: str
    target: str
    tvm: str
    memory: Mapping[str, int]


@dataclass(frozen=True)
class Report:
    """The result of a profile.

    Attributes:
        generator: the program and version that made it.
        created: when, ISO 8601, UTC.
        link: how the board was connected; "" if unknown.
        rows: layers, then the whole model; or functions; or regions.
        notes: doubts and omissions, one line each.
        runs: repetitions of each run, in order; the board was restarted between runs. Empty for
            one run.
        roofs: what the board can do at most, if that was measured.
    """

    generator: str
    created: str
    link: str
    catalog: Catalog
    model: Model | None
    passes: tuple[Pass, ...]
    counters: tuple[ReportCounter, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    runs: tuple[int, ...] = ()
    roofs: tuple[Roof, ...] = ()

    @property
    def layers(self) -> tuple[Row, ...]:
        """Rows of layers."""
        return tuple(row for row in self.rows if row.origin is Origin.LAYER)

    @property
    def whole(self) -> Row | None:
        """The row of the whole model."""
        return next((row for row in self.rows if row.origin is Origin.WHOLE), None)

    @property
    def board(self) -> str:
        """The board's name."""
        return self.catalog.board

    @property
    def imported(self) -> bool:
        """Whether another profiler measured it, without our records and cost of measuring."""
        return self.catalog.record_bytes == 0

    def counter(self, name: str) -> ReportCounter:
        """Return a counter of this report; KeyError if there is none of that name."""
        for one in self.counters:
            if one.name == name:
                return one
        raise KeyError(name)

    def seconds(self, row: Row, pass_index: int = 0) -> Statistics | None:
        """Return the duration of one call in seconds."""
        if pass_index >= len(row.ticks) or not row.ticks[pass_index].raw:
            return None
        series = row.ticks[pass_index]
        scale = self.catalog.clock_hz * series.calls
        return summarize([value / scale for value in series.values])

    notebook: ClassVar[Callable[[Report], str] | None] = None
    """Renders a report for notebooks. Module `notebook` sets it: data import no renderer."""

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows."""
        return None if Report.notebook is None else Report.notebook(self)
