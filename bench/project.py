# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Projects to measure with: the bundled model, and keyword spotting where it is at hand."""

from __future__ import annotations

from pathlib import Path

from zephyr_counters import resources
from zephyr_counters.compile import compile_model
from zephyr_counters.project import Project, create

DEMO = resources.path("examples") / "digits" / "digits_int8.onnx"
KEYWORD_SPOTTING = (
    Path(__file__).resolve().parents[2] / "shared" / "models" / "kws_ref_model.tflite"
)


def built_project(model: Path, target: str, folder: Path, board: str = "posix") -> Project:
    """Compile `model` and build its firmware in `folder`, once."""
    project_dir = folder / f"{model.stem}-{target.replace(',', '-')}-{board}"
    if project_dir.exists():
        return Project.open(project_dir)
    archive = project_dir.with_suffix(".tar")
    compile_model(model, target=target, output=archive)
    project = create("zephyr-counters", archive, project_dir, {"board": board})
    project.build()
    return project


def demo_project(folder: Path) -> Project:
    """Build the bundled digits model for the reference accelerator."""
    return built_project(DEMO, "c,mac-array", folder)
