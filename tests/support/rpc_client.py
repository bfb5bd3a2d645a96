# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A client of TVM's RPC protocol 0.8.0 for tests: builds packets by hand, right and wrong ones.

Shares no code with the host package but the errors' texts, so that each checks the other.
"""

from __future__ import annotations

import select
import struct
import subprocess
from binascii import crc_hqx
from pathlib import Path
from typing import Any, TypeVar

from rpc_values import *  # noqa: F403  tests use it as one module with this one
from rpc_values import (
    ALLOC_SCOPE,
    CALL,
    COPY_ACK,
    COPY_FROM,
    COPY_TO,
    EXCEPTION,
    GET_FUNC,
    INIT,
    INT32,
    RETURN,
    SESSION_END,
    SESSION_LOG,
    SESSION_MESSAGE,
    SESSION_REPLY,
    SESSION_START,
    Tensor,
    none,
    sequence,
    tensor,
    text,
    u32,
    u64,
    value,
)
from zephyr_counters.blob.device_error import translate

TIMEOUT = 20.0


class RemoteError(Exception):
    """The device answered with an exception."""


_Self = TypeVar("_Self", bound="Client")


class Client:
    """A session with a server_harness; ends with close() or `with`."""

    def __init__(self, program: Path, *, session: bool = True) -> None:
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.pending = b""
        self.session_id = 0
        self.logs: list[str] = []
        self.first = self.frame()
        if session:
            self.start()
            self.init()

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the server, which must have kept well until then."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        assert self.process.wait(TIMEOUT) == 0
        self.process.stdout.close()

    def write(self, raw: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(raw)

    def send_frame(self, payload: bytes) -> None:
        head = u32(len(payload)) + payload
        sent = b"\xff\xfd" + head.replace(b"\xff", b"\xff\xff")
        crc = crc_hqx(sent, 0xFFFF).to_bytes(2, "little").replace(b"\xff", b"\xff\xff")
        self.write(sent + crc)

    def read_byte(self) -> int:
        assert self.process.stdout is not None
        if not self.pending:
            ready, _, _ = select.select([self.process.stdout], [], [], TIMEOUT)
            assert ready, "the server does not answer"
            self.pending = self.process.stdout.read(65536)
            assert self.pending, f"the server ended: {self.process.wait()}"
        byte, self.pending = self.pending[0], self.pending[1:]
        return byte

    def unescaped(self, raw: bytearray, count: int) -> bytes:
        result = bytearray()
        while len(result) < count:
            byte = self.read_byte()
            raw.append(byte)
            if byte == 0xFF:
                raw.append(self.read_byte())
                assert raw[-1] == 0xFF, "start or nop inside a frame"
            result.append(byte)
        return bytes(result)

    def frame(self) -> bytes:
        """Return the payload of the next frame."""
        raw = bytearray(2)
        while raw[-2:] != b"\xff\xfd":
            raw.append(self.read_byte())
        raw = raw[-2:]
        payload = self.unescaped(raw, int.from_bytes(self.unescaped(raw, 4), "little"))
        assert self.unescaped(bytearray(), 2) == crc_hqx(raw, 0xFFFF).to_bytes(2, "little")
        return payload

    def start(self) -> None:
        """Begin a session."""
        self.write(b"\xfe")
        self.send_frame(bytes([0x82, 0, SESSION_START, 1]))
        reply = self.message(SESSION_REPLY)
        assert reply == b"\x01"

    def message(self, kind: int = SESSION_MESSAGE) -> bytes:
        """Return the next message of a kind; logs on the way are kept."""
        while True:
            payload = self.frame()
            if payload[2] == SESSION_LOG:
                self.logs.append(translate(payload[3:].decode()))
                continue
            if payload[2] == SESSION_END and kind == SESSION_REPLY:
                continue
            assert payload[2] == kind
            if kind == SESSION_REPLY:
                self.session_id = int.from_bytes(payload[:2], "little")
            assert payload[:2] == self.session_id.to_bytes(2, "little")
            return payload[3:]

    def send(self, packet: bytes) -> None:
        """Send a packet as it is, without its length."""
        self.send_raw(u64(len(packet)) + packet)

    def send_raw(self, body: bytes) -> None:
        """Send the body of a message."""
        self.send_frame(struct.pack("<HB", self.session_id, SESSION_MESSAGE) + body)

    def answer(self) -> tuple[int, bytes]:
        """Return code and rest of the next packet; RemoteError for an exception."""
        body = self.message()
        assert int.from_bytes(body[:8], "little") == len(body) - 8
        code, rest = int.from_bytes(body[8:12], "little"), body[12:]
        if code == EXCEPTION:
            assert rest[:8] == u32(1) + u32(8)
            assert int.from_bytes(rest[8:16], "little") == len(rest) - 16
            raise RemoteError(translate(rest[16:].decode()))
        return code, rest

    def request(self, packet: bytes) -> bytes:
        self.send(packet)
        code, rest = self.answer()
        assert code == RETURN
        return rest

    def init(self, version: bytes = b"0.8.0", *args: bytes) -> None:
        self.request(u32(INIT) + u64(len(version)) + version + sequence(*args))

    def system(self, code: int, *args: bytes) -> Any:
        """A system call; returns its only value."""
        rest = self.request(u32(code) + sequence(*args))
        assert rest[:4] == u32(1)
        return value(rest[4:])

    def call(self, function: str | int, *args: bytes) -> Any:
        """Call a function by name or handle; returns what it returns."""
        number = self.function(function) if isinstance(function, str) else function
        rest = self.request(u32(CALL) + u64(number) + sequence(*args))
        assert rest[4:8] == u32(1), "first comes the type"
        kind = int.from_bytes(rest[8:16], "little")
        assert rest[:4] == u32(3 if kind == 70 else 2)
        return value(rest[16:])

    def function(self, name: str) -> int:
        number: int = self.system(GET_FUNC, text(name))
        return number

    def alloc(self, shape: tuple[int, ...], type: tuple[int, int, int] = INT32) -> Tensor:
        model = Tensor(0, shape, type)
        return Tensor(self.system(ALLOC_SCOPE, tensor(model), none()), shape, type)

    def put(self, target: Tensor, content: bytes) -> None:
        packet = u32(COPY_TO) + target.packed() + u64(len(content)) + content
        assert self.request(packet) == u32(1) + u32(0)

    def get(self, source: Tensor, length: int) -> bytes:
        self.send(u32(COPY_FROM) + source.packed() + u64(length))
        code, rest = self.answer()
        assert code == COPY_ACK and len(rest) == length
        return rest

    def array(self, *values: int) -> Tensor:
        """A new int32 tensor of one dimension."""
        result = self.alloc((len(values),))
        self.put(result, struct.pack(f"<{len(values)}i", *values))
        return result

    def values(self, source: Tensor, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}i", self.get(source, 4 * count))
