# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The RPC client of tests, to a firmware that runs: over its pseudo-terminal, or its TCP port."""

from __future__ import annotations

import os
import select
import socket

from rpc_client import TIMEOUT, Client


class PtyClient(Client):
    """A session over the pseudo-terminal of a running firmware."""

    def __init__(self, path: str) -> None:
        self.port = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self.pending = b""
        self.session_id = 0
        self.logs = []
        self.start()
        self.init()

    def close(self) -> None:
        os.close(self.port)

    def write(self, raw: bytes) -> None:
        while raw:
            raw = raw[os.write(self.port, raw) :]

    def read_byte(self) -> int:
        if not self.pending:
            ready, _, _ = select.select([self.port], [], [], TIMEOUT)
            assert ready, "the firmware does not answer"
            self.pending = os.read(self.port, 65536)
        byte, self.pending = self.pending[0], self.pending[1:]
        return byte


class TcpClient(PtyClient):
    """A session over the TCP port of a running firmware."""

    def __init__(self, address: str) -> None:
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), TIMEOUT)
        self.port = self.socket.fileno()
        self.pending = b""
        self.session_id = 0
        self.logs = []
        self.start()
        self.init()

    def close(self) -> None:
        self.socket.close()
