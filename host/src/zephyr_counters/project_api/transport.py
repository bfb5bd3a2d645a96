# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The board's stream: starts what runs the firmware, finds the stream, and ends both."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from zephyr_counters.errors import LinkError, LinkTimeout, ProjectError
from zephyr_counters.formats.board import Board
from zephyr_counters.formats.extension import Extension
from zephyr_counters.formats.options import Value
from zephyr_counters.link import transports
from zephyr_counters.link.transports.descriptor import FdTransport
from zephyr_counters.processes import Child, LineWaiter

_T = TypeVar("_T")
_FOR_EVER_S = 1e9


class Transport:
    """At most one open stream.

    The stream is connected at the first read() or write(): a client that connects to the one in
    open()'s reply itself has it to itself.

    Args:
        check: called now and then while waiting; what it raises ends the wait.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self._child: Child | None = None
        self._kind: transports.Kind | None = None
        self._stream: dict[str, Any] = {}
        self._connection: FdTransport | None = None

    def open(
        self,
        board: Board,
        project: Path,
        values: Mapping[str, Value],
        extensions: Mapping[str, Extension],
    ) -> dict[str, Any]:
        """Start the board, and find its stream; returns what connect() of its kind needs.

        Raises:
            ProjectError: it is open already, does not start, or has no such stream.
            UsageError: an option is missing or not acceptable.
        """
        if self._kind is not None:
            raise ProjectError("the transport is open already", "close it first")
        kind = transports.get(board.transport, extensions)
        child, announced = _start(board, project, values, self._check)
        try:
            self._stream = transports.locate(kind, board, values, announced)
        except BaseException:
            if child:
                child.stop()
            raise
        self._child, self._kind = child, kind
        return self._stream

    def close(self) -> dict[str, Any]:
        """End it; may be called more than once. How the firmware ended by itself, if it did."""
        result: dict[str, Any] = {"ended": None, "output": []}
        connection, self._connection = self._connection, None
        child, self._child = self._child, None
        self._kind = None
        if connection:
            connection.close()
        if child:
            ended = child.exit_code is not None
            child.stop()
            path = self._stream.get("path")
            output = [line for line in child.output if line != path]
            result = {"ended": child.ending() if ended else None, "output": output}
        return result

    def read(self, n: int, timeout: float | None) -> bytes:
        """1..n bytes as soon as there are any; `timeout` in seconds, None waits for ever."""
        return self._io(lambda stream: stream.read(n, _seconds(timeout)))

    def write(self, data: bytes, timeout: float | None) -> None:
        """Write all of `data`; `timeout` in seconds, None waits for ever."""
        self._io(lambda stream: stream.write(data, _seconds(timeout)))

    def _io(self, work: Callable[[FdTransport], _T]) -> _T:
        if self._kind is None:
            raise LinkError("the transport is not open")
        if self._connection is None:
            self._connection = _connect(self._kind, self._stream)
            self._connection.on_wait = self._check
        try:
            return work(self._connection)
        except LinkTimeout:
            raise
        except LinkError as error:
            if self._child and self._child.settled():
                detail = "\n".join(self._child.output)
                raise LinkError(self._child.ending(), None, detail) from error
            raise


def _seconds(timeout: float | None) -> float:
    return _FOR_EVER_S if timeout is None else timeout


def _connect(kind: transports.Kind, stream: Mapping[str, Any]) -> FdTransport:
    """Connect; TVM's client must not take a failure for a transport that was closed."""
    try:
        return transports.connect(kind, stream)
    except LinkError as error:
        raise ProjectError(error.what, error.hint) from error


def _start(
    board: Board, project: Path, values: Mapping[str, Value], check: Callable[[], None]
) -> tuple[Child | None, Callable[[], str]]:
    """Start the board's `run`, if it has one; returns it, and what waits for the line it prints."""
    run, pattern = board.data["run"], board.console.get("pattern")
    if run is None or pattern is None:
        missing = "run" if run is None else "pattern"
        child = None if run is None else Child(_command(board, project, values), project)
        return child, lambda: _nothing_printed(board, missing)
    waiter = LineWaiter(pattern)
    child = Child(_command(board, project, values), project, waiter)
    timeout = float(run["start_timeout_sec"])
    return child, lambda: _announced(child, waiter, timeout, check)


def _command(board: Board, project: Path, values: Mapping[str, Value]) -> list[str]:
    command = board.command("run", project, values)
    for word, path in zip(board.data["run"]["command"], command, strict=False):
        if word.startswith("{build}") and not Path(path).exists():
            raise ProjectError(f"{path} does not exist", "build the project first")
    return command


def _nothing_printed(board: Board, missing: str) -> str:
    raise ProjectError(f"board {board.name!r}: a {board.transport} console needs {missing!r}")


def _announced(child: Child, waiter: LineWaiter, timeout: float, check: Callable[[], None]) -> str:
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        check()
        text = waiter.wait(0.05)
        if text is not None:
            return text
        if child.exit_code is not None:
            child.stop()
            detail = "\n".join(child.output)
            raise ProjectError(f"{child.ending()} before it named its port", None, detail)
    detail = "\n".join(child.output)
    raise ProjectError(f"{child.name} named no port in {timeout:g} s", None, detail)
