# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""generate_project: where a project goes, and what is in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fake_sources import REPOSITORY, RawClient, generate
from template_requests import request, tar_of


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
