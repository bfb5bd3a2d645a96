# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A bridge in a process of its own.

TVM's client runs in the caller's process, and frees remote objects while it holds Python's global
lock (tvm_ffi's __dealloc__): a bridge in a thread there could not answer, and both would hang.

The child inherits the transport's descriptor. Standard input brings a pickled `_Config`, and then a
float64 for each time that the wire's counts are wanted: the time-out of calls from now on, in
seconds; or one below 0, to hang up. At its end the child exits. Standard output brings one JSON
object a line.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from zephyr_counters import processes
from zephyr_counters.errors import LinkError, LinkTimeout
from zephyr_counters.link.transports.transport import Closing, Transport
from zephyr_counters.link.transports.wrapper import shareable
from zephyr_counters.rpc.bridge import Bridge, Timeouts

_SIZE = struct.Struct("<I")
_SECONDS = struct.Struct("<d")
_BOARD_LOG = logging.getLogger("board")
_HANG_UP = -1.0
_PARENT_S = 10.0


@dataclass(frozen=True)
class _Config:
    transport: Transport
    key: str
    timeouts: Timeouts


class BridgeProcess(Closing):
    """Runs a Bridge on a loopback port; has the attributes of one that a client needs.

    Args:
        transport: with a descriptor; nobody else may read it meanwhile. Stays its owner's to close.
        key: clients connect with this key.
        timeouts: seconds to wait for the board.
        on_log: called in a thread with each line that the board logs; logger "board" otherwise.

    Raises:
        LinkError: the transport cannot be given to another process, or the process does not start.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        key: str,
        timeouts: Timeouts | None = None,
        on_log: Callable[[str], None] | None = None,
    ) -> None:
        self.host = "127.0.0.1"
        self.key = key
        self.timeouts = timeouts or Timeouts()
        self._on_log = on_log or _BOARD_LOG.info
        self._counts: queue.Queue[tuple[int, int]] = queue.Queue()
        self._lock = threading.Lock()
        config = pickle.dumps(_Config(shareable(transport), key, self.timeouts))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "zephyr_counters.rpc.bridge_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(transport.fileno(),),
            start_new_session=True,  # Ctrl-C is the parent's to handle
            env=_environment(),
        )
        try:
            self._tell(_SIZE.pack(len(config)) + config)
            first = self._hear()
        except (OSError, ValueError) as error:
            self.close()
            raise LinkError("the bridge process does not start") from error
        self.port: int = first["port"]
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def bytes_in(self) -> int:
        """Bytes that came from the board, on the wire."""
        return self.counts()[0]

    @property
    def bytes_out(self) -> int:
        """Bytes that went to the board, on the wire."""
        return self.counts()[1]

    def counts(self) -> tuple[int, int]:
        """Return bytes from and to the board, on the wire.

        Raises:
            LinkError: the bridge process is gone.
        """
        with self._lock:
            try:
                self._tell(_SECONDS.pack(self.timeouts.call))
                return self._counts.get(timeout=_PARENT_S)
            except (OSError, ValueError) as error:
                raise LinkError("the bridge process is gone") from error
            except queue.Empty:
                raise LinkTimeout("the bridge process does not answer") from None

    def set_call_timeout(self, seconds: float) -> None:
        """Wait so long for each answer from the next call on.

        Raises:
            LinkError: the bridge process is gone.
        """
        self.timeouts = replace(self.timeouts, call=seconds)
        self.counts()

    def hang_up(self) -> None:
        """Cut off the client, which need not wait for its answer any more."""
        with self._lock, suppress(OSError, ValueError):
            self._tell(_SECONDS.pack(_HANG_UP))

    def close(self) -> None:
        """End the process; a client that is connected is cut off."""
        process = self._process
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        processes.end(process, _PARENT_S / 2)
        if process.stdout is not None and self._reader_done():
            process.stdout.close()

    def _reader_done(self) -> bool:
        reader = getattr(self, "_reader", None)
        if reader is not None:
            reader.join(_PARENT_S)
        return True

    def _tell(self, data: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(data)
        stdin.flush()

    def _hear(self) -> dict[str, Any]:
        stdout = self._process.stdout
        assert stdout is not None
        line: dict[str, Any] = json.loads(stdout.readline())
        return line

    def _read(self) -> None:
        while True:
            try:
                line = self._hear()
            except ValueError:
                return
            if "log" in line:
                self._on_log(line["log"])
            elif "counts" in line:
                self._counts.put(tuple(line["counts"]))


def _environment() -> dict[str, str]:
    """Let the child import what this process can, as the transport may be of any module."""
    source = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([source, *filter(None, sys.path)])}


def _serve(stdin: IO[bytes], out: int) -> None:
    """Do the child's work until standard input ends."""
    os.set_blocking(out, False)
    config: _Config = pickle.loads(stdin.read(_SIZE.unpack(stdin.read(_SIZE.size))[0]))

    def say(line: dict[str, Any]) -> None:
        # A parent that does not read now, perhaps because it waits for us, misses the line.
        with suppress(OSError):
            os.write(out, json.dumps(line).encode() + b"\n")

    bridge = Bridge(
        config.transport,
        key=config.key,
        timeouts=config.timeouts,
        on_log=lambda text: say({"log": text[:1000]}),
    )
    with bridge:
        say({"port": bridge.port})
        while len(data := stdin.read(_SECONDS.size)) == _SECONDS.size:
            seconds: float = _SECONDS.unpack(data)[0]
            if seconds < 0:
                bridge.hang_up()
                continue
            bridge.timeouts = replace(bridge.timeouts, call=seconds)
            say({"counts": [bridge.bytes_in, bridge.bytes_out]})


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.fileno())
