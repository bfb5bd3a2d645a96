# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""generate_project: options, archives, and what is in a project."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_sources import REPOSITORY, RawClient, generate, make_archive, make_metadata
from zephyr_counters.errors import ProjectError, UsageError
from zephyr_counters.formats import board as boards
from zephyr_counters.formats import options


@pytest.fixture(scope="module")
def server(template: Path) -> Iterator[RawClient]:
    """A template's server."""
    with RawClient(template) as client:
        yield client


def request(archive: Path, folder: Path, **given: Any) -> dict[str, Any]:
    """Parameters of generate_project."""
    return {
        "model_library_format_path": str(archive),
        "standalone_crt_dir": "",
        "project_dir": str(folder),
        "options": given,
    }


def failure(server: RawClient, archive: Path, folder: Path, **given: Any) -> dict[str, Any]:
    """The data of the error; nothing may be left behind."""
    error = server.fail("generate_project", **request(archive, folder, **given))
    assert error["code"] == -32000
    assert error["message"] == error["data"]["what"]
    assert not folder.exists()
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]
    data: dict[str, Any] = error["data"]
    return data


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


def test_relative_paths(server: RawClient, archive: Path, template: Path, tmp_path: Path) -> None:
    """TVM's client runs the server in the template's folder, where nobody wants a project."""
    before = sorted(template.iterdir())
    extra = tar_of(tmp_path / "x.tar", [("x", b"")])
    for path, given in {
        "p": request(archive, Path("p")),
        "model.tar": request(Path("model.tar"), tmp_path / "p"),
        "x.tar": request(archive, tmp_path / "p", extra_files_tar=extra.name),
    }.items():
        data = server.fail("generate_project", **given)["data"]
        assert data["kind"] == "UsageError"
        assert path in data["what"] and "relative" in data["what"]
        assert "absolute path" in data["hint"]
    assert sorted(template.iterdir()) == before
    assert not (tmp_path / "p").exists()


def test_folder_exists(server: RawClient, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "keep").write_text("mine")
    error = server.fail("generate_project", **request(archive, tmp_path))
    assert "exists" in error["message"]
    assert [path.name for path in tmp_path.iterdir()] == ["keep"]


