# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A board as a TVM RPC server on a TCP port, so that TVM's own client can talk to it.

One client at a time; others get an error that names the client that is connected. A failure of the
link is answered with an exception, and so is every later request of that session.
"""

from __future__ import annotations

import errno
import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from zephyr_counters.errors import LinkError, UsageError
from zephyr_counters.link.transports.transport import BoardGone, Closing, Transport
from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.channel import Abandoned, Channel
from zephyr_counters.rpc.connection import Client, ClientGone, PacketTooLarge, wait
from zephyr_counters.rpc.functions import MAX_PACKET_SIZE
from zephyr_counters.rpc.packet import Code

_LOG = logging.getLogger("zephyr_counters.bridge")
_BOARD_LOG = logging.getLogger("board")
_LARGEST = 1 << 24
_MOST_CLIENTS = 32  # that are connected at once; one of them is served
_LEAVE_S = 0.5  # for the client before to be gone, if it is leaving
_TALK_S = 10.0  # for a client to begin, and to finish a packet that it began


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait for a board."""

    call: float = 60.0
    """from a request to its whole answer"""
    start: float = 10.0
    """for a session to start: a board may be booting"""
    frame: float = 5.0
    """without a byte, in the middle of a frame"""


class Bridge(Closing):
    """Serves one board.

    Args:
        transport: to the board, or None until attach(); stays its owner's to close.
        host: address to listen on.
        port: 0 for any that is free.
        port_end: the ports after `port` are tried up to this one, exclusively.
        key: clients connect with this key.
        tokens: if there are any, clients connect with `KEY:TOKEN` instead.
        idle_timeout: seconds without a request after which a client has to leave; None for never.
        timeouts: seconds to wait for the board.
        on_log: called with each line that the board logs; logger "board" otherwise.

    Attributes:
        matches: keys that a client may connect with; a tracker hands out others.
        lost: set when nothing is at the other end of the transport any more.
        free: set while no client is served.
        changed: set when a client left or the board was lost.
        served: clients that were served.
    """

    def __init__(
        self,
        transport: Transport | None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        port_end: int | None = None,
        key: str = "",
        tokens: Sequence[str] = (),
        idle_timeout: float | None = None,
        timeouts: Timeouts | None = None,
        on_log: Callable[[str], None] | None = None,
    ) -> None:
        self.host = host
        self.key = key
        self.matches = tuple(f"{key}:{token}" for token in tokens) or (key,)
        self.idle_timeout = idle_timeout
        self.timeouts = timeouts or Timeouts()
        self.lost = threading.Event()
        self.free = threading.Event()
        self.free.set()
        self.changed = threading.Event()
        self.served = 0
        self._on_log = on_log or _BOARD_LOG.info
        self._busy = threading.Lock()
        self._places = threading.BoundedSemaphore(_MOST_CLIENTS)
        self._client: Client | None = None
        self._channel: Channel | None = None
        self._counted = (0, 0)
        self._closing = False
        self._listener = _listen(host, port, port_end or port + 1)
        self.port: int = self._listener.getsockname()[1]
        if transport is not None:
            self.attach(transport)
        threading.Thread(target=self._accept, name="bridge", daemon=True).start()

    @property
    def bytes_in(self) -> int:
        """Bytes that came from the board, on the wire."""
        return self._counted[0] + (self._channel.wire.bytes_in if self._channel else 0)

    @property
    def bytes_out(self) -> int:
        """Bytes that went to the board, on the wire."""
        return self._counted[1] + (self._channel.wire.bytes_out if self._channel else 0)

    def attach(self, transport: Transport) -> None:
        """Use a new transport from the next client on, instead of one that was lost."""
        self._counted = (self.bytes_in, self.bytes_out)
        self._channel = Channel(transport, self._on_log, frame_timeout=self.timeouts.frame)
        self.lost.clear()

    def hang_up(self) -> None:
        """Cut off the client that is served, though it may wait for an answer."""
        if (client := self._client) is not None:
            client.abort()

    def close(self) -> None:
        """Hang up, and take no more clients."""
        self._closing = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._channel is not None:
            self._channel.close()
        self.hang_up()
        self.free.wait(_TALK_S)

    def _accept(self) -> None:
        while True:
            try:
                sock, address = self._listener.accept()
            except OSError as error:
                if self._closing:
                    return
                _LOG.warning("a client could not be accepted: %s", error)
                time.sleep(_LEAVE_S)
                continue
            if not self._places.acquire(blocking=False):
                _LOG.warning("%s: refused: %d clients are connected", address[0], _MOST_CLIENTS)
                sock.close()
                continue
            client = Client(sock, f"{address[0]}:{address[1]}")
            threading.Thread(target=self._welcome, args=(client,), daemon=True).start()

    def _welcome(self, client: Client) -> None:
        try:
            if not client.handshake(self.matches, self.key, _TALK_S):
                _LOG.warning("%s asks for another key", client.peer)
            elif self._busy.acquire(timeout=_LEAVE_S):
                self.free.clear()
                self._client = client
                try:
                    self._serve(client, self._channel)
                finally:
                    self._client = None
                    self.served += 1
                    self._busy.release()
                    self.free.set()
                    self.changed.set()
            else:
                self._refuse(client)
        except (ClientGone, PacketTooLarge):
            pass
        finally:
            client.hang_up()
            self._places.release()

    def check_board(self) -> None:
        """Notice whether the board is gone while no client is served; does not wait."""
        channel = self._channel
        if channel is None or channel.gone is not None or not self._busy.acquire(blocking=False):
            return
        try:
            channel.poll()
            if channel.gone is not None:
                self._note(channel.gone)
        finally:
            self._busy.release()

    def _refuse(self, client: Client) -> None:
        client.packet(_LARGEST, _TALK_S)
        current = self._client
        who = current.peer if current is not None else "another client"
        busy = LinkError(f"the board is in use by {who}", "one client at a time; try again later")
        client.send(rpc_packet.exception(rpc_packet.error_text(busy)))

    def _serve(self, client: Client, channel: Channel | None) -> None:
        """Answer one client until it leaves."""
        failed = self._begin(channel) if channel else LinkError("no board is there; try later")
        limit = client.session_limit
        end = None if limit is None else time.monotonic() + limit
        while (over := self._await(client, channel, end, limit)) is None:
            answer = self._answer(client, channel, failed, end)
            if answer is None:
                return
            client.send(answer)
        client.send(rpc_packet.exception(f"RPCSessionTimeoutError: {over}"))

    def _begin(self, channel: Channel) -> LinkError | None:
        """Start a session; return why there is none."""
        try:
            if channel.limit is None:
                channel.open(self.timeouts.start)
                channel.limit = self._ask_limit(channel)
            channel.open(self.timeouts.start)
        except LinkError as error:
            self._note(error)
            return error
        return None

    def _ask_limit(self, channel: Channel) -> int:
        """Ask the board for the length of the largest packet that it takes."""
        timeout = self.timeouts.start
        channel.ask(rpc_packet.init_server(), timeout)
        found = channel.ask(rpc_packet.get_global(MAX_PACKET_SIZE), timeout)
        handle = rpc_packet.returned_handle(found)
        if not handle:
            return _LARGEST
        size = rpc_packet.returned_int(channel.ask(rpc_packet.call(handle), timeout))
        return size if size is not None and 0 < size < _LARGEST else _LARGEST

    def _await(
        self, client: Client, channel: Channel | None, end: float | None, limit: float | None
    ) -> str | None:
        """Wait for the client while taking what the board logs; return why its time is over."""
        idle = None if self.idle_timeout is None else time.monotonic() + self.idle_timeout
        ends = [one for one in (end, idle) if one is not None]
        while True:
            now = time.monotonic()
            if end is not None and now >= end:
                return f"the session's {limit:g} s are over"
            if idle is not None and now >= idle:
                return f"no request came in {self.idle_timeout:g} s; others may use the board now"
            there = channel is not None and channel.gone is None
            descriptor = channel.fileno() if channel and there else None
            if wait(client, descriptor, min(ends) - now if ends else None):
                return None
            if channel is not None and there:
                channel.poll()
                if channel.gone is not None:
                    self._note(channel.gone)

    def _answer(
        self, client: Client, channel: Channel | None, failed: LinkError | None, end: float | None
    ) -> bytes | None:
        """Read a packet and return what answers it; None if the client leaves."""
        limit = (channel.limit if channel else None) or _LARGEST
        try:
            packet = client.packet(limit, _TALK_S)
        except ClientGone:
            return None
        except PacketTooLarge as large:
            return rpc_packet.exception(
                f"packet too large: {large.size} bytes, and the board takes {limit}"
            )
        if rpc_packet.code_of(packet) == Code.SHUTDOWN:
            return None
        timeout = self.timeouts.call
        if end is not None:
            timeout = min(timeout, max(0.0, end - time.monotonic()))
        try:
            if failed is not None or channel is None:
                raise failed or LinkError("no board is there")
            return rpc_packet.in_english(channel.ask(packet, timeout, client.fileno()))
        except LinkError as error:
            self._note(error)
            return rpc_packet.exception(rpc_packet.error_text(error))
        except Abandoned:
            _LOG.warning("%s left in the middle of a call", client.peer)
            return None

    def _note(self, error: LinkError) -> None:
        _LOG.info("%s", error)
        if isinstance(error, BoardGone):
            self.lost.set()
            self.changed.set()


def _listen(host: str, port: int, port_end: int) -> socket.socket:
    host = host.removeprefix("[").removesuffix("]")
    for number in range(port, max(port_end, port + 1)):
        try:
            family = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server((host, number), family=family, backlog=8)
        except OSError as error:
            last = error
            if error.errno != errno.EADDRINUSE:
                break
    raise UsageError(
        f"{host}:{port}: cannot listen: {last.strerror or last}", "choose another --port or --host"
    )
