# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Accelerators whose device code goes into a project."""

from __future__ import annotations

import os
import re
from pathlib import Path

from zephyr_counters.project_api.errors import UsageError
from zephyr_counters.project_api.suggest import close_to

MARKER = "extension.toml"
ENVIRONMENT = "ZEPHYR_COUNTERS_EXTENSIONS"
"""Folders that hold accelerators' folders, separated as in PATH; later ones win."""

_NAME = re.compile(r"^name\s*=\s*[\"']([a-z][a-z0-9-]*)[\"']", re.M)


def find(template: Path, needed: list[str]) -> dict[str, Path]:
    """Folders by name: those beside the template, and those that the environment names.

    A folder without patterns is one, too: its provider counts, whatever the model needs.

    Raises:
        UsageError: the model needs one that is not here.
    """
    known = _under(template.parent / "extensions")
    for entry in os.environ.get(ENVIRONMENT, "").split(os.pathsep):
        if entry:
            known.update(_under(Path(entry)))
    for name in needed:
        if name not in known:
            raise UsageError(
                f"the model needs the accelerator {name!r}, which is not here",
                close_to(name, known) or f"add its folder to {ENVIRONMENT}",
            )
    return {name: known[name] for name in sorted(known)}


def _under(folder: Path) -> dict[str, Path]:
    found = {}
    for marker in sorted(folder.glob(f"*/{MARKER}")):
        # Python 3.10 has no TOML in its library, and this one line is all that is needed.
        name = _NAME.search(marker.read_text())
        found[name[1] if name else marker.parent.name] = marker.parent
    return found
