# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A stock TVM RPC server for a board, which can also be offered at a tracker."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from zephyr_counters.errors import LinkError, UsageError
from zephyr_counters.link.transports.transport import Closing, Transport
from zephyr_counters.rpc.bridge import Bridge, Timeouts
from zephyr_counters.rpc.tracker import Tracker

_LOG = logging.getLogger("zephyr_counters.serve")
_CHECK_S = 1.0  # how soon the death of a board that is not used is noticed
_PING_S = 2.0
_UNUSED_S = 6.0  # a client that was given the board and did not come
_RETRY_S = 5.0


class Server(Closing):
    """Serves clients one after the other, and starts a project's board again when it is lost.

    Args:
        target: a transport, which stays its owner's to close, or a project.
        host: address to listen on; anything else than loopback lets the network use the board.
        port: to listen on; up to nine more are tried. 0 for any.
        key: clients connect with this key, or ask the tracker for it.
        tracker: host and port of a TVM RPC tracker.
        announce: host by which clients reach this one, if it is not what the tracker sees.
        tokens: if there are any, clients connect with `KEY:TOKEN`; not together with a tracker.
        idle_timeout: seconds without a request after which a client has to leave; None for never.
        timeouts: seconds to wait for the board.
        on_log: called with each line that the board logs; logger "board" otherwise.

    Raises:
        LinkError: the board cannot be opened.
        UsageError: the port is taken; or tokens are given together with a tracker.
    """

    def __init__(
        self,
        target: Any,
        *,
        host: str = "127.0.0.1",
        port: int = 9190,
        key: str = "zephyr-counters",
        tracker: tuple[str, int] | None = None,
        announce: str | None = None,
        tokens: Sequence[str] = (),
        idle_timeout: float | None = None,
        timeouts: Timeouts | None = None,
        on_log: Callable[[str], None] | None = None,
    ) -> None:
        if tokens and tracker is not None:
            raise UsageError(
                "a tracker gives the board to every client that asks, so tokens do not protect it",
                "give either tokens or a tracker",
            )
        self.project: Any = target if hasattr(target, "open_transport") else None
        # Not all that can start a board know what it is to run.
        check = getattr(self.project, "check_runtime", None)
        if check is not None:
            check()
        self._transport: Transport = self.project.open_transport() if self.project else target
        self._address = tracker
        self._announce = announce
        self._tracker: Tracker | None = None
        self._offered = 0.0
        self._retry_board = 0.0
        self._retry_tracker = 0.0
        self._tracker_trouble = ""
        try:
            self.bridge = Bridge(
                self._transport,
                host=host,
                port=port,
                port_end=port + 10 if port else 1,
                key=key,
                tokens=tokens,
                idle_timeout=idle_timeout,
                timeouts=timeouts,
                on_log=on_log,
            )
        except BaseException:
            self._close_board()
            raise
        self._served = self.bridge.served

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.bridge.port

    def run(self, stop: threading.Event | None = None) -> None:
        """Serve until `stop` is set, or for ever.

        Raises:
            LinkError: the board is gone, and it is none that can be started again from here.
        """
        stop = stop or threading.Event()
        next_ping = 0.0
        while not stop.is_set():
            self.bridge.check_board()
            if self.bridge.lost.is_set():
                self._restart()
            if self._address is not None and time.monotonic() >= next_ping:
                self._keep_offered(self._address)
                next_ping = time.monotonic() + _PING_S
            if self.bridge.changed.wait(_CHECK_S):
                self.bridge.changed.clear()
                next_ping = 0.0

    def close(self) -> None:
        """Hang up and let the board go."""
        self._leave_tracker()
        self.bridge.close()
        self._close_board()

    def _close_board(self) -> None:
        if self.project is not None:
            self._transport.close()

    def _restart(self) -> None:
        if self.project is None:
            raise LinkError(f"{self._transport.name}: the board is gone")
        if time.monotonic() < self._retry_board:
            return
        self._retry_board = time.monotonic() + _RETRY_S
        _LOG.warning("%s: the board is gone, starting it again", self._transport.name)
        self._leave_tracker()
        try:
            self._transport.close()
            self._transport = self.project.open_transport()
        except Exception as error:
            # Whatever it is may pass: a project that is being built, a full disk, a port in use.
            _LOG.warning("%s; trying again in %g s", error, _RETRY_S)
            return
        self.bridge.attach(self._transport)

    def _keep_offered(self, address: tuple[str, int]) -> None:
        """See that the tracker has the board on offer while nobody uses it."""
        if not self.bridge.free.is_set() or self.bridge.lost.is_set():
            return
        try:
            if self._tracker is None:
                if time.monotonic() < self._retry_tracker:
                    return
                self._tracker = Tracker(address, self.bridge.key, (self._announce, self.port))
                self._offer(self._tracker)
                self._tracker_trouble = ""
            elif self._served != self.bridge.served:
                self._offer(self._tracker)
            elif self._tracker.pending():
                self._offered = time.monotonic()
            elif time.monotonic() - self._offered > _UNUSED_S:
                _LOG.info("a client was given the board and did not come")
                self._offer(self._tracker)
        except LinkError as error:
            if str(error) != self._tracker_trouble:
                self._tracker_trouble = str(error)
                _LOG.warning("%s; trying again every %g s", error, _RETRY_S)
            self._retry_tracker = time.monotonic() + _RETRY_S
            self._leave_tracker()

    def _leave_tracker(self) -> None:
        if self._tracker is not None:
            self._tracker.close()
            self._tracker = None

    def _offer(self, tracker: Tracker) -> None:
        self._served = self.bridge.served
        # Valid before it is handed out; the one before may still be on its way to a client.
        former = self.bridge.matches[:1] if self._offered else ()
        self.bridge.matches = (tracker.next_match(), *former)
        tracker.offer()
        self._offered = time.monotonic()


def serve(target: Any, *, stop: threading.Event | None = None, **options: Any) -> None:
    """Serve a board until `stop` is set; the options are those of Server."""
    with Server(target, **options) as server:
        _LOG.info("serving %s on %s:%d", server.bridge.key, server.bridge.host, server.port)
        server.run(stop)
