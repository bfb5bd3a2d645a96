# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Load what other installed packages add by entry points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import Any, TypeVar

from zephyr_counters.errors import UsageError

T = TypeVar("T")


def with_installed(built_in: Sequence[T], kind: Any, group: str) -> tuple[T, ...]:
    """Return the built-in ones and those that installed packages add.

    Args:
        built_in: each has a name of its own.
        kind: what an entry point must be: a class, or a protocol that can be checked.
        group: of the entry points.

    Raises:
        UsageError: an entry point is not of that kind, or uses a name that is taken.
    """
    found: dict[str, Any] = {one.name: one for one in built_in}  # type: ignore[attr-defined]
    name = kind.__name__
    article = "an" if name[0] in "AEIOU" else "a"
    for where, loaded in load(group):
        if not isinstance(loaded, kind):
            raise UsageError(f"{where} is not {article} {name}")
        if loaded.name in found:
            raise UsageError(
                f"{where}: there is already {article} {name.lower()} named {loaded.name}"
            )
        found[loaded.name] = loaded
    return tuple(found.values())


def load(group: str) -> Iterator[tuple[str, Any]]:
    """Yield (description for messages, object) for each entry point of a group.

    Raises:
        UsageError: one of them cannot be imported; says which.
    """
    for point in metadata.entry_points(group=group):
        where = f"entry point {point.name} of group {group}"
        try:
            loaded = point.load()
        except Exception as error:
            # Someone else's code: whatever its import raises means that entry point.
            raise UsageError(
                f"{where} cannot be loaded: {error!r}", "repair or uninstall its package"
            ) from error
        yield where, loaded
