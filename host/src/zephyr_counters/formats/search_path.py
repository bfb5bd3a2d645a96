# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Where boards and extensions are looked for.

In this order, and what is found later replaces what was found earlier under the same name: the
folder that comes with this project; folders that installed packages name in an entry point; folders
in an environment variable, separated as in PATH. Each of them holds one folder per board or
extension.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path


@dataclass(frozen=True)
class SearchPath:
    """The search path of one kind of folder.

    Attributes:
        name: the folder beside the project template.
        environment: the environment variable.
        group: of entry points; each is a folder's path, or a function that returns one.
    """

    name: str
    environment: str
    group: str

    def from_environment(self) -> list[Path]:
        """Return the folders in the environment variable."""
        return [
            Path(part) for part in os.environ.get(self.environment, "").split(os.pathsep) if part
        ]

    def from_packages(self) -> list[Path]:
        """Return the folders that installed packages name."""
        values = [
            point.load() for point in sorted(entry_points(group=self.group), key=lambda p: p.name)
        ]
        return [Path(value() if callable(value) else value) for value in values]


BOARDS = SearchPath("boards", "ZEPHYR_COUNTERS_BOARDS", "zephyr_counters.boards")
EXTENSIONS = SearchPath("extensions", "ZEPHYR_COUNTERS_EXTENSIONS", "zephyr_counters.extensions")
SEARCH_PATHS = (BOARDS, EXTENSIONS)
