# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Packets of TVM's RPC protocol 0.8.0, built by hand, right and wrong ones."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

SHUTDOWN, INIT, CALL, RETURN, EXCEPTION, COPY_FROM, COPY_TO, COPY_ACK = range(1, 9)
(
    GET_FUNC,
    FREE_HANDLE,
    SET_DEVICE,
    GET_ATTR,
    ALLOC,
    FREE_DATA,
    STREAM_SYNC,
    COPY_AMONG,
    ALLOC_SCOPE,
    CREATE_STREAM,
    FREE_STREAM,
    SET_STREAM,
    GET_STREAM,
) = range(9, 22)
SESSION_START, SESSION_REPLY, SESSION_END, SESSION_LOG, SESSION_MESSAGE = 0, 1, 2, 3, 0x10

CPU = (1, 0)
INT32 = (0, 32, 1)


def u32(value: int) -> bytes:
    return struct.pack("<I", value & 0xFFFFFFFF)


def u64(value: int) -> bytes:
    return struct.pack("<Q", value & 0xFFFFFFFFFFFFFFFF)


def none() -> bytes:
    return u32(0)


def integer(value: int) -> bytes:
    return u32(1) + u64(value)


def boolean(value: bool) -> bytes:
    return u32(2) + u64(value)


def real(value: float) -> bytes:
    return u32(3) + struct.pack("<d", value)


def handle(value: int) -> bytes:
    return u32(4) + u64(value)


def dtype(code: int, bits: int, lanes: int) -> bytes:
    return u32(5) + struct.pack("<BBHI", code, bits, lanes, 0)


def device(kind: int, index: int) -> bytes:
    return u32(6) + struct.pack("<ii", kind, index)


def text(value: str) -> bytes:
    return u32(8) + u64(len(value)) + value.encode()


def data(value: bytes) -> bytes:
    return u32(9) + u64(len(value)) + value


def text_object(value: str, kind: int = 65) -> bytes:
    return u32(kind) + u32(65) + u64(len(value)) + value.encode()


def data_object(value: bytes, kind: int = 66) -> bytes:
    return u32(kind) + u32(66) + u64(len(value)) + value


def module(value: int) -> bytes:
    return u32(73) + u64(value)


@dataclass(frozen=True)
class Tensor:
    """A DLTensor on the device."""

    address: int
    shape: tuple[int, ...]
    type: tuple[int, int, int] = INT32
    offset: int = 0
    device: tuple[int, int] = CPU

    def packed(self) -> bytes:
        return (
            u64(self.address)
            + struct.pack("<ii", *self.device)
            + u32(len(self.shape))
            + struct.pack("<BBH", *self.type)
            + b"".join(u64(extent) for extent in self.shape)
            + u64(self.offset)
        )


def tensor(value: Tensor) -> bytes:
    return u32(7) + value.packed()


def sequence(*args: bytes) -> bytes:
    return u32(len(args)) + b"".join(args)


def value(packed: bytes) -> Any:
    """Decode one value, or a tensor and its handle, which must end where the packet does."""
    kind, rest = int.from_bytes(packed[:4], "little"), packed[4:]
    if kind == 0:
        assert rest == b""
        return None
    if kind in (1, 4):
        assert len(rest) == 8
        return int.from_bytes(rest, "little", signed=kind == 1)
    if kind == 9:
        assert int.from_bytes(rest[:8], "little") == len(rest) - 8
        return rest[8:]
    assert kind == 7, kind
    ndim = int.from_bytes(rest[16:20], "little")
    shape = struct.unpack_from(f"<{ndim}q", rest, 24)
    tail = rest[24 + 8 * ndim :]
    assert len(tail) == 20 and tail[8:12] == u32(4)
    address, number = int.from_bytes(rest[:8], "little"), int.from_bytes(tail[12:], "little")
    return Tensor(address, shape, struct.unpack_from("<BBH", rest, 20)), number
