# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""roofs.json in a project: the roofs that were measured on its board.

format    1
roofs     list of {"name", "unit": "bytes" or "macs", "per_second"}
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

from zephyr_counters.errors import BlobError, ProjectError
from zephyr_counters.report.codec import from_plain, to_plain
from zephyr_counters.report.exports import files
from zephyr_counters.report.roof import Roof

FILE = "roofs.json"
FORMAT = 1
_MOST_BYTES = 1 << 20


def save(project: Path, roofs: Sequence[Roof]) -> None:
    """Write the file; an earlier one is replaced."""
    text = json.dumps({"format": FORMAT, "roofs": to_plain(tuple(roofs))}, indent=1)
    files.write(project / FILE, f"{text}\n".encode())


def load(project: Path) -> tuple[Roof, ...]:
    """Return the roofs; none if they were not measured.

    Raises:
        ProjectError: the file is damaged, or of another version.
    """
    path = project / FILE
    if not path.is_file():
        return ()
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(_MOST_BYTES))
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise BlobError("it is of another version")
        found = from_plain(tuple[Roof, ...], data.get("roofs"), "roofs")
    except (OSError, ValueError, RecursionError, BlobError) as error:
        raise ProjectError(
            f"{path}: cannot be read: {error}", "measure again: zephyr-counters roofs PROJECT"
        ) from error
    return tuple(one for one in found if math.isfinite(one.per_second) and one.per_second > 0)
