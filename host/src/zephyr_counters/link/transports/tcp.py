# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Boards behind a TCP or Unix socket: emulators, serial servers."""

from __future__ import annotations

import socket

from zephyr_counters.errors import LinkError, LinkTimeout
from zephyr_counters.link.transports.descriptor import FdTransport


class SocketTransport(FdTransport):
    """A connected stream socket; owns it from now on."""

    def __init__(self, sock: socket.socket, name: str) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(sock.detach(), name)

    @classmethod
    def connect(cls, host: str, port: int, timeout: float = 10.0) -> SocketTransport:
        """Connect to a board's raw byte stream.

        Args:
            timeout: seconds.

        Raises:
            LinkTimeout: no answer.
            LinkError: refused or unreachable.
        """
        name = f"{host}:{port}"
        try:
            return cls(socket.create_connection((host, port), timeout), name)
        except TimeoutError as error:
            raise LinkTimeout(f"{name}: no answer in {timeout:g} s") from error
        except OSError as error:
            raise LinkError(f"{name}: {error.strerror or error}") from error
