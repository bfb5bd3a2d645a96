# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters compare`."""

from __future__ import annotations

import argparse
import logging
import math
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.blob.records import Origin
from zephyr_counters.cli.arguments import Count, Patterns, add_command, add_force, check_output
from zephyr_counters.cli.console import say, show_table
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.report.comparison import Comparison, Difference

_LOG = logging.getLogger(__name__)

GROWN = 3
_SAVED = "report saved by profile --json"


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "compare",
        run,
        "compare two reports",
        (
            "zephyr-counters compare before.json after.json",
            "zephyr-counters compare before.json after.json --counters 'time,cycles' --all",
            "zephyr-counters compare main.json branch.json --fail-over 5    # in CI: exit code 3",
        ),
    )
    command.add_argument("before", metavar="A.json", type=Path, help=_SAVED)
    command.add_argument("after", metavar="B.json", type=Path, help=_SAVED)
    command.add_argument(
        "--counters",
        metavar="GLOB,...",
        action=Patterns,
        default=["*"],
        help="counters to compare, as globs; the duration is named time (default: all)",
    )
    command.add_argument(
        "--alpha",
        metavar="P",
        type=float,
        default=0.05,
        help="probability that anything is called different although nothing is (default: 0.05)",
    )
    command.add_argument(
        "--min-effect",
        metavar="PERCENT",
        type=percent,
        default=1.0,
        help="smaller differences do not matter, unless counters are exact (default: 1%%)",
    )
    command.add_argument(
        "--all", action="store_true", help="also show what did not change significantly"
    )
    command.add_argument(
        "--top", metavar="N", action=Count, help="show the N largest changes in percent"
    )
    command.add_argument(
        "--fail-over",
        metavar="PERCENT",
        type=percent,
        help="exit with code 3 if a layer or the model grew significantly by more than this",
    )
    command.add_argument(
        "--fail-counter",
        metavar="GLOB",
        default="time",
        help="the quantity that --fail-over checks: time or counters (default: time)",
    )
    command.add_argument(
        "--junit", metavar="F", type=Path, help="save the check of --fail-over as JUnit XML, for CI"
    )
    command.add_argument(
        "--markdown", metavar="F", type=Path, help="save a summary as Markdown, for CI"
    )
    command.add_argument(
        "--html", metavar="F", type=Path, help="save a page with the difference of each layer"
    )
    add_force(command)


def percent(text: str) -> float:
    """Return the number of `5` or `5%`, not below 0."""
    value = float(text.removesuffix("%"))
    if not 0 <= value < math.inf:
        raise ValueError(f"{text} is not a percentage")
    return value


def run(options: argparse.Namespace) -> int:
    """Compare two reports and print the differences."""
    from zephyr_counters.report import compare, exports

    if not 0 < options.alpha < 1:
        raise UsageError(f"--alpha {options.alpha} is not between 0 and 1")
    check_output(options.force, options.junit, options.markdown, options.html)
    before, after = exports.load(options.before), exports.load(options.after)
    gate = options.fail_counter if options.fail_over is not None else None
    quantities = {one.quantity for pair in compare(before, after).pairs for one in pair.differences}
    chosen = {name for name in quantities if any(_matches(name, glob) for glob in options.counters)}
    checked = {name for name in quantities if gate is not None and _matches(name, gate)}
    if not chosen:
        raise UsageError(f"no counter of both reports matches {','.join(options.counters)!r}")
    if gate is not None and not checked:
        raise UsageError(
            f"--fail-counter {gate}: not in both reports",
            f"one of {', '.join(sorted(quantities))}",
        )
    comparison = compare(
        before,
        after,
        options.alpha,
        options.min_effect / 100,
        lambda name: name in chosen | checked | {"time"},
    )
    _show(comparison, chosen, options)
    grown = []
    if options.fail_over is not None:
        grown = [(name, comparison.grown(options.fail_over, name)) for name in sorted(checked)]
    failed = [(name, rows) for name, rows in grown if rows]
    _save(comparison, options, checked)
    for name, rows in failed:
        _LOG.error(
            "zephyr-counters: %s grew by more than %g%% in %s",
            name,
            options.fail_over,
            ", ".join(rows),
        )
    return GROWN if failed else 0


def _save(comparison: Comparison, options: argparse.Namespace, checked: set[str]) -> None:
    from zephyr_counters.report.comparisons import junit, markdown
    from zephyr_counters.report.exports import files

    if options.junit is not None:
        limit = 0.0 if options.fail_over is None else options.fail_over
        files.write(options.junit, junit.write(comparison, checked or {"time"}, limit).encode())
    if options.markdown is not None:
        files.write(options.markdown, markdown.write(comparison).encode())
    if options.html is not None:
        from zephyr_counters.report.page import render_comparison

        files.write(options.html, render_comparison(comparison).encode())


def _matches(name: str, glob: str) -> bool:
    return fnmatchcase(name, glob) or fnmatchcase(name.partition(":")[2], glob)


def _show(comparison: Comparison, chosen: set[str], options: argparse.Namespace) -> None:
    from zephyr_counters.report.comparisons.words import headline

    rows = _rows(comparison, chosen, options.all)
    total = sum(one.quantity in chosen for pair in comparison.pairs for one in pair.differences)
    say(f"before: {comparison.before}")
    say(f"after:  {comparison.after}")
    for line in headline(comparison):
        say(line)
    shown = rows[: options.top]
    if shown:
        headers = ("layer", "counter", "unit", "before", "after", "change", "", "p")
        lines = [(name, one.quantity, *_values(one)) for name, one in shown]
        show_table(headers, lines, right=(3, 4, 5, 7), wrapped=0)
    closing = []
    if len(rows) < total:
        closing.append(
            f"{total - len(rows)} of {total} comparisons show no significant change; --all shows "
            "them."
        )
    if len(shown) < len(rows):
        closing.append(f"{len(rows) - len(shown)} more changes; leave out --top to see them.")
    if comparison.removed:
        closing.append(f"Only before: {', '.join(comparison.removed)}.")
    if comparison.added:
        closing.append(f"Only after: {', '.join(comparison.added)}.")
    closing.extend(f"Note: {note}." for note in comparison.notes)
    for line in closing:
        say(line)


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
    from zephyr_counters.report.comparison import Verdict
    from zephyr_counters.report.table.numbers import MICROSECOND, TIME_UNIT, column

    scale, unit = (MICROSECOND, TIME_UNIT) if one.unit == "s" else (1.0, one.unit)
    before, after = column([one.before / scale, one.after / scale], digits=4)
    change = "" if one.ratio is None else f"{100 * (one.ratio - 1):+.1f}%"
    exact = one.p == 0.0 or one.verdict is Verdict.SAME
    return (unit, before, after, change, one.verdict.value, "exact" if exact else f"{one.p:.2g}")
