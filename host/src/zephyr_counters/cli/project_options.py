# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Project options on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zephyr_counters.cli.console import show_table
from zephyr_counters.errors import UsageError, ZephyrCountersError

if TYPE_CHECKING:
    from zephyr_counters.link.transports.transport import Transport
    from zephyr_counters.project import Project
    from zephyr_counters.project.client import Option


def add_project_options(command: argparse.ArgumentParser, method: str) -> None:
    """Add --project-option and --list-options to a command that calls `method`."""
    command.add_argument(
        "--project-option",
        metavar="OPTION=VALUE",
        nargs="+",
        action="extend",
        default=[],
        help="option of the project's template; can be repeated",
    )
    command.add_argument(
        "--list-options",
        action=_ListOptions,
        nargs=0,
        const=method,
        help="show these options (of the --template before this) and exit",
    )


def parse(words: Iterable[str]) -> dict[str, str]:
    """Return options from OPTION=VALUE.

    Raises:
        UsageError: a word has no `=`, or an option is given twice.
    """
    options: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise UsageError(f"--project-option {word!r}: want OPTION=VALUE")
        if name in options:
            raise UsageError(f"--project-option {name} is given twice")
        options[name] = value
    return options


class Opener:
    """A project whose board is opened with project options, each time that it is opened.

    Args:
        project: the project; everything but `open_transport` is its own.
        options: project options of `open_transport`.
    """

    def __init__(self, project: Project, options: Mapping[str, str]) -> None:
        self._project = project
        self._options = options

    def __getattr__(self, name: str) -> Any:
        return getattr(self._project, name)

    def open_transport(self) -> Transport:
        """Open the project's transport with the options."""
        return self._project.open_transport(self._options)


def _options(template: str | None) -> list[Option]:
    from zephyr_counters.formats.project import TEMPLATE
    from zephyr_counters.project import template_dir
    from zephyr_counters.project.client import ProjectClient

    with ProjectClient(template_dir(template or TEMPLATE)) as client:
        return list(client.options.values())


class _ListOptions(argparse.Action):
    """Shows options and exits, as --help does."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        try:
            options = _options(getattr(namespace, "template", None))
        except ZephyrCountersError as error:
            parser.error(str(error))
        rows = [
            (
                option.name,
                " ".join(option.choices or ()) or option.type,
                "" if option.default is None else str(option.default).lower(),
                option.help,
            )
            for option in options
            if self.const in option.methods
        ]
        show_table(("option", "value", "default", ""), rows, wrapped=3)
        parser.exit()
