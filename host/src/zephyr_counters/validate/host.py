# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a compiled model on this machine, to compare it with its source model."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zephyr_counters import resources
from zephyr_counters.errors import ZephyrCountersError
from zephyr_counters.formats import board as boards
from zephyr_counters.formats import core
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.formats.search_path import BOARDS
from zephyr_counters.validate.validate import MAX_STEPS, Progress, Validation, on_board

POSIX = "posix"


@dataclass(frozen=True)
class HostValidation:
    """A validation on this machine.

    Attributes:
        board: where it ran: "posix", or an emulated board.
        portable: why not the archive's kernels but portable ones ran; None if its own did.
    """

    validation: Validation
    board: str
    portable: str | None = None


def on_host(
    archive: ModelArchive,
    model: Path,
    portable: Callable[[], ModelArchive],
    progress: Progress = lambda _: None,
    layers: bool = False,
    steps: float = MAX_STEPS,
) -> HostValidation:
    """Build a model for this machine, and compare its results with the source model's.

    Kernels that use a core's instructions run on an emulated board with such a core, if one can be
    built and run here. Otherwise the model is compiled again with portable kernels.

    Args:
        archive: what was compiled.
        model: the source model's file.
        portable: compiles the model for any core.
        progress: called with a line before a part that may take a second.
        layers: see `on_board`.
        steps: see `on_board`.

    Raises:
        BuildError, ProjectError: it cannot be built for the host.
        UsageError: see `on_board`.
    """
    needed = frozenset(archive.metadata.get("core", ()))

    def on(name: str, chosen: ModelArchive) -> Validation:
        return _on(name, chosen, model, progress, layers, steps)

    if not needed:
        return HostValidation(on(POSIX, archive), POSIX)
    failures: list[str] = []
    for name in emulated(needed):
        try:
            return HostValidation(on(name, archive), name)
        except ZephyrCountersError as error:
            failures.append(f"{name}: {error.what}")
    why = failures[0] if failures else "no emulated board has such a core"
    return HostValidation(on(POSIX, portable()), POSIX, why)


def emulated(needed: frozenset[str]) -> list[str]:
    """Return the boards that run on this machine and whose core has these features."""
    known = boards.find(resources.search(BOARDS))
    able = [
        board
        for board in known.values()
        if board.runs_here and needed and needed <= core.features(board.core)
    ]
    # The core nearest to the needed one, and of equal ones the board with the most memory.
    return [b.name for b in sorted(able, key=lambda b: (len(core.features(b.core)), -_ram(b)))]


def _ram(board: boards.Board) -> int:
    return int((board.data.get("memory") or {}).get("ram_kib") or 0)


def _on(
    name: str, archive: ModelArchive, model: Path, progress: Progress, layers: bool, steps: float
) -> Validation:
    from zephyr_counters.board.board import Board
    from zephyr_counters.project import create

    with tempfile.TemporaryDirectory() as folder:
        tar = Path(folder) / "model.tar"
        archive.save(tar)
        progress(f"building for {name}")
        project = create("zephyr-counters", tar, Path(folder) / "project", {"board": name})
        project.build()
        with Board(project) as board:
            return on_board(board, archive, model, progress=progress, layers=layers, steps=steps)
