# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The board's stream: starts what runs the firmware, and ends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from zephyr_counters.project_api import console
from zephyr_counters.project_api.boards import Board
from zephyr_counters.project_api.errors import ServerError, TransportClosedError
from zephyr_counters.project_api.options import Value
from zephyr_counters.project_api.process import Child
from zephyr_counters.project_api.stream import Stream

_T = TypeVar("_T")


class Transport:
    """At most one open stream.

    The port itself is opened at the first read() or write(): a client that opens the path in
    open()'s reply itself has it alone.

    Args:
        check: called now and then while waiting; what it raises ends the wait.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self._child: Child | None = None
        self._path: str | None = None
        self._baudrate = 0
        self._stream: Stream | None = None

    def open(self, board: Board, home: Path, values: dict[str, Value]) -> dict[str, Any]:
        """Start the board; kind, path and baudrate of its stream.

        Raises:
            ServerError: it is open already, or does not start.
        """
        if self._path is not None:
            raise ServerError("the transport is open already", "close it first")
        self._baudrate = int(values.get("baudrate", board.console["baudrate"]))
        self._child, self._path = console.start(board, home, values, self._check)
        return {"kind": "serial", "path": self._path, "baudrate": self._baudrate}

    def close(self) -> dict[str, Any]:
        """End it; harmless if it is not open. How the firmware ended by itself, if it did."""
        result: dict[str, Any] = {"ended": None, "output": []}
        stream, self._stream = self._stream, None
        child, self._child = self._child, None
        path, self._path = self._path, None
        if stream:
            stream.close()
        if child:
            ended = child.exit_code is not None
            child.stop()
            output = [line for line in child.output if line != path]
            result = {"ended": child.ending() if ended else None, "output": output}
        return result

    def read(self, n: int, timeout: float | None) -> bytes:
        """See Stream.read()."""
        return self._io(lambda stream: stream.read(n, timeout))

    def write(self, data: bytes, timeout: float | None) -> None:
        """See Stream.write()."""
        self._io(lambda stream: stream.write(data, timeout))

    def _io(self, work: Callable[[Stream], _T]) -> _T:
        if self._path is None:
            raise TransportClosedError("the transport is not open")
        try:
            if self._stream is None:
                self._stream = Stream(self._path, self._baudrate, self._check)
            return work(self._stream)
        except TransportClosedError as error:
            if self._child and self._child.settled():
                detail = "\n".join(self._child.output)
                raise TransportClosedError(self._child.ending(), None, detail) from error
            raise
