# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The server's end of a TVM RPC client's connection: handshake and packets."""

from __future__ import annotations

import hmac
import math
import select
import socket
import struct
import time
from collections.abc import Iterable
from contextlib import suppress

from zephyr_counters.rpc.packet import LENGTH, MAGIC, MAGIC_MISMATCH

_INT = struct.Struct("<i")
_MAX_KEY = 4096
_LONGEST_WAIT_S = 86400.0
_READ = 1 << 16
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)


class ClientGone(Exception):
    """The client closed the connection, or does not speak TVM RPC."""


class PacketTooLarge(Exception):
    """A packet that was read and thrown away, as it is larger than the board takes."""

    def __init__(self, size: int) -> None:
        self.size = size


class Client:
    """One connection.

    Args:
        sock: accepted; owned from now on.
        peer: address, for messages.
    """

    def __init__(self, sock: socket.socket, peer: str) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.peer = peer
        self.options: list[str] = []
        self._sock = sock
        self._buffer = bytearray()

    def fileno(self) -> int:
        """Descriptor to wait on."""
        return self._sock.fileno()

    @property
    def session_limit(self) -> float | None:
        """Seconds that the client gives its session (`session_timeout` of tvm.rpc.connect).

        None without a limit; what is no positive finite number is no limit.
        """
        for option in self.options:
            if option.startswith("-timeout="):
                try:
                    seconds = float(option.removeprefix("-timeout="))
                except ValueError:
                    return None
                return seconds if math.isfinite(seconds) and seconds > 0 else None
        return None

    @property
    def buffered(self) -> bool:
        """Whether bytes were read that no packet has taken."""
        return bool(self._buffer)

    def handshake(self, keys: Iterable[str], server_key: str, timeout: float) -> bool:
        """Agree on magic and key.

        Args:
            keys: the client has to say `client:<key>` with one of them.
            server_key: this end says `server:<server_key>`.
            timeout: seconds.

        Returns:
            False if the client looks for another key; it has been told.

        Raises:
            ClientGone: it is no TVM RPC client, or said nothing in time.
        """
        end = time.monotonic() + timeout
        magic = _INT.unpack(self._take(_INT.size, end))[0]
        size = _INT.unpack(self._take(_INT.size, end))[0] if magic == MAGIC else -1
        if not 0 <= size <= _MAX_KEY:
            raise ClientGone
        words = self._take(size, end).decode("utf-8", "replace").split()
        said = (words[0] if words else "").encode()
        # Compared in constant time: a key may hold a token.
        if not any(hmac.compare_digest(said, f"client:{key}".encode()) for key in keys):
            self.send(_INT.pack(MAGIC_MISMATCH))
            return False
        self.options = words[1:]
        key = f"server:{server_key}".encode()
        self.send(_INT.pack(MAGIC) + _INT.pack(len(key)) + key)
        return True

    def packet(self, limit: int, timeout: float) -> bytes:
        """Return the next packet, with its length.

        Args:
            limit: largest length that is accepted.
            timeout: seconds from the first byte to the last.

        Raises:
            PacketTooLarge: it was larger; the next one can be read.
            ClientGone: no more will come.
        """
        end = time.monotonic() + timeout
        size = 0
        while size == 0:
            size = LENGTH.unpack(self._take(LENGTH.size, end))[0]
        if size > limit:
            self._skip(size, end)
            raise PacketTooLarge(size)
        return LENGTH.pack(size) + self._take(size, end)

    def send(self, data: bytes) -> None:
        """Send all of it.

        Raises:
            ClientGone: the client does not read any more.
        """
        try:
            self._sock.settimeout(60)
            self._sock.sendall(data)
        except OSError as error:
            raise ClientGone from error

    def hang_up(self, linger: float = 1.0) -> None:
        """Close; wait up to `linger` seconds until the client has read what was sent."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)
            end = time.monotonic() + linger
            while (left := end - time.monotonic()) > 0:
                self._sock.settimeout(left)
                if not self._sock.recv(_READ):
                    break
        self._sock.close()

    def abort(self) -> None:
        """End the connection while another thread uses it."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _take(self, count: int, end: float) -> bytes:
        while len(self._buffer) < count:
            self._buffer += self._receive(end)
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def _skip(self, count: int, end: float) -> None:
        while count > len(self._buffer):
            count -= len(self._buffer)
            self._buffer = bytearray(self._receive(end))
        del self._buffer[:count]

    def _receive(self, end: float) -> bytes:
        try:
            # A client's packet may come in two pieces, and the second waits for this one's ack.
            if _QUICKACK is not None:
                self._sock.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
            self._sock.settimeout(max(0.001, end - time.monotonic()))
            data = self._sock.recv(_READ)
        except OSError as error:
            raise ClientGone from error
        if not data:
            raise ClientGone
        return data


def wait(client: Client, other: int | None, timeout: float | None) -> bool:
    """Wait until the client has something to say.

    Args:
        client: the connection.
        other: a second descriptor, which ends the waiting too.
        timeout: seconds, None for ever.

    Returns:
        Whether it has.
    """
    if client.buffered:
        return True
    waiting = select.poll()
    waiting.register(client.fileno(), select.POLLIN)
    if other is not None:
        waiting.register(other, select.POLLIN)
    seconds = _LONGEST_WAIT_S if timeout is None else min(max(0.0, timeout), _LONGEST_WAIT_S)
    ready = waiting.poll(seconds * 1000)
    return any(fd == client.fileno() for fd, _ in ready)
