# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A line that repeats old frames: an error or the right value, and a client that lives."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest
from link_fixtures import firmware

PROGRAM = """
import json, random, sys
import numpy as np
from zephyr_counters.board.board import Board, Timeouts
from zephyr_counters.errors import ZephyrCountersError
from zephyr_counters.link.transports.descriptor import FdTransport
import logging
logging.disable(50)
transport = FdTransport(int(sys.argv[1]), "line")
rng = random.Random(1)
right = wrong = failed = 0
with Board(transport, timeouts=Timeouts(call=2, start=10, frame=0.5)) as board:
    count = 0
    while count < int(sys.argv[2]):
        try:
            numbers = np.array([count, rng.randrange(3), 0, 7], "int32")
            tensor = board.tensor(numbers)
            got = board.array(tensor)
            count += 2
            right += bool((got == numbers).all())
            wrong += bool((got != numbers).any())
            if count % 5 == 0:
                board.set_input(0, numbers)
                board.run()
                count += 2
        except ZephyrCountersError:
            failed += 1
            count += 1
            for _ in range(20):
                try:
                    board.reconnect()
                    break
                except ZephyrCountersError:
                    pass
print(json.dumps([right, wrong, failed]))
"""


def replayed(operations: int, share: float, seed: int = 1) -> tuple[list[int], list[int]]:
    """Return right, wrong and failed operations, and the frames that were repeated each way."""
    board = subprocess.Popen([firmware()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert board.stdout is not None
    terminal = board.stdout.readline().strip()
    ours, theirs = socket.socketpair()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    module = [sys.executable, "-m", "replaying_line", str(theirs.fileno())]
    line = subprocess.Popen(
        [*module, terminal, str(share), str(seed)],
        pass_fds=(theirs.fileno(),),
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    theirs.close()
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(ours.fileno()), str(operations)],
            pass_fds=(ours.fileno(),),
            env=environment,
            capture_output=True,
            text=True,
            timeout=3000,
        )
    finally:
        ours.close()
        repeated = line.communicate(timeout=20)[0]
        board.kill()
        board.communicate()
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout), [int(word) for word in repeated.split()]


@pytest.mark.slow
def test_old_frames_are_an_error_or_do_no_harm() -> None:
    pytest.importorskip("tvm")
    operations = int(os.environ.get("ZC_REPLAY_OPERATIONS", "1500"))
    (right, wrong, failed), repeated = replayed(operations, 0.01)
    assert wrong == 0
    assert right > operations / 10 and failed > 0
    assert min(repeated) > operations / 1000
