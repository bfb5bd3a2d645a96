# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A profile over TCP: the posix firmware behind a relay, as boards are behind serial servers."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from fake_tcp import add_board
from zephyr_counters import resources
from zephyr_counters.measure import profile
from zephyr_counters.project import create

pytest.importorskip("tvm", reason="needs apache-tvm, which compiles the model")
if shutil.which("cc") is None:
    pytest.skip("needs a C compiler", allow_module_level=True)

RELAY = r"""
import os, select, socket, subprocess, sys, tty

firmware = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
terminal = os.open(firmware.stdout.readline().decode().strip(), os.O_RDWR | os.O_NOCTTY)
tty.setraw(terminal)
server = socket.create_server(("127.0.0.1", 0))
print("tcp 127.0.0.1:%d" % server.getsockname()[1], flush=True)
ready, _, _ = select.select([server, sys.stdin], [], [])
if server in ready:
    client, _ = server.accept()
    while True:
        ready, _, _ = select.select([client, terminal, sys.stdin], [], [])
        if sys.stdin in ready:
            break
        if client in ready:
            data = client.recv(65536)
            if not data:
                break
            while data:
                data = data[os.write(terminal, data):]
        if terminal in ready:
            client.sendall(os.read(terminal, 65536))
firmware.stdin.close()
firmware.wait()
"""


@pytest.mark.slow
def test_profile_over_tcp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zephyr_counters.compile import compile_model

    run = {
        "command": [sys.executable, "{project}/boards/relayed/relay.py", "{build}/firmware"],
        "start_timeout_sec": 20,
    }
    console = {"kind": "tcp", "pattern": r"^tcp (\S+:\d+)$"}
    folder = add_board(tmp_path / "boards", "relayed", run=run, console=console)
    (folder / "relay.py").write_text(RELAY)
    monkeypatch.setenv("ZEPHYR_COUNTERS_BOARDS", str(tmp_path / "boards"))
    digits = resources.path("examples") / "digits"
    compile_model(digits / "digits_int8.onnx", target="c", output=tmp_path / "digits.tar")
    project = create(
        "zephyr-counters", tmp_path / "digits.tar", tmp_path / "project", {"board": "relayed"}
    )
    project.build()
    with np.load(digits / "heldout.npz") as held_out:
        image = held_out["image"][:1]
    report = profile(project, [image], counters=["host-cycles:*"], repeat=3)
    assert len(report.layers) == len(project.archive.layers)
    assert all(layer.statistics("host-cycles:cycles").median > 0 for layer in report.layers)
