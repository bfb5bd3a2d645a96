# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How errors go back over the Project API: the one place that turns them into JSON-RPC's."""

from __future__ import annotations

import errno
import os
import re
from typing import Any

from zephyr_counters.errors import SERVER_KINDS, ProjectError, ZephyrCountersError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
SERVER_ERROR = -32000

_ERRNO = re.compile(r"^\[Errno \d+\] ")
_UPSTREAM_NAMES = {"LinkError": "TransportClosedError", "LinkTimeout": "IoTimeoutError"}
"""Classes of error that TVM's client knows by their name, which has to be the message."""


class RpcError(Exception):
    """A request that is not valid.

    Args:
        code: one of the constants above.
        message: one line.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ClientGone(Exception):
    """The client has closed its end of the pipes; there is no reply to give."""


def of_system(error: OSError, what: str) -> ProjectError:
    """Return the one line for an error of the file system, such as a full disk.

    Args:
        error: what was raised; that of shutil.copytree lists every file that it could not copy.
        what: what failed.
    """
    reason = error.strerror
    if reason is None and error.args and isinstance(error.args[0], list):
        reason = _ERRNO.sub("", str(error.args[0][0][-1])).split(": '")[0]
    hint = "make room on the disk" if os.strerror(errno.ENOSPC) in str(reason) else None
    where = f"{error.filename}: " if error.filename else ""
    return ProjectError(f"{what}: {where}{reason or error}", hint)


def to_json(error: RpcError | ZephyrCountersError) -> dict[str, Any]:
    """Return the `error` member of a reply.

    A valid request that failed has `data`: kind (a name in SERVER_KINDS), what, hint, detail, and
    traceback, which TVM's client shows.
    """
    if isinstance(error, RpcError):
        return {"code": error.code, "message": error.message, "data": None}
    kind = next((name for name, cls in SERVER_KINDS.items() if isinstance(error, cls)), None)
    kind = kind or "ProjectError"
    hint = f"hint: {error.hint}" if error.hint else None
    named = _UPSTREAM_NAMES.get(kind)
    # Without a traceback, TVM's client shows the whole dictionary.
    shown = [text for text in (named and error.what, error.detail, hint) if text]
    data = {
        "kind": kind,
        "what": error.what,
        "hint": error.hint,
        "detail": error.detail,
        "traceback": "\n".join(shown) or " ",
    }
    return {"code": SERVER_ERROR, "message": named or error.what, "data": data}
