# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The border between a board and a client: which answers may pass. No I/O.

TVM's RPC protocol is symmetric: a client that receives a request serves it, and could be made to
load a library of the board's choice. It also trusts the types of what it receives. So nothing
passes here but an answer that the request can have:

    request                                   answer
    init_server, copy_to_remote, free, sync   RETURN of nothing
    copy_from_remote                          COPY_ACK with as many bytes as were asked for
    get_global_func, alloc, streams           RETURN of a handle
    get_attr                                  RETURN of nothing or an integer
    call_func                                 RETURN of a type that the function can have
    any                                       EXCEPTION with a text

Source: HandleNextEvent and HandleProcessPacket of TVM 0.27, src/runtime/rpc/rpc_endpoint.cc, and
WrapRemoteReturnToValue of src/runtime/rpc/rpc_module.cc.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType

from zephyr_counters.rpc import packet as rpc_packet
from zephyr_counters.rpc.functions import RETURNED, RETURNS, Types
from zephyr_counters.rpc.packet import Code
from zephyr_counters.rpc.values import Malformed, Type, Value, sequence

_HEAD = rpc_packet.LENGTH.size + 4
_TEXT_LIMIT = 1 << 16
_REMEMBERED = 1 << 16

_ANY_VALUE: Types = frozenset(
    (Type.NONE, Type.INT, Type.BOOL, Type.FLOAT, Type.STR, Type.BYTES, Type.TENSOR)
)
"""What a kernel, or a function that somebody added to the firmware, may return."""

_NOTHING: Types = frozenset((Type.NONE,))
_HANDLE: Types = frozenset((Type.OPAQUE_PTR,))
_SYSCALLS: Mapping[int, Types] = MappingProxyType(
    {
        Code.GET_GLOBAL_FUNC: _HANDLE,
        Code.GET_ATTR: frozenset((Type.NONE, Type.INT)),
        Code.ALLOC_DATA: _HANDLE,
        Code.ALLOC_DATA_WITH_SCOPE: _HANDLE,
        Code.CREATE_STREAM: _HANDLE,
        Code.GET_CURRENT_STREAM: _HANDLE,
    }
)
"""What a request returns; nothing where it is not here."""

_SENT_AS: Mapping[Type, tuple[Type, ...]] = MappingProxyType(
    {
        Type.STR: (Type.BYTE_ARRAY_PTR,),
        Type.BYTES: (Type.BYTE_ARRAY_PTR,),
        Type.FUNCTION: (Type.OPAQUE_PTR,),
        Type.MODULE: (Type.OPAQUE_PTR,),
        Type.TENSOR: (Type.DLTENSOR_PTR, Type.OPAQUE_PTR),
    }
)
"""How what a function returns follows its type; as itself where it is not here."""


class Refused(Exception):
    """An answer that may not pass; says why."""


