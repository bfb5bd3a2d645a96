# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Two processes with one project: it works, or the error names the other."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_sources import Build, RawClient, children, generate
from zephyr_counters.errors import LinkError, ProjectError, ZephyrCountersError
from zephyr_counters.formats.project_lock import FILE, ProjectLock
from zephyr_counters.project import Project, create

SINCE = r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
HOLD = """
import sys
from zephyr_counters.project import Project
options = dict(word.split("=") for word in sys.argv[2:])
with Project.open(sys.argv[1]).open_transport(options):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def project(built: Build, tmp_path: Path) -> Project:
    """A built project of its own."""
    return Project.open(shutil.copytree(built(), tmp_path / "p"))


def holding(project: Path, *options: str) -> subprocess.Popen[str]:
    """Another process that has the project's board open."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(project), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    return process


def finish(process: subprocess.Popen[str]) -> None:
    """End it as by Ctrl-D."""
    process.communicate(timeout=20)


def test_a_holder_that_has_not_yet_said_who_it_is(tmp_path: Path) -> None:
    """Between its flock() and its line the file is empty: the error still names it."""
    with (tmp_path / FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        late = threading.Timer(
            0.3, lambda: print(f"{os.getpid()}\tnow\tlate", file=lock, flush=True)
        )
        late.start()
        with pytest.raises(ProjectError, match=rf"process {os.getpid()} \(late\) uses it"):
            ProjectLock(tmp_path, "a test", 1)
        late.join()


def test_a_holder_that_ends_before_it_is_named(tmp_path: Path) -> None:
    lock = (tmp_path / FILE).open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    threading.Timer(0.3, lock.close).start()
    ProjectLock(tmp_path, "a test", 1).release()


@pytest.mark.slow
def test_builds_at_once(project: Project) -> None:
    """One builds; each other one does too, before or afterwards, or says who builds."""
    command = [sys.executable, "-m", "zephyr_counters.cli.tvmc", "micro", "build", "--force"]
    for _ in range(2):
        builds = [
            subprocess.Popen([*command, str(project.path)], stderr=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        pids = [build.pid for build in builds]
        ended = [(build.wait(60), build.communicate()[1]) for build in builds]
        assert 0 in [code for code, _ in ended], ended
        for code, said in ended:
            assert "Traceback" not in said
            if code:
                found = re.search(rf"process (\d+) \(.*tvmc micro build .*\) uses it {SINCE}", said)
                assert found and int(found[1]) in pids, said


@pytest.mark.slow
def test_process_boards_run_twice(project: Project, template: Path) -> None:
    other = holding(project.path)
    with project.open_transport() as transport:
        transport.write(b"x", 5)
        assert transport.read(1, 5) == b"x"
    with pytest.raises(
        ProjectError, match=rf"building it is not possible: process {other.pid} .*{SINCE}"
    ):
        project.build()
    with pytest.raises(ProjectError, match=rf"replacing it is not possible: process {other.pid} "):
        create(template, project.path / "model.tar", project.path, force=True)
    finish(other)
    project.build()


@pytest.mark.slow
def test_a_crash_leaves_no_lock(project: Project) -> None:
    other = holding(project.path)
    (server,) = [pid for pid in children(other.pid) if "microtvm" in command_of(pid)]
    os.kill(other.pid, signal.SIGSTOP)
    with pytest.raises(ProjectError, match=f"process {other.pid} "):
        project.build()
    os.kill(server, signal.SIGKILL)
    os.kill(other.pid, signal.SIGKILL)
    other.communicate(timeout=20)
    project.build()


def command_of(pid: int) -> str:
    """Command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text()


@pytest.fixture
def on_port(template: Path, archive: Path, tmp_path: Path) -> Callable[[str], Project]:
    """Makes projects whose board is a serial port of this machine."""

    def make(name: str) -> Project:
        folder = tmp_path / name
        generate(template, archive, folder)
        board = folder / "boards/posix/board.json"
        console = {"kind": "serial", "usb": ["1366:1015"], "baudrate": 57600}
        board.write_text(
            json.dumps({**json.loads(board.read_text()), "run": None, "console": console})
        )
        return Project.open(folder)

    return make


@pytest.mark.slow
def test_a_real_port_is_one_process_s(on_port: Callable[[str], Project]) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    port = os.ttyname(slave)
    first, second = on_port("p"), on_port("q")
    other = holding(first.path, f"port={port}")
    with pytest.raises(ProjectError, match=rf"opening its board .* process {other.pid} .*{SINCE}"):
        first.open_transport({"port": port})
    with pytest.raises(LinkError, match=rf"in use by process {other.pid} \(.*\), since \d\d:\d\d"):
        second.open_transport({"port": port})
    finish(other)
    first.open_transport({"port": port}).close()
    os.close(slave)
    os.close(master)


@pytest.mark.slow
def test_moved_while_open(project: Project, tmp_path: Path) -> None:
    with project.open_transport() as transport:
        project.path.rename(tmp_path / "moved")
        transport.write(b"x", 5)
        assert transport.read(1, 5) == b"x"
        with pytest.raises(ZephyrCountersError, match=r"p: no microtvm_api_server\.py in it"):
            project.build()
        with pytest.raises(ProjectError, match=f"process {os.getpid()} "):
            Project.open(tmp_path / "moved").build()
    Project.open(tmp_path / "moved").build()


def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds; fail after 60 s."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.slow
def test_moved_while_it_is_built(project: Project, tmp_path: Path) -> None:
    (project.path / "build/stamp.json").unlink()
    slow = project.path / "zephyr_module/ports/posix/posix.cmake"
    started = tmp_path / "started"
    wait = f"touch '{started}'; while [ -e '{slow}' ]; do sleep 0.1; done"
    slow.write_text(f'execute_process(COMMAND sh -c "{wait}")\n' + slow.read_text())
    with RawClient(project.path) as client:
        request = {"jsonrpc": "2.0", "method": "build", "params": {"options": {}}, "id": 1}
        client.send(json.dumps(request).encode() + b"\n")
        until(started.exists)
        project.path.rename(tmp_path / "moved")
        error = client.receive()["error"]
    assert error["message"] == f"{project.path}: was moved or removed while it was built"
    assert not project.path.exists()
    Project.open(tmp_path / "moved").build()


def test_text_of_a_lock_is_not_trusted(tmp_path: Path) -> None:
    with ProjectLock(tmp_path, "a test", os.getpid()):
        (tmp_path / FILE).write_bytes(
            b"x\n\n99999999999999999999\tnow\tgone\n1\t\x1b[31m\t\x1b]0;title\x07\xff\n" * 100
        )
        with pytest.raises(ProjectError) as caught:
            ProjectLock(tmp_path, "another", 1)
        assert "\x1b" not in str(caught.value) and len(str(caught.value)) < 1000
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    ProjectLock(tmp_path, "a test", 1)
    assert not (tmp_path / "elsewhere").exists()