def test_empty_folder_is_used(server: RawClient, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    server.call("generate_project", **request(archive, tmp_path / "p"))
    assert (tmp_path / "p/project.json").is_file()


def test_unwritable(server: RawClient, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = server.fail("generate_project", **request(archive, tmp_path / "file/p"))
    assert "cannot be written" in error["message"]


def tar_of(path: Path, members: list[tuple[str, bytes]], **info: Any) -> Path:
    """A tar file; `info` are attributes of the first member."""
    with tarfile.open(path, "w") as tar:
        for index, (name, data) in enumerate(members):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            for key, value in info.items() if index == 0 else ():
                setattr(member, key, value)
            tar.addfile(member, io.BytesIO(data))
    return path


def bad_archives(folder: Path) -> dict[str, tuple[Path, str]]:
    """Archives that must be refused, and a part of what is said of them."""
    good = make_archive(folder / "good.tar")
    whole = good.read_bytes()
    (folder / "truncated.tar").write_bytes(whole[: len(whole) // 3])
    (folder / "random.tar").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.tar").write_bytes(b"")
    (folder / "flipped.tar").write_bytes(whole.replace(b"= 42", b"= 43"))
    (folder / "half.tgz").write_bytes(b"\x1f\x8b\x08\x00" + whole[:100])
    metadata = json.dumps(make_metadata(files={})).encode()
    mlf = json.dumps({"version": 7, "modules": {}}).encode()
    link = {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd", "size": 0}
    with tarfile.open(good) as tar:
        texts = {m.name: tar.extractfile(m).read() for m in tar}
    old = json.dumps({**json.loads(texts["metadata.json"]), "format": 99}).encode()
    crt = json.dumps({**json.loads(texts["metadata.json"]), "runtime": "crt"}).encode()
    npu = make_archive(folder / "npu.tar", accelerators=["npu"])
    spaced = texts["metadata.json"] + b" "
    rest = [item for item in texts.items() if item[0] != "metadata.json"]
    tars = {
        "foreign": ([("./metadata.json", mlf)], {}, "holds no code for the board"),
        "no metadata": ([("src/a.c", b"")], {}, "holds no metadata.json"),
        "not JSON": ([("metadata.json", b"{")], {}, "not JSON"),
        "deep": ([("metadata.json", b"[" * 99999)], {}, "not JSON"),
        "list": ([("metadata.json", b"[]")], {}, "not that of a model archive"),
        "version": ([("metadata.json", old), *rest], {}, "archive format 99"),
        "runtime": ([("metadata.json", crt), *rest], {}, "made for runtime 'crt'"),
        "dots": ([("metadata.json", metadata), ("../evil.c", b"")], {}, "has no place"),
        "absolute": ([("metadata.json", metadata), ("/tmp/evil.c", b"")], {}, "has no place"),
        "unlisted": ([("metadata.json", metadata), ("src/evil.c", b"")], {}, "is not the file"),
        "symlink": ([("src/a.c", b""), ("metadata.json", metadata)], link, "not a regular file"),
        "device": ([("src/a.c", b"")], {"type": tarfile.CHRTYPE}, "not a regular file"),
        "twice": ([("metadata.json", metadata)] * 2, {}, "duplicate member"),
        "missing": (
            [("metadata.json", texts["metadata.json"]), *rest[1:]],
            {},
            "src/hash.h is missing",
        ),
        "hash": ([("metadata.json", spaced), *rest], {}, "src/hash.h is not the file"),
    }
    found = {
        "absent": (folder / "absent.tar", "not a readable model archive"),
        "folder": (folder, "not a readable model archive"),
        "accelerator": (npu, "accelerator 'npu'"),
        "truncated": (folder / "truncated.tar", ""),
        "random": (folder / "random.tar", "not a readable model archive"),
        "empty": (folder / "empty.tar", "not a readable model archive"),
        "gzip": (folder / "half.tgz", "not a readable model archive"),
        "flipped": (folder / "flipped.tar", "src/kernels.c is not the file"),
    }
    for name, (members, info, text) in tars.items():
        found[name] = (tar_of(folder / f"{name}.tar", members, **info), text)
    return found


def test_bad_archives(server: RawClient, tmp_path: Path) -> None:
    for name, (archive, text) in bad_archives(tmp_path).items():
        data = failure(server, archive, tmp_path / "p")
        wanted = "UsageError" if name == "accelerator" else "ArchiveError"
        assert data["kind"] == wanted and text in data["what"], (name, data)


def test_project_holds_everything(server: RawClient, archive: Path, tmp_path: Path) -> None:
    project = tmp_path / "p"
    server.call("generate_project", **request(archive, project))
    for name in (
        *("project.json", "model.tar", "model/src/plan.c", "model/metadata.json", "README.md"),
        *("zephyr_module/fake.c", "boards/posix/board.json", "CMakeLists.txt", "options.json"),
        *(
            "extensions/fake-npu/extension.json",
            "microtvm_api_server.py",
            "zephyr_counters/project_api/main.py",
        ),
    ):
        assert (project / name).is_file(), name
    assert not list(project.rglob("__pycache__"))
    assert not [path for path in project.rglob("*") if path.is_symlink()]
    assert (project.stat().st_mode & 0o777) == (tmp_path.stat().st_mode | 0o755) & 0o755
    texts = [path.read_bytes() for path in project.rglob("*") if path.is_file()]
    for place in (server.process.args[1], str(REPOSITORY), str(tmp_path)):  # type: ignore[index]
        assert not [text for text in texts if str(Path(str(place)).parent).encode() in bytes(text)]


def test_same_archive_same_project(server: RawClient, archive: Path, tmp_path: Path) -> None:
    texts = []
    for name in ("a", "b"):
        server.call("generate_project", **request(archive, tmp_path / name))
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        texts.append([(str(p.relative_to(tmp_path / name)), p.read_bytes()) for p in files])
    assert texts[0] == texts[1]


def test_standard_library_is_enough(template: Path, archive: Path, tmp_path: Path) -> None:
    """Without any installed package, as the system's Python may be."""
    with RawClient(template, "-S", "-E") as client:
        client.call("server_info_query", tvm_version="0.18.0")
        client.call("generate_project", **request(archive, tmp_path / "p"))


def test_generate_in_a_project(server: RawClient, archive: Path, tmp_path: Path) -> None:
    server.call("generate_project", **request(archive, tmp_path / "p"))
    with RawClient(tmp_path / "p") as client:
        error = client.fail("generate_project", **request(archive, tmp_path / "q"))
    assert "not a template" in error["message"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"format": 1}', "project format 1"),
        ("{}", "damaged"),
        ("[]", "damaged"),
        ("{", "damaged"),
        ('{"format": 2}', "damaged"),
    ],
)
def test_bad_project(
    server: RawClient, archive: Path, tmp_path: Path, text: str, what: str
) -> None:
    server.call("generate_project", **request(archive, tmp_path / "p"))
    (tmp_path / "p/project.json").write_text(text)
    with RawClient(tmp_path / "p") as client:
        for method in ("build", "flash", "open_transport"):
            error = client.fail(method, options={})
            assert what in error["message"] and error["data"]["kind"] == "ArchiveError"


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


def test_server_says_its_usage(template: Path) -> None:
    result = subprocess.run(
        [sys.executable, template / "microtvm_api_server.py"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert result.returncode == 2 and "--read-fd" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("character", [*';|*?[]"\\', "\n", "\x1b"])
def test_paths_that_cmake_cannot_build_in(
    template: Path, archive: Path, tmp_path: Path, character: str
) -> None:
    """Refused at create, and in a project that was moved there."""
    folder = tmp_path / f"a{character}b"
    with RawClient(template) as client:
        error = client.fail("generate_project", **request(archive, folder))
    assert f"CMake cannot build in a path with {character!r}" in error["message"]
    assert not list(tmp_path.iterdir())
    generate(template, archive, tmp_path / "good")
    (tmp_path / "good").rename(folder)
    with RawClient(folder) as client:
        assert "CMake cannot build in" in client.fail("build", options={})["message"]


FULL = """
mkdir -p {disk} && mount -t tmpfs -o size={size} none {disk} || exit 77
{python} - <<'END'
import json
from pathlib import Path
from fake_sources import RawClient, generate
template, archive, folder = Path("{template}"), Path("{archive}"), Path("{disk}/p")
with RawClient(template) as client:
    error = client.request("generate_project", **{request}).get("error")
    if error is None:
        with RawClient(folder) as project:
            error = project.fail("build", options={{}})
print(json.dumps([error, [path.name for path in Path("{disk}").iterdir()]]))
END
"""


@pytest.mark.slow
@pytest.mark.parametrize(("size", "left"), [("16k", []), ("200k", []), ("600k", ["p"])])
def test_full_disk(
    template: Path, archive: Path, tmp_path: Path, size: str, left: list[str]
) -> None:
    """One line, and no half of a project; where this machine lets a user mount."""
    disk = tmp_path / "disk"
    text = FULL.format(
        disk=disk,
        size=size,
        python=sys.executable,
        template=template,
        archive=archive,
        request=request(archive, disk / "p"),
    )
    path = os.pathsep.join([str(REPOSITORY / "tests/support"), *sys.path])
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", text],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        timeout=100,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("needs user namespaces")
    error, files = json.loads(done.stdout.splitlines()[-1])
    shown = [error["data"]["what"], *(error["data"]["detail"] or "").splitlines()]
    assert len(shown) == 1 and len(shown[0]) < 300, shown
    assert re.search("No space left|disk is full", shown[0]), shown
    assert error["data"]["hint"] == "make room on the disk" and files == left
