# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Frames: payloads with a length and a checksum in a stream of bytes. No I/O.

    frame   = FF FD, escaped(length), escaped(payload), escaped(crc)
    length  = u32, little-endian: bytes of the payload before escaping
    crc     = u16, little-endian: CRC-16/CCITT, initial value FFFF, of all sent before it
    escaped = each FF is sent as FF FF; FF FE is nothing; FF FD starts a frame, wherever it is

A sender that starts, or starts again, sends one FE first. Byte-compatible with microTVM's framing.
"""

from __future__ import annotations

import enum
from binascii import crc_hqx
from dataclasses import dataclass

START = b"\xff\xfd"
NOP = b"\xfe"
_ESCAPE = b"\xff"
_ESCAPED = b"\xff\xff"
_PLAIN = b"\x00\x00"
_CODE_START = 0xFD
_CODE_NOP = 0xFE
_CODE_ESCAPE = 0xFF
_CRC_INIT = 0xFFFF
LENGTH_BYTES = 4
CRC_BYTES = 2
MAX_LENGTH = 0xFFFFFFFF
_KEPT_STRAY = 256


def escape(data: bytes) -> bytes:
    """Return `data` as it is sent inside a frame."""
    return data.replace(_ESCAPE, _ESCAPED)


class Framer:
    """Payloads to frames."""

    def __init__(self) -> None:
        self._reset = True

    def reset(self) -> None:
        """Begin again: the next frame has the byte before it that ends whatever was under way."""
        self._reset = True

    def frame(self, payload: bytes) -> bytes:
        """Return the bytes to send for `payload`.

        Raises:
            ValueError: it does not fit the length field.
        """
        if len(payload) > MAX_LENGTH:
            raise ValueError(f"a frame holds at most {MAX_LENGTH} bytes")
        body = START + escape(len(payload).to_bytes(LENGTH_BYTES, "little")) + escape(payload)
        crc = crc_hqx(body, _CRC_INIT).to_bytes(CRC_BYTES, "little")
        prefix = NOP if self._reset else b""
        self._reset = False
        return prefix + body + escape(crc)


class Damage(enum.Enum):
    """What can be wrong with a frame."""

    CRC = "crc"
    SHORT = "short"
    ESCAPE = "escape"
    LONG = "long"


@dataclass(frozen=True)
class Packet:
    """The payload of a good frame."""

    payload: bytes


@dataclass(frozen=True)
class Damaged:
    """A frame that had to be thrown away."""

    reason: Damage


class _Broken(Exception):
    """The frame under way cannot be completed."""

    def __init__(self, reason: Damage, consumed: int) -> None:
        self.reason = reason
        self.consumed = consumed


class _State(enum.Enum):
    START = 0
    LENGTH = 1
    PAYLOAD = 2
    CRC = 3


class Unframer:
    """A stream of bytes to payloads.

    Args:
        max_payload: a frame that announces more bytes is damaged.

    Attributes:
        frames: good ones that came.
        stray: bytes that came outside of frames.
        last_stray: the last of those.
    """

    def __init__(self, max_payload: int = 1 << 24) -> None:
        self.max_payload = max_payload
        self.frames = 0
        self.stray = 0
        self.last_stray = b""
        self._raw = bytearray()
        self._begin(_State.START, 0)

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._state is not _State.START

    def reset(self) -> None:
        """Forget the frame under way, and what came before."""
        self.frames = self.stray = 0
        self.last_stray = b""
        self._raw.clear()
        self._begin(_State.START, 0)

    def feed(self, data: bytes) -> list[Packet | Damaged]:
        """Take bytes as they came, any number; return what they completed, in order.

        Bytes outside of frames are counted in `stray`, and otherwise ignored.
        """
        self._raw += data
        events: list[Packet | Damaged] = []
        while True:
            try:
                if not self._step(events):
                    return events
            except _Broken as broken:
                del self._raw[: broken.consumed]
                self._begin(_State.START, 0)
                events.append(Damaged(broken.reason))

    def _begin(self, state: _State, missing: int) -> None:
        self._state = state
        self._missing = missing
        self._field = bytearray()

    def _step(self, events: list[Packet | Damaged]) -> bool:
        """Go to the next part of a frame; False if bytes are missing."""
        if self._state is _State.START:
            return self._find_start()
        self._take()
        if self._missing:
            return False
        if self._state is _State.LENGTH:
            length = int.from_bytes(self._field, "little")
            if length > self.max_payload:
                raise _Broken(Damage.LONG, 0)
            self._begin(_State.PAYLOAD, length)
        elif self._state is _State.PAYLOAD:
            self._payload = bytes(self._field)
            self._begin(_State.CRC, CRC_BYTES)
        else:
            good = int.from_bytes(self._field, "little") == self._crc
            self.frames += good
            events.append(Packet(self._payload) if good else Damaged(Damage.CRC))
            self._begin(_State.START, 0)
        return True

    def _find_start(self) -> bool:
        found = self._raw.find(START)
        if found < 0:
            kept = 1 if self._raw.endswith(_ESCAPE) else 0
            self._drop_stray(len(self._raw) - kept)
            return False
        self._drop_stray(found)
        del self._raw[: len(START)]
        self._crc = crc_hqx(START, _CRC_INIT)
        self._begin(_State.LENGTH, LENGTH_BYTES)
        return True

    def _drop_stray(self, count: int) -> None:
        self.stray += count - self._raw.count(NOP, 0, count)
        self.last_stray = (self.last_stray + self._raw[:count])[-_KEPT_STRAY:]
        del self._raw[:count]

    def _take(self) -> None:
        """Move bytes from the wire to the field under way, undoing the escapes."""
        raw, at = self._raw, 0
        while self._missing and at < len(raw):
            run = bytes(raw[at : at + self._missing])
            # An escape that is not FF FF is the only FF that is left once those are gone.
            alone = run.replace(_ESCAPED, _PLAIN).find(_ESCAPE)
            if alone == 0:
                if at + 1 == len(raw):
                    break
                code = raw[at + 1]
                if code == _CODE_START:
                    raise _Broken(Damage.SHORT, at)
                if code not in (_CODE_NOP, _CODE_ESCAPE):
                    raise _Broken(Damage.ESCAPE, at + 2)
                if code == _CODE_ESCAPE:
                    self._field += _ESCAPE
                    self._missing -= 1
                at += 2
                continue
            good = run if alone < 0 else run[:alone]
            plain = good.replace(_ESCAPED, _ESCAPE)
            self._field += plain
            self._missing -= len(plain)
            at += len(good)
        if self._state is not _State.CRC:
            self._crc = crc_hqx(raw[:at], self._crc)
        del raw[:at]
