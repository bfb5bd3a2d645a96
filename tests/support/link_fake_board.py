# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A board that is no board: a TVM RPC server of a few functions, some of which misbehave.

Runs as a program on an inherited descriptor, so that TVM's client can live in the test's process:
`python link_fake_board.py FD`.
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


class FakeBoard:
    """Serves until the other end is gone."""

    def __init__(self, fd: int) -> None:
        self.transport = FdTransport(fd, "fake")
        self.session = Session()
        self.calls = 0
        self.names: list[str] = []
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
        if reply is not None:
            self.send(self.session.message(reply))

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
    FakeBoard(int(sys.argv[1])).run()
