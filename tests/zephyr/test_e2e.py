# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The demo's model through the Project API on every board that an emulator runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from zephyr_counters.blob import Origin, Record, Selection
from zephyr_counters.link.board import Board
from zephyr_counters.link.bridge import Timeouts
from zephyr_counters.project import Project, create
from zephyr_fixtures import board_data, digits, need, zephyr_boards

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

PATIENT = Timeouts(call=300, start=90)
"""An emulator on a busy machine may take long to boot; no test measures time."""

EMULATED = zephyr_boards(emulated=True)
WITH_ICOUNT = [name for name in EMULATED if "icount" in board_data(name)["run"].get("options", {})]
ADVANCING = {"native_sim": "host-clock"}
"""The provider to look at where the kernel's clock stands still in computations."""
EXACT = {"qemu_riscv64": ("hpm", 0)}
"""A provider whose last counter counts instructions, and by how many it may differ."""

Built = Callable[[str, Path], Project]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A function that builds a project, once for a board and an archive."""
    projects: dict[tuple[str, Path], Project] = {}

    def build(board: str, archive: Path) -> Project:
        if board != "posix":
            need(board)
        if (board, archive) not in projects:
            folder = tmp_path_factory.mktemp("projects") / board
            project = create("zephyr-counters", archive, folder, {"board": board})
            project.build()
            projects[board, archive] = project
        return projects[board, archive]

    return build


def outputs(project: Project, **options: Any) -> list[np.ndarray[Any, Any]]:
    """What the model says about each image."""
    images, _ = digits()
    found = []
    with project.open_transport(options) as transport, Board(transport, timeouts=PATIENT) as board:
        for image in images:
            board.set_input(0, image[np.newaxis])
            board.run()
            found.append(np.array(board.get_output(0)))
    return found


@pytest.mark.parametrize("name", EMULATED)
def test_predictions_as_on_posix(name: str, built: Built, archive: Path) -> None:
    project = built(name, archive)
    expected = outputs(built("posix", archive))
    for here, there in zip(outputs(project), expected, strict=True):
        assert here.argmax() == there.argmax()
        np.testing.assert_allclose(here, there, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", EMULATED)
def test_counters_advance(name: str, built: Built, archive: Path) -> None:
    icount = {"icount": True} if name in WITH_ICOUNT else {}
    records = layers(built(name, archive), ADVANCING.get(name, "kernel-cycles"), icount, 2)
    assert {r.repetition for r in records} == {0, 1}
    for repetition in (0, 1):
        assert sum(r.values[0] for r in records if r.repetition == repetition) > 0


@pytest.mark.parametrize("name", WITH_ICOUNT)
def test_counts_repeat_with_icount(name: str, built: Built, archive: Path) -> None:
    """Instructions to the last one; a clock's cycles but for where in one the layer begins."""
    provider, slack = EXACT.get(name, ("kernel-cycles", 1))
    project = built(name, archive)
    first, second = (layers(project, provider, {"icount": True}, 1) for _ in range(2))
    assert max(r.values[0] for r in first) > 100
    for a, b in zip(first, second, strict=True):
        assert abs(a.values[0] - b.values[0]) <= slack


def layers(project: Project, provider: str, options: dict[str, Any], repeat: int) -> list[Record]:
    """Records of each layer, of a board that has just started; interrupts locked."""
    images, _ = digits()
    with project.open_transport(options) as transport, Board(transport, timeouts=PATIENT) as board:
        names = [entry.name for entry in board.catalog().providers]
        index = names.index(provider)
        counter = len(board.catalog().providers[index].counters) - 1
        board.select(Selection(True, ((index, (counter,)),)))
        board.set_input(0, images[:1])
        board.run()
        board.profile(repeat)
        blob = board.take()
        assert blob.dropped == blob.remaining == 0
        assert not blob.stuck
        return [r for r in blob.records if r.origin is Origin.LAYER]


def test_mac_array_as_on_posix(built: Built, mac_array_archive: Path) -> None:
    """The same model of the accelerator: outputs equal to the last digit."""
    here = outputs(built("native_sim", mac_array_archive))
    there = outputs(built("posix", mac_array_archive))
    assert all((a == b).all() for a, b in zip(here, there, strict=True))
