# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The definition of an export, which is one file format of reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from zephyr_counters.errors import UsageError
from zephyr_counters.report.report import Report

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Export:
    """A file format of reports. Commands that measure offer it as `--NAME FILE`.

    Attributes:
        name: lower-case letters, digits and single dashes.
        suffix: of its files, with the dot. `exports.save` chooses by it.
        help: what the option does, in the words of a help text.
        write: returns the file's content; text is stored as UTF-8, line ends as they are.

    Raises:
        UsageError: the name or the suffix does not have this form.
    """

    name: str
    suffix: str
    help: str
    write: Callable[[Report], str | bytes]

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

    def to_bytes(self, report: Report) -> bytes:
        """Return the content of the file."""
        content = self.write(report)
        return content.encode("utf-8") if isinstance(content, str) else content
