# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""One board at the end of a transport: sessions, and one question and answer at a time."""

from __future__ import annotations

import random
import select
import time
from collections.abc import Callable

from zephyr_counters.blob import device_error
from zephyr_counters.errors import LinkError, LinkTimeout
from zephyr_counters.link.transports.counting import Counting
from zephyr_counters.link.transports.transport import BoardGone, Transport
from zephyr_counters.link.wire.session import (
    BadFrame,
    Established,
    Event,
    Log,
    Message,
    Session,
    Terminated,
    WrongVersion,
)
from zephyr_counters.rpc import baud_rate
from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.border import Border, Refused
from zephyr_counters.rpc.no_session import Heard

_READ = 1 << 16
_RETRY_S = 0.5
_RETRY_MAX_S = 4.0
_PROBE_S = 0.2
_RESET_HINT = "reset the board, or connect again"


class Abandoned(Exception):
    """Whoever asked is no longer there."""


class Channel:
    """Speaks sessions on a transport.

    Args:
        transport: stays its owner's to close.
        on_log: called with each line that the board logs.
        frame_timeout: seconds without a byte after which a frame that has begun is given up.
        nonce: where the nonces begin; random unless a test needs to know the bytes.
    """

    def __init__(
        self,
        transport: Transport,
        on_log: Callable[[str], None],
        *,
        frame_timeout: float = 5.0,
        nonce: int | None = None,
    ) -> None:
        self.wire = Counting(transport)
        self.frame_timeout = frame_timeout
        self.limit: int | None = None
        """Length of the largest RPC packet that the board takes, once somebody has asked it."""
        self._on_log = on_log
        self._session = Session()
        self._border = Border()
        self._attempt = random.randrange(64) if nonce is None else nonce
        self._dead: LinkError | None = LinkError(f"{transport.name}: no session yet")
        self._answer = bytearray()
        self._closing = False

    @property
    def name(self) -> str:
        """Where it leads, for messages."""
        return self.wire.name

    def fileno(self) -> int:
        """Descriptor to wait on while nothing is asked."""
        return self.wire.fileno()

    @property
    def gone(self) -> BoardGone | None:
        """Not None if nothing is at the other end any more."""
        return self._dead if isinstance(self._dead, BoardGone) else None

    def open(self, timeout: float) -> None:
        """Start a new session; what belonged to the one before is over.

        A board that was found to be gone stays so.

        Args:
            timeout: seconds; a board may be booting, or finishing what it was asked before.

        Raises:
            LinkTimeout: the board does not answer.
            LinkError: the link is broken, or the board speaks another version.
        """
        if self.gone is not None:
            raise self.gone
        self._dead = LinkError(f"{self.name}: no session yet")
        self._border = Border()
        self._session.unframer.reset()
        try:
            self._start(timeout)
        except BoardGone as error:
            self._dead = error
            raise

    def close(self) -> None:
        """End an open() that waits in another thread; the transport stays as it is."""
        self._closing = True

    def ask(self, packet: bytes, timeout: float, asker: int | None = None) -> bytes:
        """Send an RPC packet and return the one that answers it.

        Args:
            packet: with its length.
            timeout: seconds from now to the whole answer.
            asker: descriptor whose hangup ends the waiting.

        Raises:
            LinkTimeout: no answer.
            LinkError: the link failed, now or before in this session, or what came cannot be the
                answer.
            Abandoned: `asker` hung up.
        """
        self.poll()
        if self._dead is not None:
            raise self._dead
        end = time.monotonic() + timeout
        self._session.unframer.stray = 0
        try:
            answer = self._asked(packet, end, timeout, asker)
            if self._border.may_be_old(packet, answer):
                # If it was an old one, the true answer comes to this question.
                self._asked(rpc_packet.set_device(), end, timeout, asker)
            return answer
        except LinkError as error:
            self._dead = error
            raise
        except Abandoned:
            self._dead = LinkError(f"{self.name}: the one who asked is gone")
            raise

    def _asked(self, packet: bytes, end: float, timeout: float, asker: int | None) -> bytes:
        """Send a packet and return the answer, which may pass the border."""
        self.wire.write(self._session.message(packet), timeout)
        answer = self._wait(packet, end, timeout, asker)
        try:
            return self._border.admit(packet, answer)
        except Refused as error:
            raise LinkError(f"{self.name}: {error}", _RESET_HINT) from error

    def poll(self) -> None:
        """Take what came while nothing was asked; what ends the session fails the next ask()."""
        if self.gone is not None:
            # Its descriptor may be another one's by now.
            return
        try:
            for event in self._events(0):
                if isinstance(event, Message) and self._dead is None:
                    self._dead = LinkError(
                        f"{self.name}: the board sent a reply that matches no request", _RESET_HINT
                    )
                elif not isinstance(event, Message | BadFrame):
                    self._handle(event)
        except LinkError as error:
            self._dead = error

    def _start(self, timeout: float) -> None:
        """Ask for a session until there is one."""
        began = self.wire.bytes_in
        end = time.monotonic() + timeout
        pause = _RETRY_S
        while not self._offered(min(end, time.monotonic() + pause)):
            pause = min(2 * pause, _RETRY_MAX_S)
            if self._closing:
                raise LinkError(f"{self.name}: closed")
            if time.monotonic() >= end:
                self._give_up(timeout, began)
                return

    def _offered(self, until: float) -> bool:
        """Ask for a session once; whether there is one by then (time.monotonic())."""
        self._session.framer.reset()
        hello = self._session.initialize(self._next_nonce()) + self._session.start()
        self.wire.write(hello, max(0.0, until - time.monotonic()))
        while (left := until - time.monotonic()) > 0:
            for event in self._events(left):
                if isinstance(event, WrongVersion):
                    raise LinkError(
                        f"{self.name}: the board speaks session version {event.version}",
                        "build the firmware again with this version",
                    )
                if isinstance(event, Log):
                    self._log(event)
                if isinstance(event, Established):
                    self._dead = None
                    return True
        return False

    def _give_up(self, timeout: float, began: int) -> None:
        """Raise what says why there is no session, unless there is one after all.

        Args:
            timeout: seconds that were waited.
            began: what `wire.bytes_in` was before.
        """
        unframer = self._session.unframer
        heard = Heard(self.wire.bytes_in - began, unframer.frames, unframer.last_stray)
        own = None if heard.text or heard.frames else baud_rate.of(self.fileno())
        other = None if own is None else baud_rate.search(self.fileno(), own, self._probe)
        # It may have been booting all the while, and a pseudo-terminal has no rate.
        if other is None or not self._probe():
            raise heard.error(self.name, timeout, own, other)

    def _probe(self) -> bool:
        return not self._closing and self._offered(time.monotonic() + _PROBE_S)

    def _next_nonce(self) -> int:
        """Return a nonce that was not used for the last 63 starts, whose answers may still come.

        A session starts with the nonce's upper and lower three bits, the two between are lost.
        """
        self._attempt += 1
        return self._attempt & 7 | (self._attempt >> 3 & 7) << 5

    def _wait(self, packet: bytes, end: float, timeout: float, asker: int | None) -> bytes:
        waiting = select.poll()
        waiting.register(self.fileno(), select.POLLIN)
        if asker is not None:
            waiting.register(asker, getattr(select, "POLLRDHUP", 0))
        self._answer.clear()
        last = time.monotonic()
        while True:
            now = time.monotonic()
            until = end
            if self._session.unframer.inside:
                until = min(end, last + self.frame_timeout)
            if now >= until:
                raise self._late(packet, timeout, now < end)
            ready = waiting.poll((until - now) * 1000)
            if asker is not None and any(fd == asker for fd, _ in ready):
                raise Abandoned
            if not ready:
                continue
            for event in self._events(0):
                if isinstance(event, Message):
                    self._answer += event.body
                else:
                    self._handle(event)
            if self._dead is not None:
                raise self._dead
            last = time.monotonic()
            if (whole := self._whole()) is not None:
                return whole

    def _whole(self) -> bytes | None:
        """Return the answer, once all of it is there."""
        have = len(self._answer)
        if have < rpc_packet.LENGTH.size:
            return None
        size = rpc_packet.LENGTH.size + rpc_packet.LENGTH.unpack_from(self._answer)[0]
        if have > size or size > self._session.unframer.max_payload:
            raise LinkError(f"{self.name}: an answer of {size} bytes came as {have}", _RESET_HINT)
        return bytes(self._answer) if have == size else None

    def _late(self, packet: bytes, timeout: float, stopped: bool) -> LinkTimeout:
        what = rpc_packet.name_of(packet)
        if stopped:
            return LinkTimeout(
                f"{self.name}: the answer to {what} stopped in the middle of a frame, "
                f"{self.frame_timeout:g} s ago",
                _RESET_HINT,
            )
        return LinkTimeout(
            f"{self.name}: no answer to {what} in {timeout:g} s{self._stray()}",
            "give it longer if it may need that; otherwise reset the board",
        )

    def _stray(self) -> str:
        stray = self._session.unframer.stray
        return f" ({stray} bytes came outside of frames)" if stray else ""

    def _handle(self, event: Event) -> None:
        """Handle an event that may end the session."""
        if isinstance(event, Log):
            self._log(event)
        elif isinstance(event, Terminated | Established):
            self._fail("the board was reset, or ended the session")
        elif isinstance(event, BadFrame):
            self._fail(f"a damaged frame came from the board ({event.reason.value})")

    def _log(self, event: Log) -> None:
        text = event.body.decode("utf-8", "replace").rstrip("\r\n\0")
        error = device_error.parse(text)
        text = device_error.translate(text)
        self._on_log(text)
        if error is not None and error.drops_frame:
            self._fail(f"the board says: {text}")

    def _fail(self, what: str) -> None:
        if self._dead is None:
            self._dead = LinkError(f"{self.name}: {what}", _RESET_HINT)

    def _events(self, timeout: float) -> list[Event]:
        """Read once; return what happened, having sent what the session answers."""
        try:
            data = self.wire.read(_READ, timeout)
        except LinkTimeout:
            return []
        events, answer = self._session.feed(data)
        if answer:
            self.wire.write(answer, self.frame_timeout)
        return events
