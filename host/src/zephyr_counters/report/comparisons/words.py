# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What matters in a comparison, in a few sentences."""

from __future__ import annotations

from collections.abc import Iterator

from zephyr_counters.report.comparison import Comparison, Difference, Verdict
from zephyr_counters.report.table.numbers import duration


def percent(one: Difference) -> str:
    """Return a change in percent; in the unit if the value before is 0."""
    return f"{one.change:+g} {one.unit}" if one.ratio is None else f"{100 * (one.ratio - 1):+.1f}%"


def headline(comparison: Comparison) -> Iterator[str]:
    """Yield the whole model's change, and the layers that explain most of it."""
    whole = comparison.whole
    if whole is not None:
        yield f"Whole model: {_times(whole)}, {percent(whole)}: {whole.verdict.value}."
        if whole.verdict is Verdict.NOT_SIGNIFICANT and whole.least is not None and whole.before:
            yield (
                f"A change of the whole model below {100 * whole.least / whole.before:.1f}% could "
                "not have been seen; more runs show smaller ones."
            )
    largest = comparison.largest()
    if largest:
        parts = [f"{name} {_sign(one)}{_share(one, whole)}" for name, one in largest]
        yield f"Most of the change: {'; '.join(parts)}."


def _times(one: Difference) -> str:
    return f"{duration(one.before)} → {duration(one.after)}"


def _sign(one: Difference) -> str:
    return f"{'+' if one.change > 0 else '-'}{duration(abs(one.change))}, {percent(one)}"


def _share(one: Difference, whole: Difference | None) -> str:
    if whole is None or not whole.significant:
        return ""
    return f" ({100 * one.change / whole.change:.0f}% of the model's change)"
