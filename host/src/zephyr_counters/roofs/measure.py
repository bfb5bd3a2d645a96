# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Build, run and profile the micro-kernels on a project's board."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from zephyr_counters.board.board import Board
from zephyr_counters.formats import board as boards
from zephyr_counters.formats import core
from zephyr_counters.measure import profile
from zephyr_counters.measure.roofs_file import save
from zephyr_counters.project import Project, create
from zephyr_counters.report.roof import Roof
from zephyr_counters.roofs import model
from zephyr_counters.roofs.micro_kernels import SMALL, micro_kernels

_UNLIMITED_RAM = 1 << 20
_LARGEST_SHARE = 8
"""The larger block takes this part of the RAM, so that all else has room."""

Progress = Callable[[str], None]


def measure_roofs(
    project: Project,
    repeat: int = 20,
    progress: Progress = lambda _: None,
    opened: Callable[[Project], Any] = lambda project: project,
) -> tuple[Roof, ...]:
    """Measure what the project's board can do at most, and save it in the project.

    A board of hardware is flashed with the micro-kernels and afterwards with the project again.

    Args:
        project: it is built already; later profiles of it know the roofs.
        repeat: how often each micro-kernel runs; the shortest time counts.
        progress: called with a line when a part begins.
        opened: makes what `Board` opens of a project, such as one with options for its port.

    Raises:
        ProjectError: it cannot be built, flashed or opened.
        LinkError, BoardError: the board failed.
    """
    board = boards.choose(boards.find([project.path / "boards"]), project.board)
    chosen = tuple(micro_kernels(core.features(board.core), large_ram(board)))
    with tempfile.TemporaryDirectory() as folder:
        progress("compiling micro-kernels")
        archive = Path(folder) / "roofs.tar"
        model.archive(chosen, board.core).save(archive)
        given = {name: value for name, value in project.options.items() if value is not None}
        other = create("zephyr-counters", archive, Path(folder) / "project", given)
        progress(f"building them for {project.board}")
        other.build()
        try:
            if project.needs_flash:
                progress("flashing them")
                other.flash()
            progress("running them")
            with Board(opened(other)) as device:
                seed = np.array([1, 2, 3, 4], np.int32)
                report = profile(device, [seed], counters=(), repeat=repeat)
        finally:
            if project.needs_flash:
                progress("flashing the project again")
                project.flash()
    roofs = []
    for one, row in zip(chosen, report.layers, strict=True):
        seconds = report.seconds(row)
        if seconds is not None and seconds.min > 0:
            roofs.append(Roof(one.name, one.unit, one.amount / seconds.min))
    save(project.path, roofs)
    return tuple(roofs)


def large_ram(board: boards.Board) -> int:
    """Return the bytes of the larger block in RAM, a power of 2."""
    kib = (board.data.get("memory") or {}).get("ram_kib")
    most = _UNLIMITED_RAM if kib is None else int(kib) * 1024 // _LARGEST_SHARE
    return max(2 * SMALL, 1 << (min(most, _UNLIMITED_RAM).bit_length() - 1))
