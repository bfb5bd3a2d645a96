# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Fuzz what the host reads from strangers: boards, clients, trackers, archives, projects, models.

`python tests/support/fuzz_host.py TARGET [--seconds N] [--seed N]` mutates right inputs of one
target. A finding is an exception that is not one of this package's, a case that takes more than
CASE_SECONDS, or the end of the process; the input is written to build/fuzz-host.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import io
import json
import logging
import random
import socket
import struct
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import link_fake_board as hostile
import onnx_models
from fake_sources import REPOSITORY, make_archive, make_metadata
from models import SHARED
from onnx import helper
from zephyr_counters.compile.pipeline import import_model
from zephyr_counters.compile.source import Source
from zephyr_counters.errors import ZephyrCountersError
from zephyr_counters.formats import model_metadata, project, tar
from zephyr_counters.formats.model_archive import ModelArchive
from zephyr_counters.link.transports.tcp import SocketTransport
from zephyr_counters.link.wire.session import Session
from zephyr_counters.project_api.library_format import KIND, Library
from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.border import Border, Refused
from zephyr_counters.rpc.channel import Channel
from zephyr_counters.rpc.connection import Client, ClientGone, PacketTooLarge
from zephyr_counters.rpc.packet import Code
from zephyr_counters.rpc.tracker import Tracker

CASE_SECONDS = 10.0
FOUND = REPOSITORY / "build" / "fuzz-host"
_WAIT_S = 0.02
_NESTED = 100_000


