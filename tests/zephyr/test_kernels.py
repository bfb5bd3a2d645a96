# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Keyword spotting with the kernels of a board's core, through the Project API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cmsis_nn_fixtures
import numpy as np
import pytest
from models import KEYWORD_SPOTTING, shared_model
from zephyr_counters import measure
from zephyr_counters.board.board import Board
from zephyr_counters.project import Project, create
from zephyr_counters.project_api import zephyr_workspace
from zephyr_counters.project_api.cmsis import WORKSPACE_MODULE
from zephyr_counters.rpc.bridge import Timeouts
from zephyr_fixtures import board_data, need, samples

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

PATIENT = Timeouts(call=300, start=90)
EMULATED = {"mps2_an386": "dsp", "corstone300": "mve"}
"""Boards, and the kernel library that most layers use there."""


def project_for(board: str, folder: Path, target: str = "c", **options: object) -> Project:
    """A project with keyword spotting for the board's core, built."""
    pytest.importorskip("tvm", reason="the compiler is not installed")
    from zephyr_counters.compile import compile_model

    need(board)
    archive = folder / "model.tar"
    core = board_data(board)["core"]
    compile_model(shared_model(KEYWORD_SPOTTING), target, archive, mcpu=core)
    project = create("zephyr-counters", archive, folder / board, {"board": board, **options})
    project.build()
    return project


def outputs(project: Project, inputs: list[Any]) -> list[Any]:
    """What the model gives for each of its inputs."""
    found = []
    with project.open_transport() as transport, Board(transport, timeouts=PATIENT) as device:
        for values in inputs:
            device.set_input(0, values)
            device.run()
            found.append(np.array(device.get_output(0)))
    return found


@pytest.fixture(scope="module")
def plain(kws_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Keyword spotting with portable kernels, on this machine."""
    project = create(
        "zephyr-counters", kws_archive, tmp_path_factory.mktemp("plain") / "posix",
        {"board": "posix"},
    )  # fmt: skip
    project.build()
    return project


def optimization_levels(project: Project) -> set[str]:
    """The last -O of every source of the model, which is the one that counts."""
    commands = json.loads((project.path / "build" / "compile_commands.json").read_text())
    return {
        [word for word in one["command"].split() if word.startswith("-O")][-1]
        for one in commands
        if "/model/src/" in one["file"]
    }


@pytest.mark.parametrize("board", EMULATED)
def test_kernels_of_the_core_on_an_emulated_board(
    board: str, plain: Project, kws_archive: Path, tmp_path: Path
) -> None:
    project = project_for(board, tmp_path)
    assert optimization_levels(project) == optimization_levels(plain) == {"-O2"}
    inputs = samples(kws_archive)
    np.testing.assert_array_equal(outputs(project, inputs), outputs(plain, inputs))
    report = measure.profile(project, repeat=1)
    used = [row.candidate for row in report.layers if row.macs]
    assert used and all(str(one).startswith(f"{EMULATED[board]}/") for one in used)


@pytest.mark.parametrize(("board", "is_module"), [("mps2_an386", False), ("corstone300", True)])
def test_cmsis_nn_on_an_emulated_board(
    board: str, is_module: bool, plain: Project, kws_archive: Path, tmp_path: Path
) -> None:
    need(board)
    module = zephyr_workspace.find(Path.cwd()).top / WORKSPACE_MODULE
    if is_module and not module.is_dir():
        pytest.skip("the workspace has no module cmsis-nn")
    options = {} if is_module else {"cmsis_path": str(cmsis_nn_fixtures.root())}
    project = project_for(board, tmp_path, "c,cmsis-nn", **options)
    inputs = samples(kws_archive)
    np.testing.assert_array_equal(outputs(project, inputs), outputs(plain, inputs))
    report = measure.profile(project, repeat=1)
    assert {row.accelerator for row in report.layers if row.macs} == {"cmsis-nn"}


def test_kernels_of_a_cortex_m4f_are_built_for_a_real_board(tmp_path: Path) -> None:
    project = project_for("nrf52840dk", tmp_path)
    assert optimization_levels(project) == {"-O2"}
    image = (project.path / "build" / "zephyr" / "zephyr.elf").read_bytes()
    assert b"zc_dsp_pointwise" in image
