# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Record a link in a file, to read and to play back.

One JSON object per line: `t` (seconds since the first), `way` ("in" from the board, "out" to it),
`data` (hex).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from zephyr_counters.errors import LinkError, LinkTimeout
from zephyr_counters.link.transports.transport import BoardGone, Closing, Transport
from zephyr_counters.link.transports.wrapper import Wrapper
from zephyr_counters.link.wire.framing import Packet, Unframer
from zephyr_counters.link.wire.session import HEADER_BYTES, Type
from zephyr_counters.rpc.packet import code_of, name_of


@dataclass(frozen=True)
class Entry:
    """Bytes that were read or written at once."""

    t: float
    way: str
    data: bytes


class Recorder(Wrapper):
    """Writes down the bytes that pass.

    Args:
        inner: the transport.
        path: file to write, from the first byte that passes.
    """

    def __init__(self, inner: Transport, path: str | os.PathLike[str]) -> None:
        super().__init__(inner)
        self.path = Path(path)
        self._file: IO[str] | None = None
        self._begin = 0.0

    def read(self, n: int, timeout: float) -> bytes:
        """Delegates to the wrapped transport."""
        data = self.inner.read(n, timeout)
        self._note("in", data)
        return data

    def write(self, data: bytes, timeout: float) -> None:
        """Delegates to the wrapped transport."""
        self._note("out", data)
        self.inner.write(data, timeout)

    def close(self) -> None:
        """Close the file and the wrapped transport."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self.inner.close()

    def _note(self, way: str, data: bytes) -> None:
        # Opened late, so that a process that inherits the transport opens it and no other.
        if self._file is None:
            self._file = self.path.open("w", encoding="ascii")
            self._begin = time.monotonic()
        line = {"t": round(time.monotonic() - self._begin, 6), "way": way, "data": data.hex()}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()


def read_log(path: str | os.PathLike[str]) -> list[Entry]:
    """Return what a Recorder wrote; a last line that is cut short is left out.

    Raises:
        LinkError: it cannot be read, or is no such file.
    """
    entries: list[Entry] = []
    try:
        lines = Path(path).read_text("ascii").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise LinkError(f"{path}: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.endswith("\n"):
            break
        try:
            item = json.loads(line)
            entry = Entry(float(item["t"]), item["way"], bytes.fromhex(item["data"]))
            if entry.way not in ("in", "out"):
                raise ValueError(entry.way)
        except (ValueError, KeyError, TypeError) as error:
            raise LinkError(f"{path}:{number}: no record of a link: {error}") from error
        entries.append(entry)
    return entries


class Player(Closing):
    """Plays the board's part of a log: what it sent comes once what it answered has been written.

    Bytes written have to be those of the log, so the same nonces have to be used.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name = str(path)
        self._entries = read_log(path)
        self._in = bytearray()
        self._out = bytearray()
        self._at = 0
        self._ready, self._wake = os.pipe()
        self._advance()

    def fileno(self) -> int:
        """Readable while the board's part has more to say, and at the end."""
        return self._ready

    def read(self, n: int, timeout: float) -> bytes:
        """See Transport.read()."""
        if not self._in:
            if self._at == len(self._entries) and not self._out:
                raise BoardGone(self.name)
            time.sleep(timeout)
            raise LinkTimeout(f"{self.name}: nothing came in {timeout:g} s")
        data = bytes(self._in[:n])
        del self._in[:n]
        self._advance()
        return data

    def write(self, data: bytes, timeout: float) -> None:
        """See Transport.write(); LinkError if the log has other bytes there."""
        if bytes(self._out[: len(data)]) != data:
            raise LinkError(
                f"{self.name}: {data.hex()} was to be sent, the log has {self._out.hex() or 'none'}"
            )
        del self._out[: len(data)]
        self._advance()

    def close(self) -> None:
        """Close what is waited on."""
        if self._ready >= 0:
            os.close(self._ready)
            os.close(self._wake)
            self._ready = self._wake = -1

    def _advance(self) -> None:
        """Take entries while they are of the part whose turn it is; show whether to read."""
        entries = self._entries
        if not self._out:
            while self._at < len(entries) and entries[self._at].way == "in":
                self._in += entries[self._at].data
                self._at += 1
            while self._at < len(entries) and entries[self._at].way == "out":
                self._out += entries[self._at].data
                self._at += 1
        wanted = bool(self._in) or (self._at == len(entries) and not self._out)
        if wanted != getattr(self, "_shown", False):
            self._shown = wanted
            if wanted:
                os.write(self._wake, b"!")
            else:
                os.read(self._ready, 1)


def explain(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield a line for each frame and each stray byte of a log, for people to read."""
    ends = {"in": Unframer(), "out": Unframer()}
    for entry in entries:
        end, arrow = ends[entry.way], "<-" if entry.way == "in" else "->"
        before = end.stray
        for item in end.feed(entry.data):
            text = _told(item.payload) if isinstance(item, Packet) else f"bad {item.reason.value}"
            yield f"{entry.t:10.6f} {arrow} {text}"
        if end.stray != before:
            yield f"{entry.t:10.6f} {arrow} {end.stray - before} bytes outside of frames"


def _told(payload: bytes) -> str:
    if len(payload) < HEADER_BYTES:
        return f"{len(payload)} bytes, too short for a message"
    session, kind, body = payload[:2].hex(), payload[2], payload[HEADER_BYTES:]
    name = Type(kind).name.lower() if kind in list(Type) else f"type {kind}"
    if kind == Type.LOG:
        return f"{session} {name} {body.decode('utf-8', 'replace')!r}"
    if kind == Type.NORMAL and code_of(body) >= 0:
        return f"{session} {name} {name_of(body)}, {len(body)} bytes"
    return f"{session} {name} {body.hex()}"
