# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""build and flash: what is built, what is said when it is not, and that nothing outlives it."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from fake_sources import Build, RawClient, children, ends, generate, make_archive


def log_of(project: Path) -> str:
    """What the compilers printed."""
    return (project / "build/build.log").read_text()


@pytest.mark.slow
def test_build(built: Build) -> None:
    project = built()
    assert os.access(project / "build/firmware", os.X_OK)
    log = log_of(project)
    assert "Building C object" in log and "-- The C compiler" in log
    commands = json.loads((project / "build/compile_commands.json").read_text())
    by_file = {Path(one["file"]).name: one["command"] for one in commands}
    assert "-O2" in by_file["kernels.c"] and " -w " in by_file["kernels.c"]
    assert "-Werror" in by_file["fake.c"] and "-O2" in by_file["fake.c"]


@pytest.mark.slow
def test_options_reach_the_compiler(template: Path, archive: Path, tmp_path: Path) -> None:
    project = tmp_path / "p"
    generate(
        template,
        archive,
        project,
        packet_size_bytes=4096,
        warning_as_error=False,
        compile_definitions="FAKE_ONE FAKE_TWO=2",
    )
    with RawClient(project) as client:
        client.call("build", options={})
    command = next(
        one["command"]
        for one in json.loads((project / "build/compile_commands.json").read_text())
        if one["file"].endswith("fake.c")
    )
    for word in ("-DFAKE_PACKET=4096", "-DFAKE_ONE", "-DFAKE_TWO=2", "-Wno-error"):
        assert word in command.split()


@pytest.mark.slow
def test_build_again_builds_nothing(built: Build) -> None:
    project = built()
    before = (project / "build/firmware").stat().st_mtime_ns
    with RawClient(project) as client:
        client.call("build", options={})
    assert (project / "build/firmware").stat().st_mtime_ns == before
    assert "no work to do" in log_of(project)


@pytest.mark.slow
def test_moved_project_builds(template: Path, archive: Path, tmp_path: Path) -> None:
    """Also without what it was generated from."""
    sources = tmp_path / "sources"
    shutil.copytree(template.parent, sources)
    generate(sources / "project_template", archive, tmp_path / "old place/p")
    with RawClient(tmp_path / "old place/p") as client:
        client.call("build", options={})
    shutil.rmtree(sources)
    project = tmp_path / "new"
    (tmp_path / "old place/p").rename(project)
    with RawClient(project) as client:
        client.call("build", options={})
        client.call("flash", options={})
        stream = client.call("open_transport", options={})["stream"]
        assert stream["kind"] == "pty"
    assert str(tmp_path / "old place") not in (project / "build/CMakeCache.txt").read_text()


@pytest.mark.slow
def test_broken_build_folder(template: Path, archive: Path, tmp_path: Path) -> None:
    generate(template, archive, tmp_path / "p")
    (tmp_path / "p/build").mkdir()
    (tmp_path / "p/build/CMakeCache.txt").write_text("CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere\n")
    with RawClient(tmp_path / "p") as client:
        client.call("build", options={})


@pytest.mark.slow
def test_compiler_errors(template: Path, tmp_path: Path) -> None:
    lines = "".join(f"int model_answer{i} = nothing_{i};\n" for i in range(20))
    archive = make_archive(tmp_path / "m.tar", lines)
    generate(template, archive, tmp_path / "p")
    with RawClient(tmp_path / "p") as client:
        error = client.fail("build", options={})
        assert error["message"] == "the build failed: ninja ended with exit code 1"
        detail = error["data"]["detail"].splitlines()
        assert detail[0].startswith("model/src/kernels.c:1:") and "nothing_0" in detail[0]
        assert len(detail) == 13 and detail[-1] == "... and 8 more"
        assert "build/build.log" in error["data"]["hint"]
        assert "nothing_19" in log_of(tmp_path / "p")
        # As an upstream client shows it.
        assert "nothing_0" in error["data"]["traceback"]
        # It can be repaired, and the server goes on.
        (tmp_path / "p/model/src/kernels.c").write_text("int model_answer = 1;\n")
        client.call("build", options={})


@pytest.mark.slow
def test_linker_errors(template: Path, tmp_path: Path) -> None:
    generate(template, make_archive(tmp_path / "m.tar", "int other;\n"), tmp_path / "p")
    with RawClient(tmp_path / "p") as client:
        detail = client.fail("build", options={})["data"]["detail"]
    assert "undefined reference to `model_answer'" in detail


