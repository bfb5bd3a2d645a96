# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What parameters each method takes, and whether a request's are acceptable."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from typing import Any

from zephyr_counters.project_api.errors import INVALID_PARAMS, RpcError

MAX_READ = 1 << 20
"""Most bytes that one read_transport returns."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value


def _is_path(value: Any) -> bool:
    return _is_text(value) and value != ""


def _is_optional_text(value: Any) -> bool:
    return value is None or _is_text(value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_READ


def _is_seconds(value: Any) -> bool:
    if value is None:
        return True
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 <= value <= 1e9 and math.isfinite(value)


Check = tuple[Callable[[Any], bool], str]
_TEXT: Check = (_is_text, "a string")
_PATH: Check = (_is_path, "a path")
_OPTIONAL: Check = (_is_optional_text, "a string or null")
_OBJECT: Check = (_is_object, "an object")
_COUNT: Check = (_is_count, f"an integer from 1 to {MAX_READ}")
_SECONDS: Check = (_is_seconds, "seconds, 0 or more, or null")

METHODS: dict[str, dict[str, Check]] = {
    "server_info_query": {"tvm_version": _TEXT},
    "generate_project": {
        "model_library_format_path": _PATH,
        "standalone_crt_dir": _OPTIONAL,
        "project_dir": _PATH,
        "options": _OBJECT,
    },
    "build": {"options": _OBJECT},
    "flash": {"options": _OBJECT},
    "open_transport": {"options": _OBJECT},
    "close_transport": {},
    "read_transport": {"n": _COUNT, "timeout_sec": _SECONDS},
    "write_transport": {"data": _TEXT, "timeout_sec": _SECONDS},
}


def checked(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """`params` if they are those of `method`.

    Raises:
        RpcError: one is missing, unknown, or not of its type.
    """
    wanted = METHODS[method]
    for name, (accepts, what) in wanted.items():
        if name not in params:
            raise RpcError(INVALID_PARAMS, f"{method}: parameter {name!r} is missing")
        if not accepts(params[name]):
            got = repr(params[name])[:100]
            raise RpcError(INVALID_PARAMS, f"{method}: parameter {name!r}: want {what}; got {got}")
    extra = sorted(set(params) - set(wanted))
    if extra:
        raise RpcError(INVALID_PARAMS, f"{method}: unknown parameter {extra[0]!r:.100}")
    return params


def to_base85(data: bytes) -> str:
    """Bytes as they travel in JSON."""
    return base64.b85encode(data).decode()


def from_base85(text: str) -> bytes:
    """Reverse to_base85(); raises RpcError if `text` is something else."""
    try:
        return base64.b85decode(text)
    except ValueError as error:
        raise RpcError(INVALID_PARAMS, f"write_transport: 'data': {error}") from error
