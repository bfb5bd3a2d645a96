# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The errors that this package raises: one small tree.

Each says what happened, where (port, function, layer, file), and what to try.
"""

from __future__ import annotations


class ZephyrCountersError(Exception):
    """Base of all errors raised here.

    Args:
        what: what happened and where, one line, no full stop.
        hint: what to try, one line; shown after the message.
        detail: further lines, such as a compiler's; shown between the two.
    """

    def __init__(self, what: str, hint: str | None = None, detail: str | None = None) -> None:
        lines = [what, *(detail or "").splitlines(), *([] if hint is None else [f"hint: {hint}"])]
        super().__init__("\n  ".join(lines))
        self.what = what
        self.hint = hint
        self.detail = detail


class UsageError(ZephyrCountersError, ValueError):
    """An option, name, shape or dtype that the caller gave is not acceptable."""


class CompileError(ZephyrCountersError):
    """The model cannot be compiled; names the operator and the layer."""


class ValidationError(ZephyrCountersError):
    """A compiled model's results differ from the source model's by more than is tolerated."""


class ArchiveError(ZephyrCountersError, ValueError):
    """A model archive or a generated project is damaged, foreign or of another version."""


class ProjectError(ZephyrCountersError):
    """Generating, building or flashing a project failed."""


class LinkError(ZephyrCountersError, OSError):
    """The link to the board failed: port, framing or session."""


class LinkTimeout(LinkError, TimeoutError):
    """The board did not answer in time."""


class BoardError(ZephyrCountersError):
    """The board answered a call with an error."""


class BlobError(ZephyrCountersError, ValueError):
    """A catalog or record blob is damaged, or belongs to another board or selection."""


class RecordsLost(ZephyrCountersError):
    """The board's record buffer overflowed: measurements are missing."""


SERVER_KINDS: dict[str, type[ZephyrCountersError]] = {
    error.__name__: error
    for error in (UsageError, ArchiveError, LinkTimeout, LinkError, ProjectError)
}
"""Errors that a Project API server reports, by the name that crosses JSON; a class comes before
the classes that it is derived from."""
