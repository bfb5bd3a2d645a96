# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Options that save a report: one per export in the registry of `report.exports`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zephyr_counters.cli.arguments import check_output
from zephyr_counters.cli.console import show_report
from zephyr_counters.cli.explaining import show_explanations
from zephyr_counters.errors import UsageError, ZephyrCountersError
from zephyr_counters.report import exports
from zephyr_counters.report.exports import files

if TYPE_CHECKING:
    from zephyr_counters.report.exports import Export
    from zephyr_counters.report.report import Report

STANDARD_OUTPUT = Path("-")


def add_exports(command: argparse.ArgumentParser) -> None:
    """Add one option per export, after all others: an export must not take a command's option.

    Raises:
        UsageError: an export of another package has the name of an option.
    """
    for one in exports.installed():
        try:
            command.add_argument(
                one.option,
                dest=_dest(one),
                metavar="F",
                type=Path,
                help=f"{one.help}; - is standard output",
            )
        except argparse.ArgumentError as error:
            raise UsageError(
                f"export {one.name}: {command.prog} already has an option {one.option}",
                "rename the export, or uninstall its package",
            ) from error


def asked_for(options: argparse.Namespace) -> dict[Export, Path]:
    """Return the exports that were asked for, and where to save each."""
    paths = {one: getattr(options, _dest(one), None) for one in exports.installed()}
    return {one: path for one, path in paths.items() if path is not None}


def check_exports(options: argparse.Namespace, reports: int = 1) -> None:
    """Check, before anything is measured, that all files can be written.

    Raises:
        UsageError: one exists and must not be overwritten, two exports go to the same file, or a
            format has one report and there are several.
    """
    for one in asked_for(options):
        if reports > 1 and one.joined is None:
            raise UsageError(f"{one.option} saves one report, not {reports}")
    paths = list(asked_for(options).values())
    check_output(options.force, *(path for path in paths if path != STANDARD_OUTPUT))
    for path in paths:
        if sum(path.absolute() == other.absolute() for other in paths) > 1:
            raise UsageError(f"{path}: two exports cannot be saved to the same file")


def measured(
    measure: Callable[[], Report],
    options: argparse.Namespace,
    top: int | None = None,
    sort: str = "index",
) -> None:
    """Measure, print the table and save the exports; also if the measurement stops early.

    Raises:
        ProfileStopped, ProfileInterrupted: the link failed, or Ctrl-C; what was measured before has
            been printed and saved.
        ZephyrCountersError: files could not be written; says which and why.
    """
    from zephyr_counters.measure import ProfileInterrupted, ProfileStopped

    try:
        report = measure()
    except (ProfileStopped, ProfileInterrupted) as stopped:
        deliver(stopped.report, options, top, sort)
        raise
    deliver(report, options, top, sort)


def deliver(
    report: Report,
    options: argparse.Namespace,
    top: int | None = None,
    sort: str = "index",
    more: Sequence[Report] = (),
) -> None:
    """Print the tables of all reports, then save the exports that were asked for.

    The table goes to standard error if an export goes to standard output. A file that cannot be
    written costs neither the other files nor the table, nor does a table that nothing reads cost
    the files.

    Raises:
        UsageError: no layer is named like `--explain` says; the files are saved.
        ZephyrCountersError: files could not be written; says which and why.
    """
    is_taken = STANDARD_OUTPUT in asked_for(options).values()
    try:
        for one in (report, *more):
            show_report(one, top, sort, sys.stderr if is_taken else None)
            if getattr(options, "explain", None) is not None:
                show_explanations(one, options.explain, sys.stderr if is_taken else None)
    finally:
        failures = list(_save((report, *more), options))
    if failures:
        raise ZephyrCountersError("; ".join(failures))


def _save(reports: Sequence[Report], options: argparse.Namespace) -> Iterator[str]:
    """Save the exports; yield what went wrong."""
    for export, path in asked_for(options).items():
        try:
            content = {path: export.to_bytes(*reports)}
            if path != STANDARD_OUTPUT:
                content.update(export.more(reports[0], path))
        except Exception as error:
            # Other packages' exports can raise anything; the measurement must survive it.
            yield f"{path}: {export.option} failed: {error!r}"
            continue
        for name, data in content.items():
            try:
                if name == STANDARD_OUTPUT:
                    _print_bytes(data)
                else:
                    # Which files are beside it is known only now.
                    check_output(options.force or name == path, name)
                    files.write(name, data)
            except BrokenPipeError:
                raise
            except UsageError as error:
                yield f"{error.what}; {error.hint}"
            except OSError as error:
                yield f"{name}: {error.strerror or error}"


def _print_bytes(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _dest(export: Export) -> str:
    return f"export_{export.name}"
