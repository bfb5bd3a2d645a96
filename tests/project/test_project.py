# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""zephyr_counters.project, on a template with fake device code."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
from pathlib import Path

import pytest
from fake_sources import Build, children, ends, make_archive
from zephyr_counters import resources
from zephyr_counters.board.board import Board
from zephyr_counters.cli import tvmc
from zephyr_counters.errors import ArchiveError, LinkTimeout, ProjectError, UsageError
from zephyr_counters.formats import board as boards
from zephyr_counters.link.transports.transport import BoardGone, Transport
from zephyr_counters.link.transports.wrapper import shareable
from zephyr_counters.project import Project, create, template_dir
from zephyr_counters.rpc.server import Server


@pytest.mark.slow
def test_create_build_run(template: Path, archive: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    options = {"board": "posix", "arena_size_bytes": "65536"}
    project = create(template, archive, tmp_path / "p", options, progress=lines.append)
    assert lines == []
    assert project.board == "posix" and project.options["arena_size_bytes"] == 65536
    assert project.metadata["name"] == "tiny" and project.archive.layers[0].name == "add"
    model = hashlib.sha256((project.path / "model/metadata.json").read_bytes()).digest()
    assert project.archive.hash == model
    project.build(lines.append)
    assert lines[0] == "configuring" and any(line.startswith("[1/") for line in lines)
    project.flash()
    with project.open_transport() as transport:
        assert isinstance(transport, Transport)
        transport.write(b"hello", 5)
        assert transport.read(5, 5) == b"hello"
        with pytest.raises(LinkTimeout):
            transport.read(1, 0.05)
        assert transport.ending() is None


@pytest.mark.slow
def test_verbose_build_shows_commands(built: Build, tmp_path: Path) -> None:
    project = Project.open(shutil.copytree(built(), tmp_path / "p"))
    lines: list[str] = []
    project.build(lines.append, {"verbose": "true"}, clean=True)
    assert any("-DFAKE_PACKET" in line for line in lines)


@pytest.mark.slow
def test_close_ends_the_firmware(built: Build) -> None:
    transport = Project.open(built()).open_transport()
    assert transport._client is not None
    server = transport._client._process._process.pid
    (firmware,) = children(server)
    transport.close()
    assert ends(firmware) and ends(server)
    transport.close()


@pytest.mark.slow
def test_shared_port(built: Build) -> None:
    """What another process gets is the port alone."""
    with Project.open(built()).open_transport() as transport:
        twin = shareable(transport)
        assert not hasattr(twin, "ending")
        twin.write(b"twin", 5)
        assert transport.read(4, 5) == b"twin"


@pytest.mark.slow
def test_firmware_that_crashes(built: Build) -> None:
    project = Project.open(built("FAKE_CRASH"))
    with project.open_transport() as transport:
        transport.write(b"x", 5)
        with pytest.raises(
            BoardGone, match=r"was ended by SIGSEGV\n  fake firmware 42\n  about to crash"
        ):
            for _ in range(100):
                transport.read(1, 5)
        with pytest.raises(BoardGone, match="SIGSEGV"):
            transport.write(b"x" * 100, 5)
    with project.open_transport():
        pass


@pytest.mark.slow
def test_firmware_that_exits(built: Build) -> None:
    with pytest.raises(ProjectError, match=r"exit code 3.*\n  fake firmware 42\n  no luck"):
        Project.open(built("FAKE_EXIT=3")).open_transport()


@pytest.mark.slow
def test_build_errors(template: Path, tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "m.tar", "int x = unknown;\n")
    project = create(template, archive, tmp_path / "p")
    with pytest.raises(ProjectError, match="unknown") as caught:
        project.build()
    assert "model/src/kernels.c:1:9: error" in str(caught.value.detail)
    assert caught.value.hint is not None and "build.log" in caught.value.hint
    with pytest.raises(ProjectError, match="build the project first"):
        project.open_transport()


@pytest.mark.slow
def test_moved(built: Build, tmp_path: Path) -> None:
    project = Project.open(shutil.copytree(built(), tmp_path / "moved"))
    project.build()
    with project.open_transport() as transport:
        transport.write(b"x", 5)
        assert transport.read(1, 5) == b"x"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"arena_size": "1"}, "did you mean arena_size_bytes"),
        ({"board": "mps2"}, "unknown board 'mps2'"),
        ({"gdbserver_port": "1"}, "'gdbserver_port' is one of open_transport, not of gen"),
        ({"arena_size_bytes": "1"}, "want an integer from 1024"),
    ],
)
def test_bad_options(
    template: Path, archive: Path, tmp_path: Path, given: dict[str, str], text: str
) -> None:
    with pytest.raises(UsageError, match=text):
        create(template, archive, tmp_path / "p", given)
    assert not list(tmp_path.iterdir())


