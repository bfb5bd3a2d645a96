# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What is said when an emulated Zephyr board runs another program, and when it goes away."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from zephyr_counters.board.board import Board
from zephyr_counters.errors import ArchiveError, LinkError, LinkTimeout
from zephyr_counters.link.transports.transport import BoardGone
from zephyr_counters.project import Project, create
from zephyr_counters.project_api import zephyr_toolchain, zephyr_workspace
from zephyr_counters.rpc.bridge import Timeouts
from zephyr_fixtures import ROOT, need, samples

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BOARD = "mps2_an385"
PATIENT = Timeouts(call=300, start=90)
QUICK = Timeouts(call=60, start=4)


@pytest.fixture(scope="module")
def project(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo's model, built; not to be changed."""
    need(BOARD)
    folder = tmp_path_factory.mktemp("faults") / "project"
    made = create("zephyr-counters", archive, folder, {"board": BOARD})
    made.build()
    return made


@pytest.fixture(scope="module")
def hello_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Zephyr's own sample."""
    need(BOARD)
    workspace = zephyr_workspace.find(ROOT)
    west = workspace.west()
    assert west is not None
    folder = tmp_path_factory.mktemp("hello") / "build"
    sample = workspace.base / "samples" / "hello_world"
    environment = {"ZEPHYR_BASE": str(workspace.base), **zephyr_toolchain.environment("arm")}
    subprocess.run(
        [*west, "build", "-b", "mps2/an385", "-d", str(folder), str(sample)],
        cwd=workspace.top,
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
    )
    return folder / "zephyr" / "zephyr.elf"


def with_firmware(project: Project, elf: Path, folder: Path, *more: str) -> Project:
    """A copy of the project whose board has been flashed with something else."""
    shutil.copytree(project.path, folder)
    shutil.copyfile(elf, folder / "build" / "zephyr" / "zephyr.elf")
    path = folder / "boards" / BOARD / "board.json"
    data = json.loads(path.read_text())
    data["run"]["command"] += more
    path.write_text(json.dumps(data))
    return Project.open(folder)


def other_built(project: Project) -> Project:
    """A project as after a build, which its firmware is not needed for."""
    (project.path / "build" / "zephyr").mkdir(parents=True)
    return project


def project_elf(project: Project) -> Path:
    """The firmware of a built project."""
    return project.path / "build" / "zephyr" / "zephyr.elf"


def qemus(project: Project) -> list[int]:
    """Process ids of the emulators that run the project's firmware."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"qemu-system" in words[0] and any(str(project.path).encode() in w for w in words):
            found.append(int(entry.parent.name))
    return found


def ends(project: Project) -> bool:
    """Whether no emulator of it is left, given a moment."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not qemus(project):
            return True
        time.sleep(0.05)
    return False


def test_another_projects_firmware(
    project: Project, mac_array_archive: Path, tmp_path: Path
) -> None:
    """The same model, compiled for something else, is another model."""
    other = create("zephyr-counters", mac_array_archive, tmp_path / "other", {"board": BOARD})
    flashed = with_firmware(other_built(other), project_elf(project), tmp_path / "flashed")
    with pytest.raises(ArchiveError, match="the board runs another project's firmware") as error:
        Board(flashed, timeouts=PATIENT)
    assert other.archive.hash.hex()[:12] in error.value.what
    assert project.archive.hash.hex()[:12] in error.value.what
    assert error.value.hint is not None and "tvmc micro flash" in error.value.hint
    assert ends(flashed)


def test_firmware_for_another_board(project: Project, archive: Path, tmp_path: Path) -> None:
    """Of the same model, on a board that it happens to run on."""
    other = create("zephyr-counters", archive, tmp_path / "other", {"board": BOARD})
    path = other.path / "boards" / BOARD / "board.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "zephyr_board": "mps2/an386"}))
    flashed = with_firmware(other_built(other), project_elf(project), tmp_path / "flashed")
    with pytest.raises(ArchiveError, match=r"for mps2/an385, not digits_int8 .* for mps2/an386"):
        Board(flashed, timeouts=PATIENT)


def test_program_that_prints(project: Project, hello_world: Path, tmp_path: Path) -> None:
    """hello_world, started once its port is open, as a board that is reset then."""
    control = tmp_path / "qmp"
    flashed = with_firmware(
        project, hello_world, tmp_path / "p", "-S", "-qmp", f"unix:{control},server=on,wait=off"
    )
    with flashed.open_transport() as transport:
        timer = threading.Timer(2, resume, [control])
        timer.start()
        with pytest.raises(LinkError, match="another program runs on the board") as error:
            Board(transport, timeouts=QUICK)
        timer.join()
    assert "Booting Zephyr OS" in error.value.what or "Hello World" in error.value.what


def resume(control: Path) -> None:
    """Let an emulator run that was started with -S."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(control))
        file = sock.makefile("rw")
        for command in ("qmp_capabilities", "cont"):
            file.readline()
            file.write(json.dumps({"execute": command}) + "\n")
            file.flush()
        file.readline()


def test_board_held_in_reset(project: Project, tmp_path: Path) -> None:
    """A silent board: its emulator waits for a command to run."""
    held = with_firmware(project, project_elf(project), tmp_path / "p", "-S")
    with (
        held.open_transport() as transport,
        pytest.raises(LinkTimeout, match="not a byte came") as error,
    ):
        Board(transport, timeouts=QUICK)
    assert error.value.hint is not None and "the project was flashed" in error.value.hint


def test_emulator_killed_in_a_call(project: Project, archive: Path) -> None:
    image = samples(archive)[0]
    with Board(project, timeouts=PATIENT) as board:
        board.set_input(0, image)
        (emulator,) = qemus(project)
        timer = threading.Timer(1, os.kill, [emulator, signal.SIGKILL])
        timer.start()
        began = time.monotonic()
        with pytest.raises(BoardGone, match="qemu-system-arm was ended by SIGKILL"):
            # Half a minute or more.
            board.profile(60_000)
        assert 0.9 < time.monotonic() - began < 20
        timer.join()
        with pytest.raises(LinkError):
            board.run()
        board.reconnect()
        board.set_input(0, image)
        board.run()
        assert qemus(project) not in ([], [emulator])
    assert ends(project)


def interrupted(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)


def killed(process: subprocess.Popen[bytes]) -> None:
    process.kill()


OPENING = """
import sys
from zephyr_counters.board.board import Board
from zephyr_counters.project import Project

with Board(Project.open(sys.argv[1])) as board:
    print("open", flush=True)
    board.profile(60_000)
"""


@pytest.mark.parametrize("end", [interrupted, killed])
@pytest.mark.parametrize("when", ["open", "call"])
def test_no_emulator_outlives_its_client(
    project: Project, end: Callable[[Any], None], when: str
) -> None:
    import sys

    client = subprocess.Popen(
        [sys.executable, "-c", OPENING, str(project.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert client.stdout is not None
    if when == "call":
        assert client.stdout.readline() == b"open\n"
        time.sleep(0.5)
    else:
        while not qemus(project):
            assert client.poll() is None
            time.sleep(0.01)
    end(client)
    client.wait(60)
    client.stdout.close()
    assert ends(project)


def test_a_fatal_error_is_told_before_the_board_restarts(archive: Path, tmp_path: Path) -> None:
    """A kernel that writes where there is no memory; the board says so, and can be used again."""
    need(BOARD)
    project = create("zephyr-counters", archive, tmp_path / "p", {"board": BOARD})
    kernels = project.path / "model" / "src" / "kernels.c"
    text = kernels.read_text()
    begin = re.search(r"^TVM_DLL int32_t __tvm_ffi_qmatmul\(.*\{\n", text, re.M)
    assert begin is not None
    trap = "  *(volatile int32_t *)0xf0000000u = 1;\n"
    kernels.write_text(text[: begin.end()] + trap + text[begin.end() :])
    project.build()
    image = samples(archive)[0]
    said: list[str] = []
    with Board(project, on_log=said.append, timeouts=PATIENT) as board:
        board.set_input(0, image)
        with pytest.raises(LinkError, match="the board was reset"):
            board.run()
        assert any("BFAR Address: 0xf0000000" in line for line in said)
        assert re.fullmatch(r"fatal error \d+, CPU exception: the board restarts", said[-1])
        board.reconnect()
        board.set_input(0, image)
