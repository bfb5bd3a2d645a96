# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The cells of a table as text, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from zephyr_counters.blob.catalog import Kind
from zephyr_counters.blob.records import Origin
from zephyr_counters.report.explain import Word, explain
from zephyr_counters.report.report import Report, ReportCounter, Row
from zephyr_counters.report.simulation import simulated_accelerators, simulated_providers
from zephyr_counters.report.table.layout import Column
from zephyr_counters.report.table.names import Shortened
from zephyr_counters.report.table.numbers import (
    MICROSECOND,
    RATE,
    RATE_PREFIX,
    TIME_UNIT,
    column,
    decimals,
)

STUCK = "stuck"
WRAPPED = "!"
SHORT = "~"
SHORT_TICKS = 100
SIMULATED = "*"
CPU = "CPU"
ANY_CORE = "portable"
"""The library of kernels in plain C, which is what "CPU" stands for."""


@dataclass(frozen=True)
class Lines:
    """The lines of a table.

    Attributes:
        rows: one line each.
        difference: name of an additional line, which is the last row minus the one before it;
            None for no such line.
        rest: index of the row that sums up all layers without a row of their own; or None.
        too_small: measuring costs more than the model, so their difference has no meaning.
    """

    report: Report
    rows: tuple[Row, ...]
    difference: str | None = None
    rest: int | None = None
    too_small: bool = False

    def _all(self, values: Sequence[float | None]) -> list[float | None]:
        if self.difference is None:
            return list(values)
        here, there = values[-1], values[-2]
        unknown = here is None or there is None or self.too_small
        return [*values, None if unknown else here - there]  # type: ignore[operator]

    def leading(self, names: Shortened) -> list[Column]:
        """Return the first columns: names, operators, where they run, times."""
        report = self.report
        seconds = [report.seconds(row) for row in self.rows]
        medians = self._all([None if one is None else one.median for one in seconds])
        times = [None if one is None else one / MICROSECOND for one in medians]
        spreads = [None if one is None else one.mad / MICROSECOND for one in seconds]
        places = decimals([one for one in times if one is not None], digits=4)
        counts = [str(len(row.ticks[0].raw)) if row.ticks else "" for row in self.rows]
        blank = [] if self.difference is None else [""]
        cells = column(times, places=places)
        for index, row in enumerate(self.rows):
            if short(row):
                cells[index] = SHORT + cells[index]
        shares = Column(("", "share", "%"), (*column(self._shares(), places=1), *blank))
        return [
            Column(
                ("", "", "layer" if report.layers else "region"),
                (*names.cells, *([] if self.difference is None else [self.difference])),
                left=True,
                limit=names.limit,
            ),
            *self._places(names.operator_limit),
            *self._verdicts(),
            Column(("", "", "n"), (*counts, *blank)),
            Column(("", "time", TIME_UNIT), cells),
            Column(("", "±", TIME_UNIT), (*column(spreads, places=places), *blank)),
            # What a simulation of an accelerator takes is not compared with what the core takes.
            *([] if simulated_accelerators(report) else [shares]),
        ]

    def _places(self, limit: int | None) -> Iterator[Column]:
        """Yield the operators of the layers and where these run; nothing if both are unknown."""
        if not any(row.ops for row in self.rows):
            return
        blank = [] if self.difference is None else [""]
        operators = ["+".join(row.ops) for row in self.rows]
        yield Column(("", "", "operator"), (*operators, *blank), left=True, limit=limit)
        where = [_where(row) if row.ops else "" for row in self.rows]
        yield Column(("", "", "on"), (*where, *blank), left=True)

    def _verdicts(self) -> Iterator[Column]:
        """Yield what bounds each layer, in a word; nothing if it is unclear for all."""
        words = {id(one.row): one.word for one in explain(self.report)}
        found = [words.get(id(row)) for row in self.rows]
        if any(word not in (None, Word.UNCLEAR) for word in found):
            blank = [] if self.difference is None else [""]
            cells = ["" if word is None else word.value for word in found]
            yield Column(("", "", "bound by"), (*cells, *blank), left=True)

    def _shares(self) -> list[float | None]:
        """Return percents of the sum of all rows' medians; row `rest` gets what is left."""
        single = {id(row): self.report.seconds(row) for row in self.report.rows}
        base = sum(
            one.median
            for row in self.report.rows
            if row.origin is not Origin.WHOLE and (one := single[id(row)]) is not None
        )
        shares: list[float | None] = []
        for row in self.rows:
            seconds = single.get(id(row))
            shares.append(None if seconds is None or not base else 100 * seconds.median / base)
        if self.rest is not None and base:
            shares[self.rest] = 100 - sum(one for one in shares if one is not None)
        return shares

    def following(self) -> list[Column]:
        """Return the columns of counters, in the report's order, then of metrics."""
        report = self.report
        shown = [one for one in report.counters if one.kind is not Kind.BYTES]
        return [
            *(self._counter(one) for one in shown if not zero(report, one)),
            *self._metrics(),
        ]

    def _counter(self, counter: ReportCounter) -> Column:
        provider, _, name = counter.name.partition(":")
        mark = SIMULATED if counter.simulated else ""
        unit = counter.unit if counter.unit not in ("1", name) else ""
        header = (provider + mark, name, unit)
        blank = [] if self.difference is None else [""]
        all_series = [row.series(counter.name) for row in self.rows]
        if counter.stuck:
            stuck = [STUCK if series is not None else "" for series in all_series]
            return Column(header, (*stuck, *blank))
        statistics = [row.statistics(counter.name) for row in self.rows]
        medians = [None if one is None else one.median for one in statistics]
        if counter.kind is Kind.COUNT:
            cells = column(self._all(medians), digits=4)
        else:
            cells = [*column(medians, digits=4), *blank]
        for index, series in enumerate(all_series):
            if series is not None and series.wrapped:
                cells[index] += WRAPPED
        return Column(header, tuple(cells))

    def _metrics(self) -> Iterator[Column]:
        blank = [] if self.difference is None else [""]
        made_up = simulated_providers(self.report)
        for name in dict.fromkeys(name for row in self.rows for name in row.metrics):
            found = [row.metrics.get(name) for row in self.rows]
            values = [None if one is None else one.value for one in found]
            unit = next(one.unit for one in found if one is not None)
            if unit.endswith("/s"):
                values = [None if value is None else value / RATE for value in values]
                unit = f"{RATE_PREFIX}{unit}"
            provider, colon, rest = name.partition(":")
            mark = SIMULATED if provider in made_up else ""
            header = (provider + mark, rest, unit) if colon else ("", name, unit)
            yield Column(header, (*column(values), *blank))


def short(row: Row) -> bool:
    """Return whether a row's median duration is below SHORT_TICKS ticks of the clock."""
    return bool(row.ticks and row.ticks[0].raw) and median(row.ticks[0].values) < SHORT_TICKS


def _where(row: Row) -> str:
    """Return the accelerator, or the kernel library and candidate of the core's own."""
    if row.accelerator or not row.candidate:
        return row.accelerator or CPU
    name = row.candidate.partition(" ")[0]
    return CPU if name.partition("/")[0] == ANY_CORE else name


def zero(report: Report, counter: ReportCounter) -> bool:
    """Return whether a counter that is not stuck was 0 in every row and repetition."""
    if counter.stuck:
        return False
    found = [series for row in report.rows if (series := row.series(counter.name)) is not None]
    return not any(any(one.values) or one.wrapped for one in found)
