# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Sequences of values in TVM's RPC packets, read strictly. No I/O.

    sequence = i32 count, then for each: i32 type, value

All little-endian. Source: SendPackedSeq of TVM 0.27, src/runtime/rpc/minrpc/rpc_reference.h.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass

MAX_VALUES = 16
MAX_NDIM = 16
MAX_TENSOR_BYTES = 1 << 31
"""Most bytes of a tensor that a board may describe: a client allocates as many for a copy of it."""

_I32 = struct.Struct("<i")
_U64 = struct.Struct("<Q")
_I64 = struct.Struct("<q")
_DTYPE = struct.Struct("<BBH")
_DTYPE_CODES = (0, 1, 2, 4, 6)
"""DLPack's int, uint, float, bfloat, bool."""
_CPU = 1


class Type(enum.IntEnum):
    """Type indices of tvm-ffi (tvm/ffi/c_api.h) that cross the link."""

    NONE = 0
    INT = 1
    BOOL = 2
    FLOAT = 3
    OPAQUE_PTR = 4
    DTYPE = 5
    DEVICE = 6
    DLTENSOR_PTR = 7
    RAW_STR = 8
    BYTE_ARRAY_PTR = 9
    STR = 65
    BYTES = 66
    FUNCTION = 68
    TENSOR = 70
    MODULE = 73


@dataclass(frozen=True)
class Value:
    """A value of a sequence: its type, and what was read of it where that matters."""

    type: Type
    number: int = 0
    """Of INT, BOOL and OPAQUE_PTR."""
    data: bytes = b""
    """Of RAW_STR and BYTE_ARRAY_PTR."""


class Malformed(ValueError):
    """The bytes are not a sequence of values; says why."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if not 0 <= count <= len(self.data) - self.at:
            raise Malformed("it ends in the middle of a value")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, form: struct.Struct) -> int:
        return int(form.unpack(self.take(form.size))[0])


def sequence(data: bytes) -> tuple[Value, ...]:
    """Read a sequence that fills `data`.

    Raises:
        Malformed: too many values, an unknown type, a value that is cut short or out of range, or
            bytes after the last value.
    """
    reader = _Reader(data)
    count = reader.number(_I32)
    if not 0 <= count <= MAX_VALUES:
        raise Malformed(f"it has {count} values; at most {MAX_VALUES} are allowed")
    values = tuple(_value(reader) for _ in range(count))
    if reader.at != len(data):
        raise Malformed(f"{len(data) - reader.at} bytes follow its last value")
    return values


def _value(reader: _Reader) -> Value:
    number = reader.number(_I32)
    if number not in Type._value2member_map_:
        raise Malformed(f"it has a value of the unknown type {number}")
    kind = Type(number)
    if kind is Type.NONE:
        return Value(kind)
    if kind in (Type.INT, Type.BOOL, Type.OPAQUE_PTR):
        return Value(kind, reader.number(_I64 if kind is Type.INT else _U64))
    if kind in (Type.FLOAT, Type.DTYPE, Type.DEVICE):
        reader.take(8)
        return Value(kind)
    if kind in (Type.RAW_STR, Type.BYTE_ARRAY_PTR):
        return Value(kind, data=reader.take(reader.number(_U64)))
    if kind is Type.DLTENSOR_PTR:
        _tensor(reader)
        return Value(kind)
    raise Malformed(f"it has a value of type {kind.name.lower()}, which is not sent by value")


def _tensor(reader: _Reader) -> None:
    """Read a DLTensor: u64 data, i32 device type and id, i32 ndim, dtype, shape, u64 offset."""
    reader.take(8)
    device, index = reader.number(_I32), reader.number(_I32)
    if (device, index) != (_CPU, 0):
        raise Malformed(f"it has a tensor on device {device}:{index}; a board has 1:0 only")
    ndim = reader.number(_I32)
    code, bits, lanes = _DTYPE.unpack(reader.take(_DTYPE.size))
    if code not in _DTYPE_CODES or bits not in (1, 8, 16, 32, 64) or lanes != 1:
        raise Malformed(f"it has a tensor of dtype code {code}, {bits} bits, {lanes} lanes")
    if not 0 <= ndim <= MAX_NDIM:
        raise Malformed(f"it has a tensor of {ndim} dimensions; at most {MAX_NDIM} are allowed")
    size = bits // 8 or 1
    for _ in range(ndim):
        extent = reader.number(_I64)
        size *= extent
        if extent < 0 or size > MAX_TENSOR_BYTES:
            raise Malformed("it has a tensor of an impossible shape")
    reader.take(8)
