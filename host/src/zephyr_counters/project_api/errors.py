# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Errors that go back over the Project API."""

from __future__ import annotations

from typing import Any

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
SERVER_ERROR = -32000


class RpcError(Exception):
    """An error with a code of JSON-RPC 2.0.

    Args:
        code: one of the constants above.
        message: one line.
        data: anything JSON can hold, or None.
    """

    def __init__(self, code: int, message: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def to_json(self) -> dict[str, Any]:
        """The `error` member of a reply."""
        return {"code": self.code, "message": self.message, "data": self.data}


class ServerError(RpcError):
    """A valid request that failed.

    Args:
        what: what happened and where, one line.
        hint: what to try.
        detail: more lines, such as those of a compiler.
    """

    kind = "ProjectError"

    def __init__(self, what: str, hint: str | None = None, detail: str | None = None) -> None:
        data: dict[str, Any] = {"kind": self.kind, "what": what, "hint": hint, "detail": detail}
        # TVM's client shows what it finds under this name and, without it, the whole dictionary.
        more = [detail] if detail else []
        data["traceback"] = "\n".join([*more, f"hint: {hint}"] if hint else more) or " "
        super().__init__(SERVER_ERROR, what, data)


class UsageError(ServerError):
    """An option that was given is unknown or not acceptable."""

    kind = "UsageError"


class ArchiveError(ServerError):
    """The model archive is damaged, foreign or of another version."""

    kind = "ArchiveError"


class _NamedError(ServerError):
    """TVM's client knows these by their name, which has to be the message."""

    def __init__(self, what: str, hint: str | None = None, detail: str | None = None) -> None:
        super().__init__(what, hint, detail)
        self.message = type(self).__name__
        if self.data is not None:
            self.data["traceback"] = f"{what}\n{self.data['traceback']}".strip()


class TransportClosedError(_NamedError):
    """The transport is not open, or the board is gone."""

    kind = "LinkError"


class IoTimeoutError(_NamedError):
    """Nothing could be read, or not all be written, in time."""

    kind = "LinkTimeout"


class ClientGone(Exception):
    """The client closed its end of the pipes: there is nobody to work for."""
