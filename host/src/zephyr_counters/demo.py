# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The demo: from a model to a table of counters, on a board that needs no hardware."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zephyr_counters import resources
from zephyr_counters.board.board import Board
from zephyr_counters.compile import compile_model
from zephyr_counters.measure import profile
from zephyr_counters.project import create

if TYPE_CHECKING:
    from collections.abc import Callable

    from zephyr_counters.report import Report

TARGET = "c,mac-array"
COUNTERS = (
    "host-cycles:cycles",
    "mac-array:busy-cycles",
    "mac-array:stall-cycles",
    "mac-array:macs",
    "mac-array:bytes-in",
    "mac-array:bytes-out",
)


@dataclass(frozen=True)
class DemoResult:
    """The result of the demo: the profile, and how many predictions were right."""

    report: Report
    images: int
    right: int


def run_demo(
    directory: Path,
    *,
    board: str = "posix",
    repeat: int = 20,
    progress: Callable[[str], None] = lambda step: None,
) -> DemoResult:
    """Compile, create, build, run and profile the bundled digits model.

    Args:
        directory: folder for the archive and the project; those of an earlier demo are replaced.
        board: a board that runs on this machine.
        repeat: repetitions of the profile.
        progress: called with one line at the start of each step.

    Raises:
        ZephyrCountersError: a step failed.
    """
    digits = resources.path("examples") / "digits"
    with np.load(digits / "heldout.npz") as held_out:
        images, labels = held_out["image"], held_out["label"]
    directory.mkdir(parents=True, exist_ok=True)

    progress("Compiling examples/digits/digits_int8.onnx with Apache TVM")
    archive = directory / "digits.tar"
    compile_model(digits / "digits_int8.onnx", target=TARGET, output=archive)

    progress(f"Creating the project for {board}")
    options = {"board": board}
    project = create("zephyr-counters", archive, directory / "project", options, force=True)
    progress("Building the firmware")
    project.build()
    project.flash()

    with Board(project) as device:
        progress(f"Classifying {len(images)} held-out images on {board}")
        right = 0
        for image, label in zip(images, labels, strict=True):
            device.set_input(0, image[None])
            device.run()
            right += int(device.get_output(0).argmax() == label)
        progress(f"Profiling {repeat} repetitions")
        report = profile(device, [images[:1]], counters=list(COUNTERS), repeat=repeat)
    return DemoResult(report, len(images), right)