class Border:
    """Watches the questions and answers of one session."""

    def __init__(self) -> None:
        self._functions: dict[int, str] = {}
        self._made: dict[int, Types] = {}
        self._seen: dict[bytes, None] = {}

    def admit(self, request: bytes, answer: bytes) -> bytes:
        """Return the answer as it may pass to the client.

        Args:
            request: the packet that was asked, with its length.
            answer: the packet that came, with its length.

        Raises:
            Refused: it does not answer the request.
        """
        code = rpc_packet.code_of(answer)
        if code == Code.EXCEPTION:
            return rpc_packet.exception(_exception(answer))
        asked = rpc_packet.code_of(request)
        check = _CHECKS.get(asked, _check_syscall)
        try:
            check(self, request, answer)
        except Malformed as error:
            raise Refused(
                f"the answer to {rpc_packet.name_of(request)} is damaged: {error}"
            ) from error
        return answer

    def may_be_old(self, request: bytes, answer: bytes) -> bool:
        """Return whether the line may have repeated an older answer of this session.

        TVM's protocol does not number its packets, so an old answer can only be told by its
        content: one that equals no earlier answer is new. An answer without content is not
        worth asking again: whichever came says the same, and the next question shows that there
        is one too many.
        """
        if _expected_nothing(request, answer):
            return False
        digest = answer if len(answer) <= 64 else _digest(answer)
        known = digest in self._seen
        self._seen[digest] = None
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return known

    def _check_call(self, request: bytes, answer: bytes) -> None:
        values = _returned(request, answer)
        handle = (
            int(struct.unpack_from("<Q", request, _HEAD)[0]) if len(request) >= _HEAD + 8 else 0
        )
        name = self._functions.get(handle, "")
        allowed = RETURNS.get(name) or self._made.get(handle, _ANY_VALUE)
        if not values or values[0].type is not Type.INT:
            raise Refused(f"the answer to a call of {name or 'a kernel'} has no type")
        number = values[0].number
        kind = Type(number) if number in Type._value2member_map_ else None
        if kind not in allowed:
            found = f"type {number}" if kind is None else kind.name.lower()
            raise Refused(
                f"{name or 'a kernel'} returned {found}; "
                f"it can return {' or '.join(sorted(one.name.lower() for one in allowed))}"
            )
        assert kind is not None
        sent = tuple(value.type for value in values[1:])
        if sent != _SENT_AS.get(kind, (kind,)):
            raise Refused(f"{name or 'a kernel'} returned a {kind.name.lower()} without its value")
        if kind in (Type.FUNCTION, Type.MODULE):
            if values[1].number == 0:
                raise Refused(f"{name or 'a kernel'} returned a {kind.name.lower()} that is null")
            if kind is Type.FUNCTION:
                self._functions.pop(values[1].number, None)
                self._made[values[1].number] = RETURNED.get(name, _ANY_VALUE)

    def _check_copy(self, request: bytes, answer: bytes) -> None:
        if rpc_packet.code_of(answer) != Code.COPY_ACK:
            raise Refused(_other_kind(request, answer))
        # The request ends with how many bytes it asks for.
        wanted = rpc_packet.LENGTH.unpack(request[-rpc_packet.LENGTH.size :])[0]
        if len(answer) - _HEAD != wanted:
            raise Refused(f"{len(answer) - _HEAD} bytes of a tensor came; {wanted} were asked for")

    def _check_global(self, request: bytes, answer: bytes) -> None:
        (value,) = self._check_values(request, answer)
        if value.number:
            self._made.pop(value.number, None)
            self._functions[value.number] = _text_argument(request)

    def _check_values(self, request: bytes, answer: bytes) -> tuple[Value, ...]:
        asked = rpc_packet.code_of(request)
        values = _returned(request, answer)
        allowed = _SYSCALLS.get(asked, _NOTHING)
        if len(values) != 1 or values[0].type not in allowed:
            found = ", ".join(value.type.name.lower() for value in values) or "no value"
            raise Refused(
                f"{rpc_packet.name_of(request)} returned {found}; "
                f"it can return {' or '.join(sorted(one.name.lower() for one in allowed))}"
            )
        return values


def _check_syscall(border: Border, request: bytes, answer: bytes) -> None:
    border._check_values(request, answer)


_CHECKS: Mapping[int, Callable[[Border, bytes, bytes], None]] = MappingProxyType(
    {
        Code.CALL_FUNC: Border._check_call,
        Code.COPY_FROM_REMOTE: Border._check_copy,
        Code.GET_GLOBAL_FUNC: Border._check_global,
    }
)


def _returned(request: bytes, answer: bytes) -> tuple[Value, ...]:
    if rpc_packet.code_of(answer) != Code.RETURN:
        raise Refused(_other_kind(request, answer))
    return sequence(answer[_HEAD:])


def _handle(request: bytes) -> int:
    """Return the handle of the function that a request calls, 0 where it has none."""
    end = _HEAD + rpc_packet.LENGTH.size
    return int(rpc_packet.LENGTH.unpack(request[_HEAD:end])[0]) if len(request) >= end else 0


def _other_kind(request: bytes, answer: bytes) -> str:
    if len(answer) < _HEAD:
        return f"{rpc_packet.name_of(request)} was answered with an empty packet"
    return f"{rpc_packet.name_of(request)} was answered with {rpc_packet.name_of(answer)}"


def _exception(answer: bytes) -> str:
    try:
        values = sequence(answer[_HEAD:])
    except Malformed as error:
        raise Refused(f"the board's error is damaged: {error}") from error
    if len(values) != 1 or values[0].type is not Type.RAW_STR or len(values[0].data) > _TEXT_LIMIT:
        raise Refused("the board's error has no text, or one that is too long")
    text = values[0].data.decode("utf-8", "replace")
    text = "".join(one if one.isprintable() or one == "\n" else "?" for one in text)
    # A board must not be taken for the bridge, which reports failures of the link in this way.
    return f"board: {text}" if text.startswith(("LinkError", "LinkTimeout")) else text


def _text_argument(request: bytes) -> str:
    """Return the one text of a request, "" where it has none."""
    try:
        values = sequence(request[_HEAD:])
    except Malformed:
        return ""
    return values[0].data.decode("utf-8", "replace") if len(values) == 1 else ""


def _expected_nothing(request: bytes, answer: bytes) -> bool:
    """Whether the answer says only that the request was done, or failed."""
    if rpc_packet.code_of(answer) == Code.EXCEPTION:
        return False
    return rpc_packet.code_of(answer) == Code.RETURN and answer[_HEAD:] in _DONE


_DONE = (
    struct.pack("<ii", 1, Type.NONE),
    struct.pack("<iiqi", 2, Type.INT, Type.NONE, Type.NONE),
)


def _digest(answer: bytes) -> bytes:
    return hashlib.blake2b(answer, digest_size=16).digest()
