# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Boards: those in the tree, those from outside, and damaged ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boards_table
import pytest
from fake_sources import RawClient
from fake_tcp import add_board
from zephyr_counters import resources
from zephyr_counters.cli.main import main
from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats import board as boards
from zephyr_counters.formats.search_path import BOARDS, SearchPath
from zephyr_counters.project import create


@pytest.mark.slow
def test_a_board_from_outside(
    template: Path,
    archive: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One folder, and nothing else."""
    folder = add_board(tmp_path / "mine", "my_board", aliases=["my_old_board"])
    (folder / "board.conf").write_text("CONFIG_MINE=y\n")
    monkeypatch.setenv("ZEPHYR_COUNTERS_BOARDS", str(tmp_path / "mine"))
    assert main(["boards"]) == 0
    assert "my_board" in capsys.readouterr().out
    with RawClient(template) as client:
        described = client.call("server_info_query", tvm_version="")["project_options"]
    choices = next(one["choices"] for one in described if one["name"] == "board")
    assert choices == ["my_board", "posix", "my_old_board"]
    for name in ("my_board", "my_old_board"):
        project = create(template, archive, tmp_path / name, {"board": name})
        assert project.board == "my_board"
        assert (project.path / "boards/my_board/board.conf").is_file()
    project.build()
    with project.open_transport() as transport:
        transport.write(b"x", 5)
        assert transport.read(1, 5) == b"x"


def test_a_board_of_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point names a folder, or a function that returns one."""
    add_board(tmp_path / "boards", "theirs")
    (tmp_path / "vendor.py").write_text(
        "from pathlib import Path\n\ndef boards():\n    return Path(__file__).parent / 'boards'\n"
    )
    info = tmp_path / "vendor-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vendor\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[zephyr_counters.boards]\nvendor = vendor:boards\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = boards.find(resources.search(BOARDS))
    assert found["theirs"].folder == tmp_path / "boards/theirs" and "posix" in found


def test_later_folders_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("a", "b"):
        add_board(tmp_path / place, "same", description=place, aliases=["other", "posix"])
    folders = f"{tmp_path / 'a'}:{tmp_path / 'b'}:"
    monkeypatch.setenv("ZEPHYR_COUNTERS_BOARDS", folders)
    found = boards.find(resources.search(BOARDS))
    assert found["same"].description == "b" == boards.choose(found, "other").description
    # A name is stronger than an alias.
    assert boards.choose(found, "posix").name == "posix"
    assert SearchPath("x", "ZC_NOT_SET", "zc.none").from_environment() == []


def test_unknown_board() -> None:
    found = boards.find([resources.path("boards")])
    assert boards.choose(found, "mps3_an547").name == "corstone300"
    with pytest.raises(UsageError, match="unknown board 'possix'\n  hint: did you mean posix"):
        boards.choose(found, "possix")
    with pytest.raises(UsageError, match=r"unknown board 'zzz'\n  hint: boards: .*posix"):
        boards.choose(found, "zzz")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "format 2; this version reads 1"),
        ({"name": 5}, "'name' is not a line of text"),
        ({"description": "two\nlines"}, "'description' is not a line of text"),
        ({"platform": None}, "'platform' is missing"),
        ({"zephyr_board": 5}, "'zephyr_board' is not a text or null"),
        ({"console": []}, "not a board's data"),
        ({"console": {"kind": 5}}, "'console' is not an object with 'kind'"),
        ({"console": {"kind": "pty", "pattern": "("}}, "'pattern' is not a regular expression"),
        ({"console": {"kind": "pty", "pattern": "x"}}, "'pattern' is not a regular expression"),
        ({"console": {"kind": "pty", "pattern": 5}}, "'pattern' is not a regular expression"),
        ({"run": {}}, "'command' is missing"),
        ({"run": {"command": []}}, "'run' is not a command"),
        ({"run": {"command": "rm"}}, "'run' is not a command"),
        ({"run": {"command": ["x"]}}, "'start_timeout_sec' is missing"),
        ({"flash": {"command": ["x"], "options": {"y": "z"}}}, "'flash' is not a command with"),
        ({"providers": "clock"}, "'providers' is not a list of texts"),
        ({"aliases": "one"}, "'aliases' is not a list of texts"),
        ({"options": []}, "'options' is not an object"),
    ],
)
def test_damaged(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    path = add_board(tmp_path, "bad", **changes) / "board.json"
    with pytest.raises(ProjectError, match=message) as error:
        boards.find([tmp_path])
    assert str(path) in error.value.what


@pytest.mark.parametrize("data", [b"", b"[]", b"5", b"\xff", b"[" * 99999, b'{"format": 1}'])
def test_foreign(tmp_path: Path, data: bytes) -> None:
    path = add_board(tmp_path, "bad") / "board.json"
    path.write_bytes(data)
    with pytest.raises(ProjectError, match=r"board\.json"):
        boards.find([tmp_path])


def test_commands(tmp_path: Path) -> None:
    run = {
        "command": ["emulate", "{build}/firmware", "--log={project}/{nothing}"],
        "options": {"icount": ["-icount", "{icount}"], "other": ["-other"]},
        "start_timeout_sec": 1,
    }
    board = boards.read(add_board(tmp_path, "b", run=run) / "board.json")
    assert board.command("run", Path("/p"), {"icount": True, "other": False}) == [
        *("emulate", "/p/build/firmware", "--log=/p/", "-icount", "True")
    ]
    assert {"icount", "other"} <= board.command_options


def test_the_table_in_the_readme() -> None:
    """`make boards-table` writes it."""
    text = boards_table.README.read_text(encoding="utf-8")
    assert boards_table.updated(text) == text, "run make boards-table"
    for board in boards.find([resources.path("boards")]).values():
        assert f"| `{board.name}` | {board.description} |" in text
        assert board.seen


def test_a_stale_table_shows(tmp_path: Path) -> None:
    text = boards_table.README.read_text(encoding="utf-8")
    add_board(tmp_path, "new", description="A | B", seen="runs")
    table = boards_table.table(boards.find([resources.path("boards"), tmp_path]))
    assert "| `new` | A \\| B |" in table and table not in text
    assert json.dumps(boards_table.updated("no marks")) == '"no marks"'
