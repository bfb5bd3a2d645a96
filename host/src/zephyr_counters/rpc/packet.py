# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The little of TVM's RPC packets (protocol 0.8.0) that the bridge has to know. No I/O.

    packet   = u64 n, then n bytes: i32 code, what the code says
    sequence = i32 count, then for each: i32 type, value

All little-endian. Source: TVM's src/runtime/rpc/minrpc/rpc_reference.h.
"""

from __future__ import annotations

import enum
import struct

from zephyr_counters.blob import device_error
from zephyr_counters.errors import LinkError, LinkTimeout

PROTOCOL = b"0.8.0"
MAGIC = 0xFF271
MAGIC_MISMATCH = MAGIC + 2
LENGTH = struct.Struct("<Q")
_CODE = struct.Struct("<i")
_NONE, _INT, _POINTER, _DEVICE, _TEXT = 0, 1, 4, 6, 8
_ARG_VALUE = struct.Struct("<iq")


class Code(enum.IntEnum):
    """What a packet asks for or answers."""

    SHUTDOWN = 1
    INIT_SERVER = 2
    CALL_FUNC = 3
    RETURN = 4
    EXCEPTION = 5
    COPY_FROM_REMOTE = 6
    COPY_TO_REMOTE = 7
    COPY_ACK = 8
    GET_GLOBAL_FUNC = 9
    FREE_HANDLE = 10
    SET_DEVICE = 11
    GET_ATTR = 12
    ALLOC_DATA = 13
    FREE_DATA = 14
    STREAM_SYNC = 15
    COPY_AMONG_REMOTE = 16
    ALLOC_DATA_WITH_SCOPE = 17
    CREATE_STREAM = 18
    FREE_STREAM = 19
    SET_STREAM = 20
    GET_CURRENT_STREAM = 21


def packet(code: Code, rest: bytes = b"") -> bytes:
    """Return a whole packet."""
    return LENGTH.pack(_CODE.size + len(rest)) + _CODE.pack(code) + rest


def code_of(whole: bytes) -> int:
    """Return the code of a packet, -1 if it is too short to have one."""
    if len(whole) < LENGTH.size + _CODE.size:
        return -1
    return int(_CODE.unpack_from(whole, LENGTH.size)[0])


def name_of(whole: bytes) -> str:
    """Return what a packet asks for, for messages."""
    code = code_of(whole)
    return Code(code).name.lower() if code in list(Code) else f"request {code}"


def exception(text: str) -> bytes:
    """Return the packet that makes TVM's client raise an RPCError with `text`."""
    data = text.encode("utf-8", "replace").replace(b"\0", b"?")
    return packet(Code.EXCEPTION, struct.pack("<iiQ", 1, _TEXT, len(data)) + data)


def exception_text(whole: bytes) -> str | None:
    """Return the text of an exception packet, None for any other packet."""
    head = LENGTH.size + _CODE.size
    if code_of(whole) != Code.EXCEPTION or len(whole) < head + 16:
        return None
    size = LENGTH.unpack_from(whole, head + 8)[0]
    return whole[head + 16 :][:size].decode("utf-8", "replace")


def in_english(whole: bytes) -> bytes:
    """Return an answer of the board; an exception's errors are in English, for any client."""
    text = exception_text(whole)
    return whole if text is None else exception(device_error.translate(text))


def error_text(error: LinkError) -> str:
    """Return the text by which the other end of the bridge knows a failure of the link."""
    kind = "LinkTimeout" if isinstance(error, LinkTimeout) else "LinkError"
    return f"{kind}: {error}"


def init_server() -> bytes:
    """Return the packet with which a client begins."""
    return packet(Code.INIT_SERVER, LENGTH.pack(len(PROTOCOL)) + PROTOCOL + struct.pack("<i", 0))


def get_global(name: str) -> bytes:
    """Return the packet that asks for the handle of a function."""
    data = name.encode()
    return packet(Code.GET_GLOBAL_FUNC, struct.pack("<iiQ", 1, _TEXT, len(data)) + data)


def call(handle: int) -> bytes:
    """Return the packet that calls a function without arguments."""
    return packet(Code.CALL_FUNC, struct.pack("<Qi", handle, 0))


def free_handle(handle: int) -> bytes:
    """Return the packet that gives a handle back."""
    return packet(Code.FREE_HANDLE, struct.pack("<i", 1) + _ARG_VALUE.pack(_POINTER, handle))


def set_device() -> bytes:
    """Return a packet that a board answers with nothing: it sets the device to the CPU, 1:0."""
    return packet(Code.SET_DEVICE, struct.pack("<iiii", 1, _DEVICE, 1, 0))


def returned_handle(whole: bytes) -> int:
    """Return the handle that a packet brings, 0 for none."""
    values = _returned(whole)
    return values[0] if values else 0


def returned_int(whole: bytes) -> int | None:
    """Return what a function that gives an integer gave, None if it is not one."""
    values = _returned(whole)
    return values[1] if len(values) == 2 and values[0] == _INT else None


def _returned(whole: bytes) -> list[int]:
    """Integers and handles of a return packet; empty if it holds anything else."""
    at = LENGTH.size + _CODE.size
    if code_of(whole) != Code.RETURN or len(whole) < at + 4:
        return []
    count = _CODE.unpack_from(whole, at)[0]
    at += 4
    values: list[int] = []
    while len(values) < count and at + _ARG_VALUE.size <= len(whole):
        kind, value = _ARG_VALUE.unpack_from(whole, at)
        if kind not in (_INT, _POINTER):
            return []
        values.append(value)
        at += _ARG_VALUE.size
    return values
