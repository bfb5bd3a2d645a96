# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Projects on Zephyr boards for the tests in this folder."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from zephyr_counters.errors import ProjectError
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.project_api import zephyr_toolchain, zephyr_workspace

ROOT = Path(__file__).resolve().parents[2]

DIGITS = ROOT / "examples" / "digits"
_REGION = re.compile(r"^\s+(FLASH|RAM):\s+(\d+) (B|KB|MB)\s+(\d+) (B|KB|MB)", re.M)
_UNIT = {"B": 1, "KB": 1024, "MB": 1024 * 1024}


def zephyr_boards(emulated: bool) -> list[str]:
    """Names of the boards that are emulated, or that are not."""
    found = []
    for path in sorted((ROOT / "boards").glob("*/board.json")):
        board = json.loads(path.read_text())
        if board["platform"] == "zephyr" and bool(board["run"]) is emulated:
            found.append(board["name"])
    return found


def board_data(name: str) -> dict[str, Any]:
    """board.json of a board."""
    data: dict[str, Any] = json.loads((ROOT / "boards" / name / "board.json").read_text())
    return data


def need(name: str) -> None:
    """Skip the test where something to build or run the board with is missing."""
    board = board_data(name)
    try:
        workspace = zephyr_workspace.find(ROOT)
        zephyr_toolchain.environment(board["arch"])
    except ProjectError as error:
        pytest.skip(error.what)
    if workspace.west() is None:
        pytest.skip("west is not installed")
    program = board["run"]["command"][0] if board["run"] else ""
    if program and "{build}" not in program and not shutil.which(program):
        pytest.skip(f"{program} is not installed")


def samples(archive: Path) -> list[np.ndarray[Any, Any]]:
    """Inputs of an archive's model: eight held-out digits, or four of noise of any level."""
    (tensor,) = ModelArchive.open(archive).inputs
    if tensor.dtype == "float32":
        with np.load(DIGITS / "heldout.npz") as data:
            return [image[np.newaxis] for image in data["image"][:8]]
    rng = np.random.default_rng(1)
    levels = [np.linspace(low, low + 120, int(np.prod(tensor.shape))) for low in (-128, -64, 0, 7)]
    noisy = [np.clip(level + rng.normal(0, 30, level.size), -128, 127) for level in levels]
    return [values.astype(tensor.dtype).reshape(tensor.shape) for values in noisy]


def memory_used(log: str) -> dict[str, int]:
    """Bytes by region, of the linker's report in a build log."""
    return {name: int(size) * _UNIT[unit] for name, size, unit, *_ in _REGION.findall(log)}


def memory_size(log: str) -> dict[str, int]:
    """Bytes that each region has, of the same report: what the devicetree chose as RAM."""
    return {name: int(size) * _UNIT[unit] for name, *_, size, unit in _REGION.findall(log)}
