# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The definition of an export, which is one file format of reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zephyr_counters.errors import UsageError
from zephyr_counters.report.report import Report

_UNSAFE = re.compile(r"[^\w.-]+")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Export:
    """A file format of reports. Commands that measure offer it as `--NAME FILE`.

    Attributes:
        name: lower-case letters, digits and single dashes.
        suffix: of its files, with the dot. `exports.save` chooses by it.
        help: what the option does, in the words of a help text.
        write: returns the file's content; text is stored as UTF-8, line ends as they are.
        beside: returns the contents of more files, by what their names have before the suffix; None
            for a format that is one file.
        joined: returns the content of a file of several reports; None if the format has one each.

    Raises:
        UsageError: the name or the suffix does not have this form.
    """

    name: str
    suffix: str
    help: str
    write: Callable[[Report], str | bytes]
    beside: Callable[[Report], Mapping[str, str | bytes]] | None = None
    joined: Callable[..., str | bytes] | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UsageError(
                f"export name {self.name!r} is not lower-case letters, digits and single dashes"
            )
        if not self.suffix.startswith("."):
            raise UsageError(f"export {self.name}: suffix {self.suffix!r} has no leading dot")

    @property
    def option(self) -> str:
        """The command-line option that asks for this export."""
        return f"--{self.name}"

    def to_bytes(self, *reports: Report) -> bytes:
        """Return the content of the file.

        Raises:
            UsageError: there are several reports, and the format has one.
        """
        if len(reports) == 1:
            return _encoded(self.write(reports[0]))
        if self.joined is None:
            raise UsageError(f"{self.option} saves one report, not {len(reports)}")
        return _encoded(self.joined(*reports))

    def more(self, report: Report, path: Path) -> dict[Path, bytes]:
        """Return the contents of the files beside `path`."""
        found = {} if self.beside is None else self.beside(report)
        suffix = self.suffix if path.name.endswith(self.suffix) else path.suffix
        stem = path.name.removesuffix(suffix)
        return {
            path.with_name(f"{stem}.{_UNSAFE.sub('-', name)}{suffix}"): _encoded(content)
            for name, content in found.items()
        }


def _encoded(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content
