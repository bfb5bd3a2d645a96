# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Sums over a report: the layers, and the cost of measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zephyr_counters.blob.catalog import Kind
from zephyr_counters.blob.records import Origin
from zephyr_counters.report.report import Report, Row, Series


@dataclass(frozen=True)
class Cost:
    """Cost of measuring in the first pass, in seconds.

    Attributes:
        region: cost of an empty region; it was subtracted from each record.
        nested: what the region of a layer adds to the whole model; it was subtracted, too.
        whole: what all regions together add to one call of the whole model.
        share: `whole` over the model's duration including it, 0 to 1; None without a whole model.
    """

    region: float
    nested: float
    whole: float
    share: float | None


def sum_of_layers(report: Report) -> Row | None:
    """Return a row that is the sum of all layers, repetition by repetition, or None."""
    layers = report.layers
    return replace(sum_of(report, layers), name="sum of layers") if layers else None


def sum_of(report: Report, rows: Sequence[Row]) -> Row:
    """Return the sum of rows with equally many repetitions and calls in each record.

    Levels do not add up and are left out, as are MACs and bytes that are unknown for a row.
    """
    return Row(
        origin=Origin.LAYER,
        tag=len(rows),
        name="sum",
        macs=_known([row.macs for row in rows]),
        bytes_read=_known([row.bytes_read for row in rows]),
        bytes_written=_known([row.bytes_written for row in rows]),
        calls=rows[0].calls if rows else 1,
        ticks=tuple(
            _sum("ticks", [row.ticks[index] for row in rows]) for index in range(len(report.passes))
        ),
        counters=tuple(
            _sum(counter.name, [one for row in rows if (one := row.series(counter.name))])
            for counter in report.counters
            if counter.kind is Kind.COUNT
        ),
    )


def cost(report: Report) -> Cost | None:
    """Return the cost of measuring, or None if nothing was measured, or not by us."""
    if not report.passes or report.imported:
        return None
    first = report.passes[0]
    hz = report.catalog.clock_hz
    whole = report.whole
    share = None
    # One record's cost is shared by all the calls that it spans.
    added = first.cost(len(report.layers)).ticks / hz / (1 if whole is None else whole.calls)
    if whole is not None:
        net = report.seconds(whole)
        if net is not None and net.median > 0:
            share = added / (net.median + added)
    return Cost(first.overhead.ticks / hz, first.nested.ticks / hz, added, share)


def smaller_than_cost(report: Report) -> str | None:
    """Return a line about a model that takes less time than measuring it costs, or None."""
    whole = report.whole
    found = cost(report)
    net = None if whole is None else report.seconds(whole)
    if found is None or net is None or found.whole <= 0 or net.median > found.whole:
        return None
    return (
        f"the model takes less time ({net.median * 1e6:.3g} us) than measuring it costs "
        f"({found.whole * 1e6:.3g} us), so the figures of the whole model are not exact: compare "
        "its layers, or time the model without counters"
    )


def _known(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _sum(name: str, parts: Sequence[Series]) -> Series:
    wrapped = sorted({index for part in parts for index in part.wrapped})
    values = zip(*(part.values for part in parts), strict=False)
    calls = parts[0].calls if parts else 1
    return Series(name, tuple(sum(one) for one in values), 0, tuple(wrapped), calls)
