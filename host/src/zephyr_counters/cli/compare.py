# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters compare`."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import Patterns, add_command
from zephyr_counters.cli.console import say, show_table
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.report.comparison import Comparison, Difference

_LOG = logging.getLogger(__name__)

GROWN = 3
_SAVED = "report saved by profile --json"
_TESTED = ("HIGHER", "LOWER", "NOT_SIGNIFICANT")


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
        help="differences more likely than this by chance are not significant (default: 0.05)",
    )
    command.add_argument(
        "--all", action="store_true", help="also show what did not change significantly"
    )
    command.add_argument(
        "--fail-over",
        metavar="PERCENT",
        type=float,
        help="exit with code 3 if a layer or the model grew significantly by more than this",
    )
    command.add_argument(
        "--fail-counter",
        metavar="NAME",
        default="time",
        help="the quantity that --fail-over checks: time or a counter (default: time)",
    )


def run(options: argparse.Namespace) -> int:
    """Compare two reports and print the differences."""
    from zephyr_counters.report import compare, exports

    if not 0 < options.alpha < 1:
        raise UsageError(f"--alpha {options.alpha} is not between 0 and 1")
    comparison = compare(exports.load(options.before), exports.load(options.after), options.alpha)
    quantities = {one.quantity for pair in comparison.pairs for one in pair.differences}
    chosen = {name for name in quantities if any(_matches(name, glob) for glob in options.counters)}
    if not chosen:
        raise UsageError(f"no counter of both reports matches {','.join(options.counters)!r}")
    if options.fail_over is not None and options.fail_counter not in quantities:
        raise UsageError(
            f"--fail-counter {options.fail_counter}: not in both reports",
            f"one of {', '.join(sorted(quantities))}",
        )
    _show(comparison, chosen, options.all)
    if options.fail_over is None:
        return 0
    grown = comparison.grown(options.fail_over, options.fail_counter)
    if grown:
        _LOG.error(
            "zephyr-counters: %s grew by more than %g%% in %s",
            options.fail_counter,
            options.fail_over,
            ", ".join(grown),
        )
    return GROWN if grown else 0


def _matches(name: str, glob: str) -> bool:
    return fnmatchcase(name, glob) or fnmatchcase(name.partition(":")[2], glob)


def _show(comparison: Comparison, chosen: set[str], everything: bool) -> None:
    rows = list(_rows(comparison, chosen, everything))
    total = sum(one.quantity in chosen for pair in comparison.pairs for one in pair.differences)
    say(f"before: {comparison.before}")
    say(f"after:  {comparison.after}")
    if rows:
        headers = ("layer", "counter", "unit", "before", "after", "ratio", "", "p")
        show_table(headers, rows, right=(3, 4, 5, 7), wrapped=0)
    closing = []
    if len(rows) < total:
        closing.append(
            f"{total - len(rows)} of {total} comparisons show no significant change; --all shows "
            "them."
        )
    tested = sum(
        one.quantity in chosen and one.p > 0 and one.verdict.name in _TESTED
        for pair in comparison.pairs
        for one in pair.differences
    )
    if tested * comparison.alpha >= 1:
        closing.append(
            f"If nothing had changed, about {tested * comparison.alpha:.0f} of the {tested} tests "
            f"at {comparison.alpha:g} would say it had; --alpha makes them stricter."
        )
    if comparison.removed:
        closing.append(f"Only before: {', '.join(comparison.removed)}.")
    if comparison.added:
        closing.append(f"Only after: {', '.join(comparison.added)}.")
    closing.extend(f"Note: {note}." for note in comparison.notes)
    for line in closing:
        say(line)


def _rows(comparison: Comparison, chosen: set[str], everything: bool) -> Iterator[tuple[str, ...]]:
    for pair in comparison.pairs:
        for one in pair.differences:
            if one.quantity in chosen and (everything or one.significant):
                yield (pair.name, one.quantity, *_values(one))


def _values(one: Difference) -> tuple[str, ...]:
    from zephyr_counters.report.comparison import Verdict
    from zephyr_counters.report.table.numbers import MICROSECOND, TIME_UNIT, column

    scale, unit = (MICROSECOND, TIME_UNIT) if one.unit == "s" else (1.0, one.unit)
    before, after = column([one.before / scale, one.after / scale], digits=4)
    ratio = "" if one.ratio is None else f"{one.ratio:.3f}"
    exact = one.p == 0.0 or one.verdict is Verdict.SAME
    return (unit, before, after, ratio, one.verdict.value, "exact" if exact else f"{one.p:.2g}")