@dataclass(frozen=True)
class Target:
    """Something that reads bytes of a stranger.

    Attributes:
        seeds: makes right inputs.
        run: reads one; raises what is in `allowed` at the most.
        allowed: how it may refuse.
    """

    seeds: Callable[[], list[bytes]]
    run: Callable[[bytes, random.Random], None]
    allowed: tuple[type[Exception], ...] = (ZephyrCountersError,)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Change a few bytes, cut, repeat, or insert deep nesting."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(made) + 1)
        kind = rng.randrange(8)
        if kind < 3 and made:
            made[at % len(made)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        elif kind == 3:
            made[at : at + 4] = struct.pack("<i", rng.choice((-1, 0, 1, 2**31 - 1, -(2**31), 64)))
        elif kind == 4:
            del made[at : at + rng.choice((1, 4, 64, 4096))]
        elif kind == 5:
            made[at:at] = made[at : at + rng.choice((1, 8, 512))]
        elif kind == 6 and rng.random() < 0.2:
            del made[at:]
        elif kind == 7 and rng.random() < 0.05:
            made[at:at] = rng.choice((b"[", b'{"a":', b"\x0a\xff\x7f")) * _NESTED
    return bytes(made)


REQUESTS = [
    rpc_packet.init_server(),
    rpc_packet.get_global("model.info"),
    rpc_packet.call(7),
    rpc_packet.packet(Code.COPY_FROM_REMOTE, hostile.tensor(1, (4,))[4:] + struct.pack("<Q", 16)),
    rpc_packet.packet(Code.ALLOC_DATA),
    rpc_packet.packet(Code.STREAM_SYNC),
]


def answers() -> list[bytes]:
    """Packets of boards, wrong ones among them."""
    return [*hostile.HOSTILE.values(), hostile.VOID, hostile.number(4)]


def border(data: bytes, rng: random.Random) -> None:
    """A packet passes only as an answer."""
    passed = Border().admit(rng.choice(REQUESTS), data)
    assert rpc_packet.code_of(passed) in (Code.RETURN, Code.EXCEPTION, Code.COPY_ACK)


NONCE = 2
"""Of the session that the channel asks for first."""


def started() -> tuple[Session, bytes]:
    """A board's session, and what it sent to start it."""
    host, board = Session(), Session()
    _, reply = board.feed(host.initialize(NONCE) + host.start())
    return board, reply


def lines() -> list[bytes]:
    """What a board sends: the start of a session, and answers in frames."""
    made = []
    for answer in answers():
        session, reply = started()
        made.append(reply + session.message(answer))
    return made


START = started()[1]


class Answering(SocketTransport):
    """A line whose other end sends `answer` once a question has been written."""

    answer = b""
    other: socket.socket

    def write(self, data: bytes, timeout: float) -> None:
        """Write, and let the other end answer."""
        super().write(data, timeout)
        answer, self.answer = self.answer, b""
        self.other.sendall(answer)


def board(data: bytes, rng: random.Random) -> None:
    """The bridge's end of a line with a hostile board."""
    ours, theirs = socket.socketpair()
    with theirs, contextlib.closing(Answering(ours, "board")) as transport:
        transport.other = theirs
        channel = Channel(transport, lambda line: None, frame_timeout=_WAIT_S, nonce=1)
        # The start of the session is as it was, or mutated too.
        right = rng.random() < 0.8
        begin, rest = (START, data[len(START) :]) if right else (data, data)
        transport.answer = begin[:65536]
        with contextlib.suppress(ZephyrCountersError):
            channel.open(_WAIT_S)
        transport.answer = rest[:65536]
        channel.ask(rng.choice(REQUESTS), _WAIT_S)


def clients() -> list[bytes]:
    """What a client sends: the handshake, then packets."""
    key = b"client:key -timeout=1"
    hello = struct.pack("<ii", rpc_packet.MAGIC, len(key)) + key
    return [hello + b"".join(REQUESTS), hello]


def client(data: bytes, rng: random.Random) -> None:
    """The bridge's end of a connection with a hostile client."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
    with theirs:
        theirs.sendall(data[:65536])
        theirs.shutdown(socket.SHUT_WR)
        connection = Client(ours, "client")
        try:
            if connection.handshake(("key",), "key", _WAIT_S):
                _ = connection.session_limit
                for _ in range(8):
                    connection.packet(4096, _WAIT_S)
        finally:
            connection.hang_up(_WAIT_S)


def trackers() -> list[bytes]:
    """What a tracker answers to a greeting, an offer and a question."""

    def message(value: object) -> bytes:
        text = json.dumps(value).encode()
        return struct.pack("<i", len(text)) + text

    good = struct.pack("<i", 0x2F271) + message(0) + message(0) + message(["key:0.5"])
    return [good, good[:4] + message(0) + message({"a": None}) + message([[]])]


def tracker(data: bytes, rng: random.Random) -> None:
    """A server's end of a connection with a hostile tracker."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            peer, _ = listener.accept()
            with peer, contextlib.suppress(OSError):
                peer.sendall(data)
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(4096):
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            with Tracker(listener.getsockname(), "key", (None, 9090), timeout=1.0) as made:
                made.next_match()
                made.offer()
                made.pending()
        finally:
            thread.join()


def archives() -> list[bytes]:
    """Model archives, as they are and compressed; one of TVM 0.18."""
    with tempfile.TemporaryDirectory() as folder:
        plain = make_archive(Path(folder) / "m.tar").read_bytes()
        packed = make_archive(Path(folder) / "m.tar.gz").read_bytes()
    return [plain, packed, plain[:4096]]


def archive(data: bytes, rng: random.Random) -> None:
    """A file that is said to be a model archive."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        path = Path(file.name)
        rng.choice((ModelArchive.open, lambda one: Library.of(one, tar.read(one, KIND))))(path)


def metadata(data: bytes, rng: random.Random) -> None:
    """metadata.json of both kinds of archive, and project.json."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / project.FILE).write_bytes(data)
        with contextlib.suppress(ZephyrCountersError):
            project.load(Path(folder))
    files = {"metadata.json": data, "codegen/host/src/lib0.c": b""}
    with contextlib.suppress(ZephyrCountersError):
        Library.of(Path("m.tar"), files)
    model_metadata.fields(model_metadata.parse(data))


def descriptions() -> list[bytes]:
    """The JSON files that the host reads."""
    library = {
        "version": 7,
        "modules": {"m": {"executors": ["aot"], "memory": {"functions": {"main": [{}]}}}},
    }
    archive = {"file": "model.tar", "sha256": "0"}
    made = {"format": project.FORMAT, "board": "posix", "options": {}, "archive": archive}
    return [json.dumps(one).encode() for one in (make_metadata(), library, made)]


def model(name: str) -> Callable[[bytes, random.Random], None]:
    """A model file of that name."""

    def run(data: bytes, rng: random.Random) -> None:
        if data:
            import_model(Source(Path(name), data))

    return run


def onnx_seeds() -> list[bytes]:
    """Small ONNX files."""

    quantized = REPOSITORY / "examples" / "digits" / "digits_int8.onnx"
    plain = onnx_models.model(
        [helper.make_node("Relu", ["x"], ["y"])],
        [("x", onnx_models.FLOAT, [1, 4])],
        [("y", onnx_models.FLOAT, [1, 4])],
    )
    return [plain.SerializeToString(), quantized.read_bytes()]


def tflite_seeds() -> list[bytes]:
    """A TFLite file, where there is one."""
    return [path.read_bytes() for path in sorted((SHARED / "models").glob("kws*.tflite"))]


TARGETS = {
    "border": Target(answers, border, (Refused,)),
    "board": Target(lines, board),
    "client": Target(clients, client, (ClientGone, PacketTooLarge)),
    "tracker": Target(trackers, tracker),
    "archive": Target(archives, archive),
    "metadata": Target(descriptions, metadata),
    "onnx": Target(onnx_seeds, model("m.onnx")),
    "tflite": Target(tflite_seeds, model("m.tflite")),
}


def fuzz(name: str, seconds: float, seed: int) -> int:
    """Run one target for so long; how many inputs it read. The first finding is raised."""
    target, rng = TARGETS[name], random.Random(seed)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    seeds = target.seeds()
    FOUND.mkdir(parents=True, exist_ok=True)
    case = FOUND / f"{name}-{seed}"
    runs, end = 0, time.monotonic() + seconds
    while seeds and time.monotonic() < end:
        data = mutated(rng.choice(seeds), rng)
        # It stays if the process ends.
        case.write_bytes(data)
        faulthandler.dump_traceback_later(CASE_SECONDS, exit=True)
        with contextlib.suppress(*target.allowed), contextlib.redirect_stderr(io.StringIO()):
            target.run(data, rng)
        faulthandler.cancel_dump_traceback_later()
        runs += 1
    case.unlink(missing_ok=True)
    return runs


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    given = parser.parse_args()
    print(f"{given.target}, seed {given.seed}: ", end="", flush=True)
    print(f"{fuzz(given.target, given.seconds, given.seed)} inputs")
    sys.exit(0)
