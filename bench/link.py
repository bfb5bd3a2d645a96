# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The link: a null call, a 64 KiB tensor, efficiency at 115,200 baud, all by TVM's RPC client."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from zephyr_counters.board.board import Board

from bench.limits import Measurement
from bench.project import demo_project
from bench.throttle import Throttle

TENSOR = np.random.default_rng(0).integers(0, 256, 64 * 1024).astype("uint8")
BAUD = 115_200
BITS_PER_BYTE = 10  # a start bit, eight data bits, a stop bit


def milliseconds(action: Callable[[], object], times: int) -> float:
    """Median duration of `action` in milliseconds, after three that do not count."""
    durations = []
    for _ in range(times + 3):
        begin = time.perf_counter()
        action()
        durations.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(durations[3:])


def measure(folder: Path) -> list[Measurement]:
    """Start the demo's firmware behind a pseudo-terminal and time calls and copies."""
    project = demo_project(folder)
    with Board(project) as board:
        size = board.rpc.get_function("tvm.rpc.server.GetCRTMaxPacketSize")
        call = milliseconds(size, 300)
        remote = board.tensor(TENSOR)
        to_board = milliseconds(lambda: remote.copyfrom(TENSOR), 20)
        from_board = milliseconds(remote.numpy, 20)
    with Board(Throttle(project.open_transport(), BAUD)) as board:
        remote = board.tensor(TENSOR)
        line = len(TENSOR) * BITS_PER_BYTE / BAUD * 1e3
        slow_to = line / milliseconds(lambda: remote.copyfrom(TENSOR), 1)
        slow_from = line / milliseconds(remote.numpy, 1)
    return [
        Measurement("null RPC call, median", call, "ms", limit=1),
        Measurement("64 KiB tensor to the board", to_board, "ms", limit=50),
        Measurement("64 KiB tensor from the board", from_board, "ms", limit=50),
        Measurement("wire efficiency to the board, 115200 baud", slow_to * 100, "%", 95, True),
        Measurement("wire efficiency from the board, 115200 baud", slow_from * 100, "%", 95, True),
    ]
