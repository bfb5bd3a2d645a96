# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A board that is no board: a TVM RPC server of a few functions, some of which misbehave.

Runs as a program on an inherited descriptor, so that TVM's client can live in the test's process:
`python link_fake_board.py FD`. It prints "ready" when it can answer.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Callable

from zephyr_counters.errors import LinkError
from zephyr_counters.link.transports.descriptor import FdTransport
from zephyr_counters.link.wire.session import Message, Session
from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.packet import Code

MAX_PACKET = 1024


def returned(*pairs: tuple[int, int]) -> bytes:
    """Return a return packet of integers and handles: (type, value)."""
    values = b"".join(struct.pack("<iq", kind, value) for kind, value in pairs)
    return rpc_packet.packet(Code.RETURN, struct.pack("<i", len(pairs)) + values)


VOID = rpc_packet.packet(Code.RETURN, struct.pack("<ii", 1, 0))


def number(value: int) -> bytes:
    """Return what a function that returns `value` answers."""
    return returned((1, 1), (1, value))


def text(kind: int, data: bytes, size: int | None = None) -> bytes:
    """Return a value that is text or bytes, whatever `size` says."""
    return struct.pack("<iQ", kind, len(data) if size is None else size) + data


def tensor(ndim: int, shape: tuple[int, ...], code: int = 0) -> bytes:
    """Return a value that is a tensor of int32 on the CPU."""
    head = struct.pack("<iQiii", 7, 4096, 1, 0, ndim) + struct.pack("<BBH", code, 32, 1)
    return head + struct.pack(f"<{len(shape)}q", *shape) + struct.pack("<Q", 0)


def values(count: int, *items: bytes) -> bytes:
    """Return a return packet that says it has `count` values."""
    return rpc_packet.packet(Code.RETURN, struct.pack("<i", count) + b"".join(items))


def integer(kind: int, value: int) -> bytes:
    """Return a value of eight bytes."""
    return struct.pack("<iq", kind, value)


HOSTILE: dict[str, bytes] = {
    "void": VOID,
    "void call": values(2, integer(1, 0), struct.pack("<i", 0)),
    "ack 0": rpc_packet.packet(Code.COPY_ACK),
    "ack 16": rpc_packet.packet(Code.COPY_ACK, b"k" * 16),
    "ack 500": rpc_packet.packet(Code.COPY_ACK, b"k" * 500),
    "exception": rpc_packet.exception("LinkError: not from the link \x1b[31m"),
    "exception without text": rpc_packet.packet(Code.EXCEPTION, struct.pack("<i", 0)),
    "exception of a number": rpc_packet.packet(
        Code.EXCEPTION, struct.pack("<i", 1) + integer(1, 5)
    ),
    "exception cut": rpc_packet.packet(
        Code.EXCEPTION, struct.pack("<i", 1) + text(8, b"x", 1 << 40)
    ),
    "handle": values(1, integer(4, 4096)),
    "null": values(1, integer(4, 0)),
    "number": number(5),
    "unknown type": values(1, integer(10, 0)),
    "object": values(1, integer(1094795585, 0)),
    "object returned": values(2, integer(1, 1094795585), integer(4, 9)),
    "unknown type returned": values(2, integer(1, 10), integer(4, 9)),
    "module returned": values(2, integer(1, 73), integer(4, 9)),
    "null function returned": values(2, integer(1, 68), integer(4, 0)),
    "bytes that are a number": values(2, integer(1, 66), integer(1, 9)),
    "many values": values(1 << 30),
    "negative values": values(-1),
    "long text": values(1, text(8, b"x" * 100)),
    "endless text": values(1, text(8, b"x" * 100, 1 << 62)),
    "small text": values(1, integer(11, 0)),
    "many dimensions": values(3, integer(1, 70), tensor(1 << 20, ()), integer(4, 9)),
    "huge tensor": values(3, integer(1, 70), tensor(2, (1 << 40, 1 << 40)), integer(4, 9)),
    "negative tensor": values(3, integer(1, 70), tensor(1, (-4,)), integer(4, 9)),
    "handles of its own": values(3, integer(1, 70), tensor(1, (4,), code=3), integer(4, 9)),
    "trailing bytes": values(1, struct.pack("<i", 0))[:-4] + struct.pack("<iq", 0, 0),
    "shutdown": rpc_packet.packet(Code.SHUTDOWN),
    "init_server": rpc_packet.init_server(),
    "get_global_func": rpc_packet.get_global("ffi.ModuleLoadFromFile"),
    "call_func": rpc_packet.packet(Code.CALL_FUNC, struct.pack("<Qi", 1, 0)),
    "copy_from_remote": rpc_packet.packet(
        Code.COPY_FROM_REMOTE, tensor(1, (4,))[4:] + struct.pack("<Q", 16)
    ),
    "free_handle": rpc_packet.free_handle(4096),
    "unknown code": rpc_packet.packet(Code.RETURN)[:8] + struct.pack("<i", 77),
    "no code": struct.pack("<Q", 0),
    "half a code": struct.pack("<Q", 2) + b"\4\0",
}
"""What a board may send instead of an answer, by name."""
KINDS = tuple(HOSTILE)


