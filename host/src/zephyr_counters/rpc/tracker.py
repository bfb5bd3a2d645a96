# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The server's end of TVM's RPC tracker: offers a board, again after each client.

    message = i32 size, then JSON; a request from here, an answer from there

Source: TVM's python/tvm/rpc/{tracker,server,base}.py.
"""

from __future__ import annotations

import json
import secrets
import socket
import struct
from enum import IntEnum
from typing import Any

from zephyr_counters.errors import LinkError
from zephyr_counters.link.transports.transport import Closing

_MAGIC = 0x2F271
_INT = struct.Struct("<i")
_MAX_MESSAGE = 1 << 20


class _Ask(IntEnum):
    SUCCESS = 0
    PUT = 3
    UPDATE_INFO = 5
    GET_PENDING_MATCHKEYS = 7


class Tracker(Closing):
    """A connection to a tracker.

    Args:
        address: host and port of the tracker.
        key: what clients ask for.
        here: host (None for the one that the tracker sees) and port where clients find the board.
        timeout: seconds for each answer.

    Raises:
        LinkError: it cannot be reached, or is no TVM RPC tracker.
    """

    def __init__(
        self,
        address: tuple[str, int],
        key: str,
        here: tuple[str | None, int],
        timeout: float = 10.0,
    ) -> None:
        self.name = f"tracker {address[0]}:{address[1]}"
        self.key = key
        self._here = here
        self.match = ""
        try:
            self._sock = socket.create_connection(address, timeout)
        except OSError as error:
            raise LinkError(f"{self.name}: {error.strerror or error}", "is it running?") from error
        try:
            self._greet()
        except BaseException:
            self.close()
            raise

    def next_match(self) -> str:
        """Return a new key for the next client, which offer() will hand out."""
        self.match = f"{self.key}:{secrets.randbelow(1 << 60) / (1 << 60)}"
        return self.match

    def offer(self) -> None:
        """Offer the board to the next client, who will come with the key of next_match()."""
        host, port = self._here
        self._ask(_Ask.PUT, self.key, (port, self.match), host)

    def pending(self) -> bool:
        """Return whether the board is still on offer."""
        pending = self._ask(_Ask.GET_PENDING_MATCHKEYS)
        if not isinstance(pending, list):
            raise LinkError(f"{self.name}: its list of offers is a {type(pending).__name__}")
        return self.match in pending

    def close(self) -> None:
        """Leave; the tracker forgets the board."""
        self._sock.close()

    def _greet(self) -> None:
        try:
            self._sock.sendall(_INT.pack(_MAGIC))
            magic = _INT.unpack(self._take(_INT.size))[0]
        except OSError as error:
            raise LinkError(f"{self.name}: no TVM RPC tracker") from error
        if magic != _MAGIC:
            raise LinkError(f"{self.name}: no TVM RPC tracker")
        self._ask(_Ask.UPDATE_INFO, {"key": f"server:{self.key}", "addr": self._here})

    def _ask(self, *what: Any) -> Any:
        data = json.dumps(what).encode()
        try:
            self._sock.sendall(_INT.pack(len(data)) + data)
            size = _INT.unpack(self._take(_INT.size))[0]
            if not 0 <= size <= _MAX_MESSAGE:
                raise ValueError(f"a message of {size} bytes")
            answer = json.loads(self._take(size))
        except (OSError, ValueError, RecursionError) as error:
            raise LinkError(f"{self.name}: lost: {error}") from error
        if what[0] != _Ask.GET_PENDING_MATCHKEYS and answer != _Ask.SUCCESS:
            raise LinkError(f"{self.name}: refuses: {answer!r:.200}")
        return answer

    def _take(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._sock.recv(count - len(data))
            if not part:
                raise ConnectionResetError("closed")
            data += part
        return data