def test_option_of_another_method(built: Build) -> None:
    project = Project.open(built())
    with pytest.raises(UsageError, match="one of generate_project, not of build"):
        project.build(options={"arena_size_bytes": 2048})
    with pytest.raises(UsageError, match="unknown project option 'speed'"):
        project.open_transport({"speed": 1})


def test_bad_archive(template: Path, tmp_path: Path) -> None:
    (tmp_path / "m.tar").write_bytes(b"no")
    with pytest.raises(ArchiveError, match=r"m\.tar: not a readable model archive"):
        create(template, tmp_path / "m.tar", tmp_path / "p")
    assert not (tmp_path / "p").exists()


@pytest.mark.slow
def test_force(template: Path, archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "p"
    create(template, archive, target)
    (target / "note").write_text("")
    with pytest.raises(ProjectError, match="exists"):
        create(template, archive, target)
    # What fails leaves the old one alone.
    with pytest.raises(UsageError):
        create(template, archive, target, {"board": "nothing"}, force=True)
    assert (target / "note").exists()
    create(template, archive, target, {"verbose": True}, force=True)
    assert not (target / "note").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_force_removes_nothing_else(template: Path, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/thesis").write_text("three years")
    with pytest.raises(ProjectError, match="is not a project"):
        create(template, archive, tmp_path / "home", force=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(ProjectError, match="is not a project"):
        create(template, archive, tmp_path / "file", force=True)
    create(template, archive, tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(ProjectError, match="is not a project"):
        create(template, archive, tmp_path / "link", force=True)
    (tmp_path / "empty").mkdir()
    create(template, archive, tmp_path / "empty", force=True)
    create(template, archive, tmp_path / "new", force=True)
    assert (tmp_path / "home/thesis").exists()


def test_not_a_template(template: Path, archive: Path, built: Build, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no such folder"):
        create("zephyr-conters", archive, tmp_path / "p")
    with pytest.raises(ProjectError, match="no microtvm_api_server"):
        create(tmp_path, archive, tmp_path / "p")
    with pytest.raises(ProjectError, match="a project, not a template"):
        create(built(), archive, tmp_path / "p")
    assert (template_dir() / "microtvm_api_server.py").is_file()


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"format": 1}, "project format 1, this version reads 2"),
        ({"format": None}, "project format None"),
        ({"board": 5}, "damaged"),
        ({"options": []}, "damaged"),
        ({"archive": {}}, "damaged"),
        ({"archive": {"file": "../x", "sha256": ""}}, "not in the project"),
        ({"archive": {"file": "no.tar", "sha256": ""}}, "no.tar: cannot be read"),
        ({"archive": {"file": "model.tar", "sha256": ""}}, "not the archive"),
    ],
)
def test_wrong_project(built: Build, tmp_path: Path, changes: dict[str, object], text: str) -> None:
    folder = shutil.copytree(built(), tmp_path / "p")
    description = json.loads((folder / "project.json").read_text())
    (folder / "project.json").write_text(json.dumps({**description, **changes}))
    with pytest.raises(ArchiveError, match=text):
        Project.open(folder)


def test_no_project(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ProjectError, match="not a project"):
            Project.open(folder)
    (tmp_path / "project.json").write_text("{")
    with pytest.raises(ArchiveError, match="damaged"):
        Project.open(tmp_path)


def test_other_projects_server(built: Build, tmp_path: Path) -> None:
    """A server of another version, or one that breaks, says so or is told of, and never hangs."""
    folder = shutil.copytree(built(), tmp_path / "p")
    project = Project.open(folder)
    start = "import json, os, sys\nr, w = int(sys.argv[2]), int(sys.argv[4])\n"
    reply = "os.write(w, (json.dumps({'jsonrpc': '2.0', 'id': 1, %s}) + '\\n').encode())\n"
    info = "'result': {'protocol_version': %d, 'is_template': False, 'project_options': []}"
    read = "while os.read(r, 1) != b'\\n': pass\n"
    for text, message in (
        ("sys.exit('boom')\n", "server_info_query: .* ended .exit code 1.\n  boom"),
        ("os.kill(os.getpid(), 9)\n", "ended .SIGKILL"),
        ("os.write(w, b'hello\\n')\n", "malformed reply"),
        ("os.write(w, b'[]\\n')\n", "malformed reply"),
        (reply % "'result': {}", "protocol None"),
        (reply % (info % 2), "speaks protocol 2, not 1"),
        (reply % "'result': {'protocol_version': 1}", "malformed reply"),
        (reply % "'error': {'code': -32601, 'message': 'what?', 'data': None}", "what\\?"),
        (reply % "'error': 5", "malformed reply"),
        ((reply % (info % 1)) + read * 2, "ended .exit code 0"),
    ):
        (folder / "microtvm_api_server.py").write_text(start + text)
        with pytest.raises(ProjectError, match=message):
            project.build()


@pytest.mark.slow
def test_server_that_does_not_answer(
    built: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zephyr_counters.project import client

    folder = shutil.copytree(built(), tmp_path / "p")
    text = "import time, sys\nprint('stuck here', file=sys.stderr, flush=True)\ntime.sleep(600)\n"
    (folder / "microtvm_api_server.py").write_text(text)
    monkeypatch.setattr(client, "_TIMEOUT", 2.0)
    monkeypatch.setattr("zephyr_counters.project.server_process._GRACE_SEC", 0.5)
    with pytest.raises(ProjectError, match="server_info_query: no answer in 2 s\n  stuck here"):
        Project.open(folder).build()


def test_boards(tmp_path: Path) -> None:
    found = boards.find([resources.path("boards")])
    names = [board.name for board in found.values()]
    assert "posix" in names and names == sorted(names)
    posix = found["posix"]
    assert posix.runs_here and posix.transport == "pty" and posix.providers
    (tmp_path / "x").mkdir()
    for text in ("[]", '{"format": 7}', "{"):
        (tmp_path / "x/board.json").write_text(text)
        with pytest.raises(ProjectError, match=r"board\.json"):
            boards.find([tmp_path])


def test_project_of_the_version_before(template: Path, archive: Path, tmp_path: Path) -> None:
    """The hint is a command that makes it anew, from what it holds, with its options."""
    target = tmp_path / "a project"
    create(template, archive, target, {"arena_size_bytes": 65536, "compile_definitions": "A=1 B"})
    description = json.loads((target / "project.json").read_text())
    accelerators = description.pop("extensions")
    old = {**description, "format": 1, "accelerators": accelerators}
    (target / "project.json").write_text(json.dumps(old))
    (target / "old").touch()
    with pytest.raises(ArchiveError, match="project format 1, this version reads 2") as error:
        Project.open(target)
    assert error.value.hint is not None
    words = shlex.split(error.value.hint.removeprefix("create the project again: "))
    assert words[:4] == ["tvmc", "micro", "create", "--force"]
    # The template of the test, as it was not made from the one that comes with the package.
    assert tvmc.main([*words[1:], "--template", str(template)]) == 0
    project = Project.open(target)
    assert not (target / "old").exists()
    assert project.options == description["options"]


@pytest.mark.slow
def test_a_project_of_tvm_018(built: Build, tmp_path: Path) -> None:
    """Its firmware speaks another protocol: refused before anything starts."""
    folder = shutil.copytree(built("FAKE_EXIT=3"), tmp_path / "p")
    description = json.loads((folder / "project.json").read_text())
    (folder / "project.json").write_text(json.dumps({**description, "runtime": "crt"}))
    project = Project.open(folder)
    for connect in (Board, lambda one: Server(one, key="k")):
        with pytest.raises(UsageError, match=r"made with TVM 0\.18") as caught:
            connect(project)
        assert "tvmc run --device micro PROJECT --profile" in str(caught.value.hint)
