# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What docs/extending.md says about the device: a provider, a link driver and a board each added.

Built by the template's own CMake, from a project as the Project API generates it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import device_build
import documented
import pytest
import rpc_client as rpc
from rpc_client import TIMEOUT, Client
from stream_client import PtyClient, TcpClient
from zephyr_counters.blob import Selection, decode_catalog, decode_records, encode_selection

TEMPLATE = device_build.ROOT / "project_template"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project for posix with the tiny model, not built; for the tests to change."""
    if reason := device_build.why_not("plain"):
        pytest.skip(reason)
    folder = tmp_path / "project"
    shutil.copytree(TEMPLATE, folder)
    shutil.copytree(device_build.MODULE, folder / "zephyr_module")
    shutil.copytree(device_build.ROOT / "boards" / "posix", folder / "boards" / "posix")
    (folder / "extensions").mkdir()
    (folder / "model" / "src").mkdir(parents=True)
    shutil.copy(device_build.TESTS / "tiny_model.c", folder / "model" / "src")
    description = {
        "platform": "posix",
        "runtime": "tvm-ffi",
        "warning_as_error": True,
        "compile_definitions": [],
        "config": {},
        "extensions": [],
    }
    (folder / "project.json").write_text(json.dumps(description))
    return folder


def build(project: Path) -> Path:
    """Build the project; the program."""
    folder = project / "build"
    for command in (
        ["cmake", "-G", "Ninja", "-S", project, "-B", folder],
        ["cmake", "--build", folder],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder / "firmware"


@contextlib.contextmanager
def running(program: Path) -> Iterator[str]:
    """Run the firmware; the first line that it prints."""
    process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline()
    finally:
        process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0


def blob(client: Client, name: str, *args: bytes) -> bytes:
    """Call a function that returns bytes."""
    result = client.call(name, *args)
    assert isinstance(result, bytes)
    return result


def check_bytes_pass(client: Client) -> None:
    """Every byte, both ways, and more than a socket or a terminal holds at once."""
    content = os.urandom(3000)
    target = client.alloc((len(content),), (1, 8, 1))
    for offset in range(0, len(content), 500):
        part = rpc.Tensor(target.address, target.shape, target.type, offset)
        client.put(part, content[offset : offset + 500])
    assert client.get(target, len(content)) == content
    assert client.call("model.run") is None


@pytest.mark.slow
def test_provider_is_one_folder(project: Path) -> None:
    documented.write("drivers/hwcnt/uptime/", project / "zephyr_module")
    with running(build(project)) as path, PtyClient(path.strip()) as client:
        catalog = decode_catalog(blob(client, "hwcnt.catalog"))
        names = [provider.name for provider in catalog.providers]
        assert set(names) > {"host-clock", "host-rusage"}
        index = names.index("uptime")
        provider = catalog.providers[index]
        assert provider.compatible == "zephyr-counters,uptime"
        assert [(counter.name, counter.unit) for counter in provider.counters] == [("time", "ms")]
        selection = Selection(groups=((index, (0,)),))
        client.call("hwcnt.select", rpc.data(encode_selection(selection)))
        client.call("model.profile", rpc.integer(2))
        records = decode_records(blob(client, "hwcnt.take"), catalog, selection).records
        assert len(records) > 2 and all(len(record.values) == 1 for record in records)
        assert max(record.values[0] for record in records) < 10_000


@pytest.mark.slow
def test_link_driver_of_the_port_is_one_file(project: Path) -> None:
    documented.write("link/tcp.c", project / "zephyr_module" / "ports" / "posix")
    (project / "boards" / "posix" / "board.conf").write_text("CONFIG_ZC_LINK_TCP=y\n")
    with running(build(project)) as line:
        found = re.fullmatch(r"tcp (\S+:\d+)\n", line)
        assert found
        for _ in range(2):
            with TcpClient(found[1]) as client:
                check_bytes_pass(client)


@pytest.mark.slow
def test_board_is_one_folder(project: Path) -> None:
    """With limits of its own, and a link driver that no other board has."""
    shutil.rmtree(project / "boards" / "posix")
    board = project / "boards" / "far"
    board.mkdir()
    (board / "board.json").write_text("{}")
    (board / "board.conf").write_text("CONFIG_ZC_PACKET_SIZE=1024\nCONFIG_ZC_ARENA_SIZE=8192\n")
    (board / "link.c").write_text(documented.files("link/tcp.c")["link/tcp.c"])
    description = json.loads((project / "project.json").read_text())
    description["config"] = {"CONFIG_ZC_ARENA_SIZE": 4096}
    (project / "project.json").write_text(json.dumps(description))
    with running(build(project)) as line, TcpClient(line.split()[1]) as client:
        assert client.call("tvm.rpc.server.GetCRTMaxPacketSize") <= 1024
        # The option's arena, not the board's.
        with pytest.raises(rpc.RemoteError):
            client.alloc((4500,), (1, 8, 1))
        check_bytes_pass(client)


@pytest.mark.slow
def test_host_that_hangs_up_does_not_end_the_firmware(project: Path) -> None:
    documented.write("link/tcp.c", project / "zephyr_module" / "ports" / "posix")
    (project / "boards" / "posix" / "board.conf").write_text("CONFIG_ZC_LINK_TCP=y\n")
    with running(build(project)) as line:
        address = line.split()[1]
        client = TcpClient(address)
        client.write(b"\xff\xfd\x05\x00")
        client.close()
        with TcpClient(address) as another:
            check_bytes_pass(another)


def test_no_code_names_a_board() -> None:
    """Only tests, samples and prose may; and boards.json, for users of upstream's own tests."""
    names = {path.parent.name for path in device_build.ROOT.glob("boards/*/board.json")} - {"posix"}
    assert len(names) > 10
    word = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names - {'native_sim'})))})\b")
    for root in (TEMPLATE, device_build.MODULE):
        for path in root.rglob("*"):
            if not path.is_file() or path.suffix in (".md", ".rst") or "samples" in path.parts:
                continue
            if path == TEMPLATE / "boards.json":
                continue
            assert not word.search(path.read_text()), path


def test_posix_board_lists_its_providers() -> None:
    """boards/posix/board.json feeds the README's table."""
    board = json.loads((device_build.ROOT / "boards" / "posix" / "board.json").read_text())
    drivers = device_build.MODULE / "drivers" / "hwcnt"
    found = {path.parent.name.replace("_", "-") for path in drivers.glob("*/posix.c")}
    assert set(board["providers"]) == found | {"mac-array"}
