# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Load what other installed packages add by entry points."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any

from zephyr_counters.errors import UsageError


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
