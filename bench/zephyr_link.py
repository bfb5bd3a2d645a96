# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The link over an emulated UART that holds one byte: a null call, 1 MiB, and single bytes."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from zephyr_counters.board.board import Board
from zephyr_counters.link.transports.wrapper import Wrapper
from zephyr_counters.rpc.bridge import Timeouts

from bench.limits import Measurement
from bench.link import TENSOR, milliseconds
from bench.project import DEMO, built_project
from bench.workspace import missing

BOARD = "mps2_an385"
TENSORS = 16
PATIENT = Timeouts(call=600, start=90)


class SingleBytes(Wrapper):
    """A host that gives the system one byte at a time."""

    def write(self, data: bytes, timeout: float) -> None:
        """Byte by byte."""
        for at in range(len(data)):
            self.inner.write(data[at : at + 1], timeout)


def lost(board: Board, tensors: int) -> tuple[int, float]:
    """Bytes that differ after tensors of 64 KiB went to the board, and seconds that took."""
    remote = board.tensor(TENSOR)
    wrong, seconds = 0, 0.0
    for index in range(tensors):
        sent = TENSOR + np.uint8(index)
        begin = time.perf_counter()
        remote.copyfrom(sent)
        seconds += time.perf_counter() - begin
        wrong += int((remote.numpy() != sent).sum())
    return wrong, seconds


def measure(folder: Path) -> list[Measurement]:
    """Run the demo's firmware on an emulated MPS2 with a Cortex-M3."""
    names = (
        f"null RPC call, median, {BOARD}",
        f"1 MiB to {BOARD}: bytes lost",
        f"64 KiB to {BOARD} in single bytes: bytes lost",
    )
    if reason := missing(BOARD):
        return [Measurement(name, None, skipped=reason) for name in names]
    project = built_project(DEMO, "c", folder, BOARD)
    with project.open_transport() as transport, Board(transport, timeouts=PATIENT) as board:
        size = board.rpc.get_function("tvm.rpc.server.GetCRTMaxPacketSize")
        call = milliseconds(size, 300)
        bulk, bulk_s = lost(board, TENSORS)
    with (
        project.open_transport() as transport,
        Board(SingleBytes(transport), timeouts=PATIENT) as board,
    ):
        single, single_s = lost(board, 1)
    return [
        Measurement(names[0], call, "ms", limit=3),
        Measurement(names[1], bulk, "bytes", limit=0),
        Measurement("  time that it took", bulk_s, "s"),
        Measurement(names[2], single, "bytes", limit=0),
        Measurement("  time that it took", single_s, "s"),
    ]
