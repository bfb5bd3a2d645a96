# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A comparison as Markdown, for the summary of a CI job."""

from __future__ import annotations

from zephyr_counters.report.comparison import Comparison
from zephyr_counters.report.comparisons.words import headline, percent
from zephyr_counters.report.text import printable

_SPECIAL = str.maketrans({one: f"\\{one}" for one in "\\`*_{}[]<>()#+!|~"} | {"&": "&amp;"})


def write(comparison: Comparison) -> str:
    """Return the summary, then a table of all significant changes."""
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
    lines += ["", *(f"- {_plain(note)}" for note in comparison.notes)]
    return "\n".join(lines).rstrip() + "\n"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return printable(text).translate(_SPECIAL)
