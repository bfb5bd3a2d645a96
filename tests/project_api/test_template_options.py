# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""generate_project: its options, and those that boards give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fake_sources import REPOSITORY, RawClient
from template_requests import failure, request
from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats import board as boards
from zephyr_counters.formats import options


def test_info(server: RawClient) -> None:
    info = server.call("server_info_query", tvm_version="0.18.0")
    assert info["is_template"] and info["protocol_version"] == 1
    names = [option["name"] for option in info["project_options"]]
    assert {"board", "project_type", "verbose", "warning_as_error"} < set(names)
    for option in info["project_options"]:
        assert set(option) == {
            *("name", "choices", "default", "type", "required", "optional", "help")
        }
        assert option["required"] or option["optional"]
        assert option["help"].endswith(".")
    assert info["project_options"][names.index("board")]["choices"] == ["posix"]


@pytest.mark.parametrize(
    ("given", "what", "hint"),
    [
        ({"bord": "posix"}, "unknown project option 'bord'", "board"),
        ({"zzzz": 1}, "unknown project option 'zzzz'", "options: board"),
        ({"board": "possix"}, "unknown board 'possix'", "did you mean posix?"),
        ({"board": "../posix"}, "unknown board '../posix'", "posix"),
        ({"project_type": "aot"}, "want one of host_driven", None),
        ({"arena_size_bytes": "big"}, "want an integer from 1024", None),
        ({"arena_size_bytes": 1025}, "a multiple of 16", None),
        ({"arena_size_bytes": True}, "want an integer", None),
        ({"packet_size_bytes": 1 << 40}, "want an integer", None),
        ({"warning_as_error": 2}, "want true or false", None),
        ({"compile_definitions": "A=1 -Wall"}, "want NAME or NAME=VALUE; got '-Wall'", None),
        ({"compile_definitions": ""}, "want a text", None),
        ({"compile_definitions": "A\nB"}, "want a text", None),
    ],
)
def test_bad_option(
    server: RawClient, archive: Path, tmp_path: Path, given: Any, what: str, hint: str | None
) -> None:
    data = failure(server, archive, tmp_path / "p", **given)
    assert data["kind"] == "UsageError" and what in data["what"]
    assert hint is None or hint in data["hint"]


def test_options_of_upstream_client(server: RawClient, archive: Path, tmp_path: Path) -> None:
    """TVM's client sends every option to every method, with its default or null."""
    info = server.call("server_info_query", tvm_version="0.18.0")
    every = {option["name"]: option["default"] for option in info["project_options"]}
    result = server.call("generate_project", **request(archive, tmp_path / "p", **every))
    assert result == {"warnings": []}
    project = json.loads((tmp_path / "p/project.json").read_text())
    assert project["options"]["board"] == "posix"
    assert project["config"] == {}


def test_values_reach_the_project(server: RawClient, archive: Path, tmp_path: Path) -> None:
    given = {"arena_size_bytes": "0x4000", "packet_size_bytes": 4096, "warning_as_error": "False"}
    more = {"compile_definitions": "-DA=1 B", "config_main_stack_size": 4096}
    result = server.call("generate_project", **request(archive, tmp_path / "p", **given, **more))
    assert "config_main_stack_size" in result["warnings"][0]
    project = json.loads((tmp_path / "p/project.json").read_text())
    assert project["config"]["CONFIG_ZC_ARENA_SIZE"] == 0x4000
    assert project["config"]["CONFIG_ZC_PACKET_SIZE"] == 4096
    assert project["compile_definitions"] == ["A=1", "B"]
    assert project["warning_as_error"] is False
    with RawClient(tmp_path / "p") as client:
        info = client.call("server_info_query", tvm_version="0.18.0")
    assert not info["is_template"]
    assert info["model_library_format_path"] == str(tmp_path / "p/model.tar")
    defaults = {option["name"]: option["default"] for option in info["project_options"]}
    assert defaults["arena_size_bytes"] == 0x4000


def test_definitions_as_a_list(server: RawClient, archive: Path, tmp_path: Path) -> None:
    """As users of upstream's template give them."""
    given: dict[str, Any] = {"compile_definitions": ["-DA=1", "B"]}
    server.call("generate_project", **request(archive, tmp_path / "p", **given))
    project = json.loads((tmp_path / "p/project.json").read_text())
    assert project["compile_definitions"] == ["A=1", "B"]
    for bad in ([], [1], ["A", "-Wall"]):
        given = {"compile_definitions": bad}
        error = server.fail("generate_project", **request(archive, tmp_path / "q", **given))
        assert "project option 'compile_definitions'" in error["message"]


def test_all_boards_are_valid() -> None:
    known = options.load(REPOSITORY / "project_template")
    for name, board in boards.find([REPOSITORY / "boards"]).items():
        values = options.with_defaults(known, "generate_project", {}, board)
        assert values["project_type"] == "host_driven"
        timeouts = board.data["timeouts"]
        assert set(timeouts) == {
            "session_start_retry_timeout_sec",
            "session_start_timeout_sec",
            "session_established_timeout_sec",
        }, name
        platform = REPOSITORY / "project_template/platforms" / board.platform
        assert platform.is_dir() or platform.with_suffix(".cmake").is_file(), name


def test_bad_boards(tmp_path: Path) -> None:
    assert boards.find([tmp_path]) == {}
    (tmp_path / "x").mkdir()
    for text in ("{", "[]", "{}", '{"format": 1}', '{"format": 2}'):
        (tmp_path / "x/board.json").write_text(text)
        with pytest.raises(ProjectError, match=r"board\.json"):
            boards.find([tmp_path])


def test_required_option() -> None:
    data = {"x": options.Option("x", "str", "X.", required=("build",))}
    with pytest.raises(UsageError, match="'x' is required by build"):
        options.resolve(data, "build", {})
    assert options.resolve(data, "flash", {}) == {}
