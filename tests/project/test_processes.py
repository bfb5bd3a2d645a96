# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Ending child processes: asked before they are forced, and none is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest
from fake_sources import ends
from zephyr_counters import processes

HEEDS = "import sys; print(1, flush=True); sys.stdin.read()"
ASKED = "import time; print(1, flush=True); time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print(1, flush=True); time.sleep(60)"
)


@pytest.mark.slow
@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize(
    ("code", "ending"), [(HEEDS, 0), (ASKED, -signal.SIGTERM), (STUBBORN, -signal.SIGKILL)]
)
def test_end(code: str, ending: int, group: bool) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin and process.stdout
    process.stdout.readline()
    process.stdin.close()
    begin = time.monotonic()
    processes.end(process, 0.5 if code != HEEDS else 20, group=group)
    assert process.returncode == ending and time.monotonic() - begin < 10
    process.stdout.close()
    # It may have ended already.
    processes.end(process, 0.5, group=group)


def test_end_of_a_group() -> None:
    """What the leader leaves running ends, too."""
    process = subprocess.Popen(
        ["sh", "-c", "sleep 60 & echo $!"], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout
    left = int(process.stdout.readline())
    processes.end(process, 5, group=True)
    assert process.returncode == 0 and ends(left)
    process.stdout.close()


def test_in_words() -> None:
    assert processes.in_words(3) == "exit code 3"
    assert processes.in_words(-9) == "SIGKILL"
    assert processes.in_words(-64) in ("signal 64", "SIGRTMAX")
