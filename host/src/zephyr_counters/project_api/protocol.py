# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""JSON-RPC 2.0 over a pair of pipes: one request per line, one reply per line, one at a time.

    request: {"jsonrpc": "2.0", "method": str, "params": {...}, "id": int | str | null}
    reply:   {"jsonrpc": "2.0", "id": ..., "result": ...}
         or  {"jsonrpc": "2.0", "id": ..., "error": {"code": int, "message": str, "data": ...}}

Compatible with the client of TVM 0.18 (python/tvm/micro/project_api/client.py). Whatever arrives,
a line gets exactly one reply, and the next line is served.
"""

from __future__ import annotations

import json
import logging
import os
import select
import traceback
from typing import Any, Protocol

from zephyr_counters.errors import ProjectError, ZephyrCountersError
from zephyr_counters.project_api import errors

MAX_LINE = 16 * 1024 * 1024
"""Longest request in bytes; far more than any RPC packet."""

_LOG = logging.getLogger(__name__)


class Handler(Protocol):
    """What carries requests out."""

    def call(self, method: str, params: dict[str, Any]) -> Any:
        """Return the result; raises RpcError or ZephyrCountersError."""


class Pipes:
    """The two ends that the client gave.

    Args:
        read_fd: where requests come from.
        write_fd: where replies go.
    """

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._buffer = bytearray()
        self._hangup = select.poll()
        # Nothing asked for: poll() reports a hang-up in any case.
        self._hangup.register(read_fd, 0)

    def check_client(self) -> None:
        """Raise ClientGone if the client has closed its end; for use in long operations."""
        if self._hangup.poll(0):
            raise errors.ClientGone

    def read_line(self) -> bytes | None:
        """Return the next line without its end, or None at the end of the stream.

        Raises:
            RpcError: it is longer than MAX_LINE; all of it has been skipped.
        """
        too_long = False
        searched = 0
        while True:
            end = self._buffer.find(b"\n", searched)
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                if too_long or len(line) > MAX_LINE:
                    raise errors.RpcError(errors.PARSE_ERROR, f"request: over {MAX_LINE} bytes")
                return line
            if len(self._buffer) > MAX_LINE:
                too_long = True
                self._buffer.clear()
            searched = len(self._buffer)
            chunk = os.read(self._read_fd, 65536)
            if not chunk:
                return None
            self._buffer += chunk

    def write_line(self, line: bytes) -> None:
        """Send a line, all of it. ClientGone if the client has closed its end."""
        rest = memoryview(line + b"\n")
        try:
            while rest:
                rest = rest[os.write(self._write_fd, rest) :]
        except BrokenPipeError:
            raise errors.ClientGone from None


def serve(pipes: Pipes, handler: Handler) -> None:
    """Serve until the client closes its end."""
    while True:
        try:
            line = pipes.read_line()
            if line is None:
                return
            reply = _reply(line, handler)
        except errors.RpcError as error:
            reply = _error_reply(None, error)
        pipes.write_line(json.dumps(reply).encode())


def _reply(line: bytes, handler: Handler) -> dict[str, Any]:
    request_id = None
    try:
        request = _parse(line)
        request_id = request["id"]
        result = handler.call(request["method"], request["params"])
        return {"jsonrpc": "2.0", "id": request_id, "result": result}
    except (errors.RpcError, ZephyrCountersError) as error:
        return _error_reply(request_id, error)
    except errors.ClientGone:
        raise
    except OSError as error:
        return _error_reply(request_id, errors.of_system(error, "the system refused"))
    except Exception as error:
        _LOG.exception("unexpected error")
        text = traceback.format_exc()
        wrapped = ProjectError(f"{type(error).__name__}: {error}", None, text)
        return _error_reply(request_id, wrapped)


def _error_reply(request_id: Any, error: errors.RpcError | ZephyrCountersError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "error": errors.to_json(error)}


def _parse(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise errors.RpcError(errors.PARSE_ERROR, f"request is not JSON: {error}") from error
    if not isinstance(request, dict):
        raise _invalid("want an object", request)
    if request.get("jsonrpc") != "2.0":
        raise _invalid('"jsonrpc": want "2.0"', request.get("jsonrpc"))
    if "id" not in request:
        raise _invalid('"id" is missing; notifications are not served', None)
    request_id = request["id"]
    if isinstance(request_id, bool) or not isinstance(request_id, (int, str, type(None))):
        raise _invalid('"id": want a string, an integer or null', request_id)
    if not isinstance(request.get("method"), str):
        raise _invalid('"method": want a string', request.get("method"))
    if not isinstance(request.get("params"), dict):
        raise _invalid('"params": want an object', request.get("params"))
    return request


def _invalid(what: str, value: Any) -> errors.RpcError:
    return errors.RpcError(errors.INVALID_REQUEST, f"request: {what}; got {value!r:.100}")
