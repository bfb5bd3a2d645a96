# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Whether a board's core can run a model's kernels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zephyr_counters.errors import ArchiveError
from zephyr_counters.formats import core as cores

_MEANING = {
    "dsp": "DSP instructions",
    "fp": "floats in registers",
    "mve": "MVE (Helium)",
    "mve.fp": "MVE (Helium) for floats",
}


def check(metadata: Mapping[str, Any], board: str, core: str) -> None:
    """Refuse a model that the board's core cannot run.

    Args:
        metadata: the model's; `core` lists the features that its kernels need.
        board: the board's name.
        core: the board's core as in formats/core.py.

    Raises:
        ArchiveError: names the board, its core and what that lacks.
    """
    needs = metadata.get("core", [])
    if not isinstance(needs, list) or not all(isinstance(item, str) for item in needs):
        raise ArchiveError("metadata.json: 'core' is damaged", "make one with tvmc compile")
    lacking = sorted(set(needs) - cores.features(core))
    missing = [_MEANING.get(item, item) for item in lacking]
    if missing:
        made_for = metadata.get("mcpu")
        raise ArchiveError(
            f"the model{f' is compiled for {made_for} and' if made_for else ''} needs "
            f"{', '.join(missing)}, which board {board!r} ({core}) lacks",
            f"compile it with tvmc compile --board {board}",
        )
