# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Kind "tcp": a TCP port, of an emulator, a serial server or a board with a network.

"console": {"kind": "tcp", "pattern": regular expression}    `run` prints HOST:PORT, group 1
"console": {"kind": "tcp", "address": "HOST:PORT"}           it is always there
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any

from zephyr_counters.errors import LinkError, LinkTimeout, UsageError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.options import Option, Value
from zephyr_counters.link.transports.descriptor import FdTransport

KIND = "tcp"
OPTIONS = (
    Option(
        name="address",
        type="str",
        optional=("generate_project", "open_transport"),
        help="HOST:PORT of the board's byte stream, instead of what its data or firmware say.",
    ),
)


def locate(
    board: Board, values: Mapping[str, Value], announced: Callable[[], str]
) -> dict[str, Any]:
    """Take the option `address`, else that of the board's data, else what is printed."""
    address = str(values.get("address") or board.console.get("address") or announced())
    host, port = split(address)
    return {"host": host, "port": port}


def connect(stream: Mapping[str, Any]) -> FdTransport:
    """Connect to it."""
    return SocketTransport.connect(str(stream["host"]), int(stream["port"]))


def split(address: str) -> tuple[str, int]:
    """Host and port of HOST:PORT; an IPv6 address may be in brackets.

    Raises:
        UsageError: it is something else.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"{address!r:.100} is not an address", "give HOST:PORT")
    return host.strip("[]"), int(port)


class SocketTransport(FdTransport):
    """A connected stream socket, which it owns."""

    def __init__(self, sock: socket.socket, name: str) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(sock.detach(), name)

    @classmethod
    def connect(cls, host: str, port: int, timeout: float = 10.0) -> SocketTransport:
        """Connect to a board's raw byte stream.

        Args:
            host: name or address.
            port: TCP port.
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
        except (OSError, UnicodeError) as error:
            text = getattr(error, "strerror", None) or error
            raise LinkError(f"{name}: cannot connect: {text}") from error
