# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A comparison as Markdown, for the summary of a CI job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zephyr_counters.report.comparison import Comparison
from zephyr_counters.report.comparisons.words import headline, percent
from zephyr_counters.report.gate import Gate
from zephyr_counters.report.text import printable

_SPECIAL = str.maketrans({one: f"\\{one}" for one in "\\`*_{}[]<>()#+!|~"} | {"&": "&amp;"})


def write(comparison: Comparison, gates: Sequence[Gate] = ()) -> str:
    """Return the summary, then a table of all significant changes, then what exceeds a limit."""
    lines = [f"**{_plain(comparison.before)}** → **{_plain(comparison.after)}**", ""]
    lines += [_plain(line) + "  " for line in headline(comparison)]
    rows = [
        (pair.name, one) for pair in comparison.pairs for one in pair.differences if one.significant
    ]
    if rows:
        lines += ["", "| layer | counter | before | after | change |", "|---|---|--:|--:|--:|"]
    for name, one in rows:
        cells = (name, one.quantity, f"{one.before:.6g} {one.unit}", f"{one.after:.6g} {one.unit}")
        lines.append("| " + " | ".join(map(_plain, (*cells, percent(one)))) + " |")
    if not rows:
        lines += ["", "No significant change."]
    lines += ["", *(f"- {_plain(line)}" for line in _limits(comparison, gates))]
    lines += ["", *(f"- {_plain(note)}" for note in comparison.notes)]
    return "\n".join(lines).rstrip() + "\n"


def _limits(comparison: Comparison, gates: Sequence[Gate]) -> Iterator[str]:
    for gate in gates:
        failed = gate.failed(comparison)
        for quantity, rows in failed.items():
            yield f"Failed: {quantity} grew by more than {gate.percent:g}% in {', '.join(rows)}."
        if not failed:
            yield f"Passed: {gate.row or 'the whole model'} within {gate.percent:g}%."


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return printable(text).translate(_SPECIAL)
