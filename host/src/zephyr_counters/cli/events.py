# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""`zephyr-counters events`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from zephyr_counters.blob.catalog import Catalog, Counter, Kind, Provider
from zephyr_counters.cli.arguments import add_command, add_project, open_project
from zephyr_counters.cli.console import say, show_table, steps
from zephyr_counters.cli.project_options import Opener, add_project_options, parse

if TYPE_CHECKING:
    from zephyr_counters.cli.arguments import Commands
    from zephyr_counters.project import Project


def register(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "events",
        run,
        "list the counters of a project's board",
        (
            "zephyr-counters events PROJECT",
            "zephyr-counters events PROJECT --project-option port=/dev/ttyACM0",
        ),
    )
    add_project(command)
    add_project_options(command, "open_transport")


def run(options: argparse.Namespace) -> int:
    """Read the board's catalog and print it."""
    project, given = open_project(options.project), parse(options.project_option)
    with steps("Asking the board"):
        catalog = _upstream(project, given) if project.is_upstream else _ours(project, given)
    show_catalog(catalog)
    return 0


def _ours(project: Project, options: dict[str, str]) -> Catalog:
    from zephyr_counters.board.board import Board

    with Board(Opener(project, options)) as board:
        return board.catalog()


def _upstream(project: Project, options: dict[str, str]) -> Catalog:
    from zephyr_counters.microtvm import read_catalog

    return read_catalog(project.path, options)


def show_catalog(catalog: Catalog) -> None:
    """Print a catalog."""
    from zephyr_counters.report.table.numbers import CLOCKS, frequency

    name = f"{catalog.clock_name}{CLOCKS[catalog.clock_kind]}; " if catalog.clock_name else ""
    clock = f"clock of the times: {name}{frequency(catalog.clock_hz)}"
    say(f"{catalog.board} ({catalog.runtime}), {clock}")
    show_table(
        ("counter", "unit", "bits", "kind", "description"),
        [
            (
                f"{provider.name}:{counter.name}",
                counter.unit,
                str(counter.width or ""),
                _kind(counter),
                counter.description,
            )
            for provider in catalog.providers
            for counter in provider.counters
        ],
        right=(2,),
        wrapped=4,
    )
    for provider in catalog.providers:
        for line in _about(provider):
            say(line)


def _kind(counter: Counter) -> str:
    if counter.fixed:
        return "" if counter.kind is Kind.COUNT else counter.kind.name.lower()
    kind = "" if counter.kind is Kind.COUNT else f", {counter.kind.name.lower()}"
    return f"slot{kind}"


def _about(provider: Provider) -> Iterator[str]:
    from zephyr_counters.report.table.numbers import CLOCKS, frequency

    clock = ""
    if provider.clock_hz:
        clock = f", clock {frequency(provider.clock_hz)}{CLOCKS[provider.clock]}"
    slots = ""
    if provider.slots:
        slots = f", {provider.slots} counters marked slot at once"
    yield f"{provider.name}: {provider.compatible}{clock}{slots}"
    if provider.simulated:
        yield "  a simulation makes its values up"
    expensive = [one.name for one in provider.counters if one.expensive]
    if expensive:
        yield f"  expensive to read, so globs leave it out: {', '.join(expensive)}"
    if provider.unavailable is not None:
        yield f"  unavailable: {provider.unavailable}"
