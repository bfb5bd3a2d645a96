# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Puts the folders beside host/ into a wheel and an sdist, where resources.path() finds them.

A wheel can be built from the repository, where they are beside host/, and from an sdist, which has
them already in the package. An editable install finds them in the repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDERS = ("extensions", "boards", "examples", "project_template", "zephyr_module")


class Hook(BuildHookInterface[Any]):
    """Adds the folders and the license."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them, if this is not an editable install and they are not there yet."""
        repository = Path(self.root).parent
        package = Path(self.root, "src", "zephyr_counters")
        if version == "editable" or (package / "_data").is_dir():
            return
        is_wheel = self.target_name == "wheel"
        inside = "zephyr_counters/_data" if is_wheel else "src/zephyr_counters/_data"
        for name in (*_FOLDERS, "LICENSE"):
            if not (repository / name).exists():
                raise FileNotFoundError(f"{repository / name}: build from the whole repository")
            build_data["force_include"][str(repository / name)] = f"{inside}/{name}"
