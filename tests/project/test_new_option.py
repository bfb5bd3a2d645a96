# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A new project option is one entry in options.json: help, checks and the build follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_sources import RawClient, make_sources
from zephyr_counters.cli import tvmc, tvmc_upstream
from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats import options
from zephyr_counters.formats.options import Option
from zephyr_counters.project import create

TILE = {
    "name": "tile_size",
    "type": "int",
    "min": 8,
    "max": 64,
    "multiple": 8,
    "config": "CONFIG_FAKE_TILE",
    "optional": ["generate_project"],
    "help": "Rows of a tile.",
}
"""The declaration; the C code reads CONFIG_FAKE_TILE."""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template with that option."""
    folder = make_sources(tmp_path)
    path = folder / "options.json"
    path.write_text(json.dumps([*json.loads(path.read_text()), TILE]))
    cmake = tmp_path / "zephyr_module/ports/posix/posix.cmake"
    line = "target_compile_definitions(${target}_runtime PRIVATE TILE=${CONFIG_FAKE_TILE})\n"
    cmake.write_text(cmake.read_text().replace("endfunction()", line + "endfunction()"))
    return folder


@pytest.mark.slow
def test_a_new_option(
    template: Path,
    archive: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(tvmc_upstream, "find", lambda: None)
    with pytest.raises(SystemExit) as stop:
        tvmc.main(["micro", "create", "--template", str(template), "--list-options"])
    out = " ".join(capsys.readouterr().out.split())
    assert stop.value.code == 0
    assert "tile_size int Rows of a tile. Takes an integer from 8 to 64, a multiple of 8." in out
    with pytest.raises(UsageError, match="want an integer from 8 to 64, a multiple of 8; got '12'"):
        create(template, archive, tmp_path / "p", {"tile_size": "12"})
    project = create(template, archive, tmp_path / "p", {"tile_size": "16"})
    project.build()
    commands = (project.path / "build/compile_commands.json").read_text()
    assert "-DTILE=16" in commands
    with RawClient(project.path) as client:
        described = client.call("server_info_query", tvm_version="")["project_options"]
    assert {one["name"]: one["default"] for one in described}["tile_size"] == 16


@pytest.mark.parametrize(
    "text", ["", "{", "5", "[5]", "[{}]", '[{"name": "x", "type": "int", "colour": 1}]', "\xff"]
)
def test_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "options.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ProjectError, match=r"options\.json: damaged"):
        options.load(tmp_path)


def test_names_in_messages() -> None:
    known = {
        "size": Option("size", "int", "Size.", min=1, max=4, optional=("build",)),
        "width": Option("width", "int", "Width.", alias_of="size", optional=("build",)),
    }
    with pytest.raises(UsageError, match="'width': want an integer from 1 to 4; got 5"):
        options.resolve(known, "build", {"width": 5})
    with pytest.raises(UsageError, match="'size': given twice, as 1 and 2"):
        options.resolve(known, "build", {"size": 1, "width": 2})
    assert [one["help"] for one in options.describe(known, {}, {})] == [
        "Size. Takes an integer from 1 to 4.",
        "Width. Takes an integer from 1 to 4.",
    ]