@pytest.mark.slow
def test_configure_errors(template: Path, archive: Path, tmp_path: Path) -> None:
    generate(template, archive, tmp_path / "p")
    with (tmp_path / "p/CMakeLists.txt").open("a") as file:
        file.write('message(FATAL_ERROR "no such thing")\n')
    with RawClient(tmp_path / "p") as client:
        error = client.fail("build", options={})
        assert "cmake ended with exit code 1" in error["message"]
        place, what = error["data"]["detail"].splitlines()
        assert place.startswith("CMake Error at CMakeLists.txt:") and what == "  no such thing"
        # A failed configuration is not taken for one.
        assert "cmake" in client.fail("build", options={})["message"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (
            ["warning: ZC_X has no type", "error: Aborting due to Kconfig warnings"],
            ["warning: ZC_X has no type", "error: Aborting due to Kconfig warnings"],
        ),
        (
            ["kconfig.py: a/Kconfig:3: 'b/Kconfig' not found", "warning: another matter"],
            ["kconfig.py: a/Kconfig:3: 'b/Kconfig' not found"],
        ),
        (["FATAL ERROR: command exited with status 1: cmake"], []),
    ],
)
def test_kconfig_errors(
    template: Path, archive: Path, tmp_path: Path, printed: list[str], shown: list[str]
) -> None:
    """What Zephyr prints of them, and not what west adds."""
    generate(template, archive, tmp_path / "p")
    with (tmp_path / "p/CMakeLists.txt").open("a") as file:
        file.writelines(f'message("{line}")\n' for line in printed)
        file.write('message(FATAL_ERROR "the end")\n')
    with RawClient(tmp_path / "p") as client:
        detail = client.fail("build", options={})["data"]["detail"].splitlines()
    assert detail[: len(shown)] == shown
    assert detail[len(shown)].startswith("CMake Error at CMakeLists.txt")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("No board named 'mps9' found.", "mps9"),
        ("Board qualifiers `an999` for board `mps2` not found.", "mps2/an999"),
    ],
)
def test_unknown_board(
    template: Path, archive: Path, tmp_path: Path, printed: str, name: str
) -> None:
    """As Zephyr 4.3 says it."""
    generate(template, archive, tmp_path / "p")
    with (tmp_path / "p/CMakeLists.txt").open("a") as file:
        file.write(f'message(FATAL_ERROR "{printed}")\n')
    with RawClient(tmp_path / "p") as client:
        error = client.fail("build", options={})
    assert error["message"].startswith(f"no board {name!r} in ")


@pytest.mark.slow
def test_missing_python_package(template: Path, archive: Path, tmp_path: Path) -> None:
    generate(template, archive, tmp_path / "p")
    with (tmp_path / "p/CMakeLists.txt").open("a") as file:
        file.write("message(FATAL_ERROR \"ModuleNotFoundError: No module named 'yaml'\")\n")
    with RawClient(tmp_path / "p") as client:
        error = client.fail("build", options={})
    assert error["message"] == "the Python that Zephyr builds with has no package 'yaml'"
    assert error["data"]["hint"].endswith("scripts/requirements.txt")


def test_no_compiler(
    template: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(template, archive, tmp_path / "p")
    monkeypatch.setenv("CC", "no-such-compiler")
    with RawClient(tmp_path / "p") as client:
        error = client.fail("build", options={})
    assert "install a C compiler" in error["data"]["hint"]


def test_no_cmake(
    template: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(template, archive, tmp_path / "p")
    monkeypatch.setenv("PATH", str(tmp_path))
    with RawClient(tmp_path / "p", "-S") as client:
        error = client.fail("build", options={})
    assert error["message"] == "cmake is not installed"
    assert error["data"]["hint"] == "pip install cmake"


@pytest.mark.slow
def test_tools_from_path(
    template: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zephyr_counters.project_api import tools

    found = {name: tools.find(name) for name in ("cmake", "ninja")}
    (tmp_path / "bin").mkdir()
    for name, program in found.items():
        (tmp_path / "bin" / name).symlink_to(program)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    generate(template, archive, tmp_path / "p")
    with RawClient(tmp_path / "p", "-S") as client:
        client.call("build", options={})
    assert str(tmp_path / "bin/ninja") in log_of(tmp_path / "p")


@pytest.mark.slow
def test_client_gone_ends_the_build(
    template: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(template, archive, tmp_path / "p")
    slow = tmp_path / "cc"
    slow.write_text("#!/bin/sh\nsleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setenv("CC", str(slow))
    client = RawClient(tmp_path / "p")
    client.send(b'{"jsonrpc":"2.0","method":"build","params":{"options":{}},"id":1}\n')
    end = time.monotonic() + 20
    while not children(client.process.pid):
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.3)
    cmake = children(client.process.pid)[0]
    started = [cmake, *children(cmake)]
    assert client.close() == 0
    assert all(ends(pid) for pid in started)


def test_flash_of_a_process_does_nothing(built: Build) -> None:
    with RawClient(built()) as client:
        assert client.call("flash", options={}) is None


def test_flash_command(template: Path, archive: Path, tmp_path: Path) -> None:
    project = tmp_path / "p"
    generate(template, archive, project)
    data = json.loads((project / "boards/posix/board.json").read_text())
    script = 'test "$2" = 77 && echo flashed > "$1/done" || { echo no such probe; exit 3; }'
    data["flash"] = {"command": ["sh", "-c", script, "sh", "{project}", "{serial_number}"]}
    (project / "boards/posix/board.json").write_text(json.dumps(data))
    with RawClient(project) as client:
        client.call("flash", options={"serial_number": "77"})
        assert (project / "done").is_file()
        error = client.fail("flash", options={"serial_number": "78"})
    assert error["message"] == "flashing failed: sh ended with exit code 3"
    assert error["data"]["detail"] == "no such probe"
