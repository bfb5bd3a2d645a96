# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Memory for the host's tensors: it holds the model's inputs and outputs, or the error says how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_sources import make_archive
from zephyr_counters.errors import UsageError
from zephyr_counters.project import create


def archive(path: Path, elements: int) -> Path:
    """An archive of a model with one large input of int8."""
    tensor = {"name": "x", "shape": [elements], "dtype": "int8"}
    return make_archive(path / "model.tar", inputs=[tensor])


def config(project: Any) -> dict[str, Any]:
    """The configuration of a project."""
    found: dict[str, Any] = json.loads((project.path / "project.json").read_text())["config"]
    return found


@pytest.mark.parametrize(("elements", "arena"), [(8_000_000, None), (9_000_000, 9_000_256)])
def test_a_process_gets_what_the_model_needs(
    tmp_path: Path, elements: int, arena: int | None
) -> None:
    made = create(
        "zephyr-counters", archive(tmp_path, elements), tmp_path / "p", {"board": "posix"}
    )
    assert config(made).get("CONFIG_ZC_ARENA_SIZE") == arena


@pytest.mark.parametrize(
    ("board", "has"), [("nrf52840dk", 65536), ("qemu_cortex_m0", 1024), ("posix", 1024)]
)
def test_what_is_too_small_names_the_option_and_the_value(
    tmp_path: Path, board: str, has: int
) -> None:
    model = archive(tmp_path, 70_000)
    options = {"board": board}
    if board == "posix":
        options["arena_size_bytes"] = "1024"
    with pytest.raises(UsageError, match=f"70000 bytes, and .*{board}.* has {has} for") as small:
        create("zephyr-counters", model, tmp_path / "p", options)
    assert small.value.hint == "--project-option arena_size_bytes=70256"
    options["arena_size_bytes"] = "70256"
    made = create("zephyr-counters", model, tmp_path / "p", options)
    assert config(made)["CONFIG_ZC_ARENA_SIZE"] == 70256
