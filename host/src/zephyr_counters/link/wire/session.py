# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Sessions: which conversation a message belongs to. No I/O.

    payload of a frame = session id (u16, little-endian), type (u8), body
    session id         = the initiator's nonce in the low byte, the responder's in the high one

    initiator                              responder
        terminate (id 0)           ->
        start init (nonce, 0; 1)   ->                     body: version of this protocol
                                   <-      start reply (nonce, nonce; 1)
        normal, log                <->     normal, log

A message of another session is dropped, so an answer that comes late is never taken for another.
A log message may have id 0. Byte-compatible with microTVM's sessions; either end can be ours.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from zephyr_counters.link.wire.framing import Damage, Damaged, Framer, Unframer

VERSION = 1
HEADER_BYTES = 3
_NO_NONCE = 0


class Type(enum.IntEnum):
    """Type of a message, as on the wire."""

    START_INIT = 0x00
    START_REPLY = 0x01
    TERMINATE = 0x02
    LOG = 0x03
    NORMAL = 0x10


class State(enum.Enum):
    """Where a session is."""

    NONE = "none"
    START_SENT = "start-sent"
    ESTABLISHED = "established"


@dataclass(frozen=True)
class Established:
    """A new session exists; what was said before belongs to the one before."""


@dataclass(frozen=True)
class Terminated:
    """The other end ended the session, as it does when it restarts."""


@dataclass(frozen=True)
class Message:
    """A message of this session."""

    body: bytes


@dataclass(frozen=True)
class Log:
    """A line for the log; of this session or of none."""

    body: bytes


@dataclass(frozen=True)
class WrongVersion:
    """The other end speaks another version of this protocol."""

    version: int


@dataclass(frozen=True)
class BadFrame:
    """A frame came that was damaged, so a message may be missing."""

    reason: Damage


Event = Established | Terminated | Message | Log | WrongVersion | BadFrame


class Session:
    """One end of a link: bytes that came become events, and calls become bytes to send.

    Args:
        max_message: longest body that is accepted, in bytes.
    """

    def __init__(self, max_message: int = 1 << 24) -> None:
        self.state = State.NONE
        self.framer = Framer()
        self.unframer = Unframer(max_message + HEADER_BYTES)
        self._nonce = _NO_NONCE
        self._initiator = _NO_NONCE
        self._responder = _NO_NONCE

    @property
    def id(self) -> int:
        """The session id that is sent."""
        return self._initiator | self._responder << 8

    def initialize(self, nonce: int) -> bytes:
        """Return the bytes that end whatever session the other end believes in.

        Args:
            nonce: 0..255; should differ from one start of this end to the next.
        """
        self._nonce = nonce & 0xFF
        return self.terminate()

    def terminate(self) -> bytes:
        """End the session; return the bytes that say so."""
        self._initiator = self._responder = _NO_NONCE
        self.state = State.NONE
        return self._frame(Type.TERMINATE)

    def start(self) -> bytes:
        """Ask for a new session; return the bytes that do."""
        self._next_nonce()
        self._initiator, self._responder = self._nonce, _NO_NONCE
        self.state = State.START_SENT
        return self._frame(Type.START_INIT, bytes([VERSION]))

    def message(self, body: bytes) -> bytes:
        """Return the bytes that carry `body`.

        Raises:
            ValueError: there is no session.
        """
        if self.state is not State.ESTABLISHED:
            raise ValueError("no session is established")
        return self._frame(Type.NORMAL, body)

    def log(self, body: bytes) -> bytes:
        """Return the bytes that carry a line for the other end's log."""
        return self._frame(Type.LOG, body)

    def feed(self, data: bytes) -> tuple[list[Event], bytes]:
        """Take bytes as they came; return what happened, in order, and bytes to send."""
        events: list[Event] = []
        answer = b""
        for item in self.unframer.feed(data):
            if isinstance(item, Damaged):
                events.append(BadFrame(item.reason))
            elif len(item.payload) >= HEADER_BYTES:
                answer += self._take(item.payload, events)
        return events, answer

    def _frame(self, kind: Type, body: bytes = b"") -> bytes:
        session = 0 if kind is Type.LOG else self.id
        return self.framer.frame(session.to_bytes(2, "little") + bytes([kind]) + body)

    def _next_nonce(self) -> None:
        """Shift as microTVM does, so that both ends' bytes can be told beforehand."""
        nonce = ((self._nonce << 5 | self._nonce >> 5) + 1) & 0xFF
        self._nonce = nonce if nonce != _NO_NONCE else 1

    def _take(self, payload: bytes, events: list[Event]) -> bytes:
        initiator, responder, kind = payload[0], payload[1], payload[2]
        body = payload[HEADER_BYTES:]
        if kind == Type.START_INIT:
            return self._take_init(initiator, body, events)
        if kind == Type.START_REPLY:
            self._take_reply(initiator, responder, body, events)
        elif kind == Type.TERMINATE:
            if self.state is State.ESTABLISHED:
                self.state = State.NONE
                events.append(Terminated())
        elif kind == Type.LOG:
            if initiator | responder << 8 in (0, self.id):
                events.append(Log(body))
        elif kind == Type.NORMAL:
            mine = (initiator, responder) == (self._initiator, self._responder)
            if mine and self.state is State.ESTABLISHED:
                events.append(Message(body))
        return b""

    def _take_init(self, initiator: int, body: bytes, events: list[Event]) -> bytes:
        if initiator == _NO_NONCE or not body:
            return b""
        if self.state is State.START_SENT:
            # Both ends asked at once: the lower nonce wins, and equal ones are thrown again.
            if initiator == self._nonce:
                return self.start()
            if initiator > self._nonce or body[0] != VERSION:
                return b""
        # A reply names our version, so an initiator of another one learns which it met.
        self._next_nonce()
        self._initiator, self._responder = initiator, self._nonce
        self.state = State.ESTABLISHED
        events.append(Established())
        return self._frame(Type.START_REPLY, bytes([VERSION]))

    def _take_reply(self, initiator: int, responder: int, body: bytes, events: list[Event]) -> None:
        if responder == _NO_NONCE or not body or self.state is not State.START_SENT:
            return
        if initiator != self._nonce:
            return
        if body[0] != VERSION:
            events.append(WrongVersion(body[0]))
            return
        self._responder = responder
        self.state = State.ESTABLISHED
        events.append(Established())
