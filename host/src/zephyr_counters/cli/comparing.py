# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What `zephyr-counters compare` prints."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from zephyr_counters.blob.records import Origin
from zephyr_counters.cli.console import say, show_table
from zephyr_counters.report.comparison import Difference, Verdict

if TYPE_CHECKING:
    from zephyr_counters.report.comparison import Comparison
    from zephyr_counters.report.gate import Gate
    from zephyr_counters.report.report import Report

_STYLES = {Verdict.HIGHER: "red", Verdict.LOWER: "green"}
_LAYERS = 3
"""Layers of a series, unless asked for more."""
_MOST_BLIND = 3


def show(comparison: Comparison, chosen: set[str], options: argparse.Namespace) -> None:
    """Print what matters first, then the changes, then what makes the reports hard to compare.

    Args:
        comparison: of two reports.
        chosen: the quantities to show.
        options: `all` and `top`.
    """
    from zephyr_counters.report.comparisons.words import headline

    whole = comparison.whole
    style = None if whole is None else _STYLES.get(whole.verdict)
    for line in headline(comparison):
        say(line, style)
        style = None
    rows = _rows(comparison, chosen, options.all)
    shown = rows[: options.top]
    if shown:
        show_table(
            ("layer", "counter", "unit", "before", "after", "change", "", "p"),
            [(name, one.quantity, *_values(one)) for name, one in shown],
            right=(3, 4, 5, 7),
            wrapped=0,
            styles=[_STYLES.get(one.verdict) for _, one in shown],
        )
    say(f"before: {comparison.before}")
    say(f"after:  {comparison.after}")
    for line in _closing(comparison, chosen, len(rows), len(shown)):
        say(line)


def _closing(comparison: Comparison, chosen: set[str], changes: int, shown: int) -> Iterator[str]:
    total = sum(one.quantity in chosen for pair in comparison.pairs for one in pair.differences)
    if changes < total:
        yield (
            f"{total - changes} of {total} comparisons show no significant change; --all shows "
            "them."
        )
    if shown < changes:
        yield f"{changes - shown} more changes; leave out --top to see them."
    if comparison.removed:
        yield f"Only before: {', '.join(comparison.removed)}."
    if comparison.added:
        yield f"Only after: {', '.join(comparison.added)}."
    for note in comparison.notes:
        yield f"Note: {note}."


def show_blind(comparison: Comparison, gates: Sequence[Gate]) -> None:
    """Say where growth by a limit could not have been seen: passing says nothing there."""
    for gate in gates:
        blind = [
            (pair.name, one)
            for pair, one in gate.covered(comparison)
            if gate.blind(one) and (gate.row != "*" or pair.origin is Origin.WHOLE)
        ]
        for name, one in blind[:_MOST_BLIND]:
            least = "" if one.least is None or not one.before else f" below {_share(one)}"
            say(
                f"Note: a change of {name}{least} could not have been seen, so {gate.percent:g}% "
                "is no limit for it: raise --runs of profile.",
                "yellow",
            )


def show_progression(
    reports: Sequence[Report], names: Sequence[str], options: argparse.Namespace
) -> None:
    """Print the durations of the whole model and some layers over a series of reports."""
    from zephyr_counters.report.progression import progression
    from zephyr_counters.report.table.numbers import MICROSECOND, TIME_UNIT, column

    found = progression(reports, options.alpha, options.min_effect / 100)
    rows = [None, *found.layers(options.top or _LAYERS)]
    columns: list[tuple[str, ...]] = [tuple(names)]
    headers = ["report"]
    for row in rows:
        durations = found.durations(row)
        values = [None if one is None else one / MICROSECOND for one, _ in durations]
        columns.append(tuple(column(values, digits=4)))
        columns.append(tuple(_step(one) for _, one in durations))
        headers += [f"{row or 'whole model'}, {TIME_UNIT}", ""]
    styles = [_style(one) for _, one in found.durations(None)]
    say("Changes are those from the report above, where significant.")
    show_table(
        headers, list(zip(*columns, strict=True)), right=range(1, len(headers)), styles=styles
    )
    say("From the first report to the last:")


def _step(one: Difference | None) -> str:
    return _change(one) if one is not None and one.significant else ""


def _style(one: Difference | None) -> str | None:
    return None if one is None else _STYLES.get(one.verdict)


def _rows(
    comparison: Comparison, chosen: set[str], everything: bool
) -> list[tuple[str, Difference]]:
    """Return the differences to show, the whole model's first, then the largest in percent."""
    found = [
        (pair.origin is not Origin.WHOLE, -abs((one.ratio or math.inf) - 1), pair.name, one)
        for pair in comparison.pairs
        for one in pair.differences
        if one.quantity in chosen and (everything or one.significant)
    ]
    found.sort(key=lambda item: item[:2])
    return [(name, one) for _, _, name, one in found]


def _values(one: Difference) -> tuple[str, ...]:
    from zephyr_counters.report.table.numbers import MICROSECOND, TIME_UNIT, column

    scale, unit = (MICROSECOND, TIME_UNIT) if one.unit == "s" else (1.0, one.unit)
    before, after = column([one.before / scale, one.after / scale], digits=4)
    verdict = one.verdict.value
    if one.verdict is Verdict.NOT_SIGNIFICANT and one.least is not None and one.before > 0:
        verdict += f"; below {_share(one)} not seen"
    exact = one.p == 0.0 or one.verdict is Verdict.SAME
    return (unit, before, after, _change(one), verdict, "exact" if exact else f"{one.p:.2g}")


def _change(one: Difference) -> str:
    return "" if one.ratio is None else f"{100 * (one.ratio - 1):+.1f}%"


def _share(one: Difference) -> str:
    return f"{100 * (one.least or 0.0) / one.before:.1f}%"
