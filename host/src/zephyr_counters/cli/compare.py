# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters compare`."""

from __future__ import annotations

import argparse
import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import Count, Patterns, add_command, add_force, check_output
from zephyr_counters.cli.comparing import show, show_blind, show_progression
from zephyr_counters.errors import UsageError

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.report import Comparison, Report
    from zephyr_counters.report.gate import Gate

_LOG = logging.getLogger(__name__)

GROWN = 3
_EXIT_CODES = f"""
exit codes:
  0  nothing grew by more than --fail-over
  1  something failed
  2  a wrong argument, or a file that must not be overwritten
  {GROWN}  something grew significantly by more than --fail-over"""


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "compare",
        run,
        "compare two reports, or a series of them",
        (
            "zephyr-counters compare before.json after.json",
            "zephyr-counters compare before.json after.json --counters 'time,cycles' --all",
            "zephyr-counters compare v1.json v2.json v3.json    # what each changed",
            "zephyr-counters compare main.json branch.json --fail-over 5%    # in CI: exit code 3",
            "zephyr-counters compare main.json branch.json --fail-over 2% --fail-over 'conv*=5%'",
        ),
    )
    command.epilog = f"{command.epilog}\n{_EXIT_CODES}"
    command.add_argument(
        "reports",
        metavar="REPORT.json",
        nargs="+",
        type=Path,
        help="reports saved by profile --json, two or more, the oldest first",
    )
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
        "--top",
        metavar="N",
        action=Count,
        help="show the N largest changes in percent; of a series, N layers (default: 3)",
    )
    command.add_argument(
        "--fail-over",
        metavar="[LAYER=]PERCENT",
        action="append",
        type=gate,
        default=[],
        help="exit with code 3 if the whole model, or a layer of that name or glob, grew "
        "significantly by more than this from the first report to the last; may be repeated",
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


def gate(text: str) -> tuple[str | None, float]:
    """Return the row and the percentage of `5%` or `LAYER=5%`."""
    row, equals, limit = text.rpartition("=")
    return (row if equals else None), percent(limit)


def run(options: argparse.Namespace) -> int:
    """Compare the reports and print the differences."""
    from zephyr_counters.report import importers

    if not 0 < options.alpha < 1:
        raise UsageError(f"--alpha {options.alpha} is not between 0 and 1")
    if len(options.reports) < 2:
        raise UsageError("compare takes two reports or more")
    check_output(options.force, options.junit, options.markdown, options.html)
    reports = [importers.load(path) for path in options.reports]
    comparison, chosen, gates = _compare(reports[0], reports[-1], options)
    if len(reports) > 2:
        show_progression(reports, [path.stem for path in options.reports], options)
    show(comparison, chosen, options)
    show_blind(comparison, gates)
    _save(comparison, gates, options)
    failed = False
    for one in gates:
        for quantity, rows in one.failed(comparison).items():
            failed = True
            where = ", ".join(rows)
            _LOG.error(
                "zephyr-counters: %s grew by more than %g%% in %s", quantity, one.percent, where
            )
    return GROWN if failed else 0


def _compare(
    before: Report, after: Report, options: argparse.Namespace
) -> tuple[Comparison, set[str], list[Gate]]:
    """Return the comparison, the quantities to show, and the limits.

    Raises:
        UsageError: an option names nothing of both reports.
    """
    from zephyr_counters.report import compare
    from zephyr_counters.report.gate import Gate, matches
    from zephyr_counters.report.pairing import quantities

    known = quantities(before, after)
    chosen = {name for name in known if any(matches(name, glob) for glob in options.counters)}
    gates = [Gate(limit, row, options.fail_counter) for row, limit in options.fail_over]
    checked = {name for name in known if gates and matches(name, options.fail_counter)}
    if not chosen:
        raise UsageError(f"no counter of both reports matches {','.join(options.counters)!r}")
    if gates and not checked:
        raise UsageError(
            f"--fail-counter {options.fail_counter}: not in both reports",
            f"one of {', '.join(sorted(known))}",
        )
    comparison = compare(
        before,
        after,
        options.alpha,
        options.min_effect / 100,
        lambda name: name in chosen | checked | {"time"},
    )
    for one in gates:
        if not any(True for _ in one.covered(comparison)):
            raise UsageError(
                f"--fail-over {one.row}={one.percent:g}%: not in both reports",
                f"one of {', '.join(pair.name for pair in comparison.pairs)}",
            )
    return comparison, chosen, gates


def _save(comparison: Comparison, gates: Sequence[Gate], options: argparse.Namespace) -> None:
    from zephyr_counters.report.comparisons import junit, markdown
    from zephyr_counters.report.exports import files
    from zephyr_counters.report.gate import Gate

    if options.junit is not None:
        held = gates or [Gate(0.0, "*")]
        files.write(options.junit, junit.write(comparison, held).encode())
    if options.markdown is not None:
        files.write(options.markdown, markdown.write(comparison, gates).encode())
    if options.html is not None:
        from zephyr_counters.report.page import render_comparison

        files.write(options.html, render_comparison(comparison).encode())