class FakeBoard:
    """Serves until the other end is gone."""

    def __init__(self, fd: int) -> None:
        self.transport = FdTransport(fd, "fake")
        self.session = Session()
        self.calls = 0
        self.names: list[str] = []
        self.armed: tuple[int, int] | None = None
        self.functions: dict[str, Callable[[list[int]], bytes | None]] = {
            "tvm.rpc.server.GetCRTMaxPacketSize": lambda args: number(MAX_PACKET),
            "add": lambda args: number(sum(args)),
            "count": self.count,
            "fail": lambda args: rpc_packet.exception("fail: on purpose"),
            "sleep": self.sleep,
            "silent": lambda args: None,
            "twice": lambda args: number(1) + number(2),
            "again": self.again,
            "reset": self.reset,
            "log": self.log,
            "bad_frame": self.bad_frame,
            "device_error": lambda args: rpc_packet.exception("zc-error 24 7 npu"),
            "corrupt": self.corrupt,
            "half": self.half,
            "noise": self.noise,
            "pieces": self.pieces,
            "die": lambda args: os._exit(0),
            "die_halfway": self.die_halfway,
            "arm": self.arm,
            "huge": lambda args: struct.pack("<Q", 1 << 60) + b"1234",
        }

    def send(self, data: bytes) -> None:
        """Send raw bytes."""
        self.transport.write(data, 10)

    def run(self) -> None:
        """Serve."""
        self.send(self.session.initialize(os.urandom(1)[0]))
        while True:
            try:
                data = self.transport.read(1 << 16, 3600)
            except LinkError:
                return
            events, answer = self.session.feed(data)
            if answer:
                self.send(answer)
            for event in events:
                if isinstance(event, Message):
                    self.handle(event.body)

    def handle(self, packet: bytes) -> None:
        """Answer one packet."""
        code = rpc_packet.code_of(packet)
        rest = packet[12:]
        reply: bytes | None = VOID
        if code == Code.GET_GLOBAL_FUNC:
            name = rest[16:].decode()
            if name not in self.functions:
                reply = rpc_packet.exception(f"no such function: {name}")
            else:
                self.names.append(name)
                reply = returned((4, len(self.names)))
        elif code == Code.CALL_FUNC:
            handle, count = struct.unpack_from("<Qi", rest)
            args = [struct.unpack_from("<iq", rest, 12 + 12 * i)[1] for i in range(count)]
            self.calls += 1
            reply = self.functions[self.names[handle - 1]](args)
        elif code in (Code.ALLOC_DATA, Code.ALLOC_DATA_WITH_SCOPE):
            reply = returned((4, 4096))
        elif code == Code.COPY_FROM_REMOTE:
            reply = rpc_packet.packet(Code.COPY_ACK, bytes(struct.unpack("<Q", packet[-8:])[0]))
        if self.armed is not None and self.armed[0] == code and self.armed[1] >= 0:
            reply, self.armed = HOSTILE[KINDS[self.armed[1]]], None
        elif self.armed is not None and self.armed[1] < 0:
            self.armed = (self.armed[0], -1 - self.armed[1])
        if reply is not None:
            self.send(self.session.message(reply))

    def arm(self, args: list[int]) -> bytes:
        """Answer the next request of code args[0] with KINDS[args[1]]."""
        self.armed = (args[0], -1 - args[1])  # not this one
        return number(0)

    def count(self, args: list[int]) -> bytes:
        """How many calls there were."""
        return number(self.calls)

    def sleep(self, args: list[int]) -> bytes:
        """Milliseconds."""
        time.sleep(args[0] / 1000)
        return number(args[0])

    def again(self, args: list[int]) -> bytes:
        """Answer, and answer again."""
        self.send(self.session.message(number(1)))
        return number(2)

    def reset(self, args: list[int]) -> None:
        """As after a reset."""
        self.session.framer.reset()
        self.send(self.session.initialize(7))

    def log(self, args: list[int]) -> bytes:
        """Some lines."""
        for line in range(args[0]):
            self.send(self.session.log(b"line %d" % line))
        return number(0)

    def bad_frame(self, args: list[int]) -> None:
        """Say that the request was damaged."""
        self.send(self.session.log(b"zc-error 3 0"))

    def corrupt(self, args: list[int]) -> None:
        """An answer with one bit wrong."""
        frame = bytearray(self.session.message(number(5)))
        frame[-5] ^= 1
        self.send(bytes(frame))

    def half(self, args: list[int]) -> None:
        """Stop in the middle of a frame."""
        self.send(self.session.message(number(5))[:-6])

    def noise(self, args: list[int]) -> bytes:
        """Text outside of frames, as from printk, then the answer."""
        self.send(b"*** Booting Zephyr OS ***\r\n")
        return number(9)

    def pieces(self, args: list[int]) -> None:
        """One packet in several messages and many reads."""
        reply = number(11)
        for part in (reply[:3], reply[3:20], reply[20:]):
            for byte in self.session.message(part):
                self.send(bytes([byte]))

    def die_halfway(self, args: list[int]) -> None:
        """End in the middle of an answer."""
        self.send(self.session.message(number(5))[:9])
        os._exit(0)


if __name__ == "__main__":
    board = FakeBoard(int(sys.argv[1]))
    print("ready", flush=True)
    board.run()
