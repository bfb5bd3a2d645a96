# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the RPC server does for a client that does something wrong: packets, types, handles.

It says so, and goes on: each test ends with a call that works (fixture `client`).
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import rpc_client as rpc
from rpc_client import Client, RemoteError
from rpc_refusals import CPU, U64_MAX, X, refused, refused_call, refused_system


@pytest.mark.parametrize("code", [0, 4, 5, 8, 22, 0xFF, 0x7FFFFFFF, 0xFFFFFFFF])
def test_unknown_codes(client: Client, code: int) -> None:
    refused(client, "unknown packet code", rpc.u32(code))


def test_version_and_constructor(client: Client) -> None:
    for version in (b"0.7.0", b"0.8.0x", b"0.8", b"", b"\xff" * 300):
        packet = rpc.u32(rpc.INIT) + rpc.u64(len(version)) + version + rpc.sequence()
        refused(client, "speaks RPC", packet)
    init = rpc.u32(rpc.INIT) + rpc.u64(5) + b"0.8.0"
    refused(client, "constructors", init + rpc.sequence(rpc.text("rpc.LocalSession")))
    refused(client, "length", init + rpc.sequence() + b"\0")


def test_nothing_works_before_the_first_packet(harness: Path) -> None:
    with Client(harness, session=False) as client:
        client.start()
        refused_system(client, "not initialized", rpc.GET_FUNC, rpc.text("model.run"))
        refused(client, "not initialized", rpc.u32(rpc.CALL) + rpc.u64(1) + rpc.sequence())


@pytest.mark.parametrize("length", [1, 3, 5, 1000, 2**32, 2**63, U64_MAX])
def test_length_that_does_not_agree(client: Client, length: int) -> None:
    client.send_raw(rpc.u64(length) + rpc.u32(rpc.CREATE_STREAM))
    with pytest.raises(RemoteError, match="length"):
        client.answer()


@pytest.mark.parametrize("size", range(8))
def test_packet_without_a_length(client: Client, size: int) -> None:
    client.send_raw(bytes(size))
    with pytest.raises(RemoteError, match="length"):
        client.answer()


def whole_packets(client: Client, array: rpc.Tensor) -> dict[str, bytes]:
    x = rpc.tensor(array)
    call = rpc.u32(rpc.CALL)
    scale = call + rpc.u64(client.function("scale"))
    output = call + rpc.u64(client.function("model.get_output"))
    timer = call + rpc.u64(client.function("runtime.RPCTimeEvaluator"))
    numbers = [rpc.integer(value) for value in (1, 0, 1, 1, 0, 1, 0, 1, 0)]
    evaluate = [rpc.none(), rpc.text("scale"), *numbers, rpc.text("")]
    select = call + rpc.u64(client.function("hwcnt.select"))
    return {
        "init": rpc.u32(rpc.INIT) + rpc.u64(5) + b"0.8.0" + rpc.sequence(),
        "call": scale + rpc.sequence(x, x, x),
        "get_output": output + rpc.sequence(rpc.integer(1), x),
        "evaluator": timer + rpc.sequence(*evaluate),
        "select": select + rpc.sequence(rpc.data_object(b"\x84\x02\x00\x00\x80", 12)),
        "copy_to": rpc.u32(rpc.COPY_TO) + array.packed() + rpc.u64(16) + bytes(16),
        "copy_from": rpc.u32(rpc.COPY_FROM) + array.packed() + rpc.u64(16),
        "get_func": rpc.u32(rpc.GET_FUNC) + rpc.sequence(rpc.text_object("scale")),
        "alloc": rpc.u32(rpc.ALLOC)
        + rpc.sequence(CPU, rpc.integer(1), rpc.integer(64), rpc.dtype(0, 8, 1)),
        "alloc_scope": rpc.u32(rpc.ALLOC_SCOPE) + rpc.sequence(rpc.tensor(X), rpc.none()),
        "copy_among": rpc.u32(rpc.COPY_AMONG) + rpc.sequence(x, x, rpc.handle(0)),
    }


def test_every_packet_cut_at_every_byte(client: Client, array: rpc.Tensor) -> None:
    for packet in whole_packets(client, array).values():
        for length in range(4, len(packet)):
            client.send(packet[:length])
            with pytest.raises(RemoteError, match=r"number|length|speaks"):
                client.answer()


def test_every_packet_with_more_behind(client: Client, array: rpc.Tensor) -> None:
    for packet in whole_packets(client, array).values():
        for more in (b"\0", bytes(4), rpc.integer(1)):
            refused(client, "length|number", packet + more)


@pytest.mark.slow
def test_every_packet_with_a_byte_changed(client: Client, array: rpc.Tensor) -> None:
    """Whatever the answer is, there is one, and the device lives."""
    for packet in whole_packets(client, array).values():
        for at in range(4, len(packet)):
            for value in (0, 1, 7, 0x7F, 0x80, 0xFF):
                client.send(packet[:at] + bytes([value]) + packet[at + 1 :])
                try:
                    client.answer()
                except RemoteError as error:
                    assert str(error)
                client.send(rpc.u32(rpc.INIT) + rpc.u64(5) + b"0.8.0" + rpc.sequence())
                client.answer()
                assert client.alloc((4,)) and client.array(1, 2, 3, 4) == array


WRONG_COUNTS = [0, 1, 2, 4, 2**31 - 1, 2**31, 2**32 - 1]


@pytest.mark.parametrize("count", WRONG_COUNTS)
def test_wrong_number_of_arguments(client: Client, array: rpc.Tensor, count: int) -> None:
    x = rpc.tensor(array)
    packet = rpc.u32(rpc.COPY_AMONG) + rpc.u32(count) + x + x + rpc.handle(0)
    refused(client, "number|length", packet)
    scale = rpc.u32(rpc.CALL) + rpc.u64(client.function("scale"))
    refused(client, "number|length", scale + rpc.u32(count) + x + x + x)


ODD_VALUES: list[bytes] = [
    rpc.none(),
    rpc.integer(1),
    rpc.boolean(True),
    rpc.real(1.5),
    rpc.handle(1),
    rpc.dtype(0, 32, 1),
    CPU,
    rpc.text("x"),
    rpc.data(b"x"),
    rpc.text_object("x"),
    rpc.data_object(b"x"),
    rpc.module(1),
    rpc.u32(68) + rpc.u64(1),
    rpc.u32(70) + rpc.u64(1),  # a tensor object
    rpc.u32(115) + rpc.u32(115) + rpc.u64(1),  # a reference to an object of the server
    rpc.u32(10) + rpc.u64(1),  # a type that no value has
    rpc.u32(0xFFFFFFFF) + rpc.u64(1),
]


@pytest.mark.parametrize("odd", range(len(ODD_VALUES)))
def test_values_of_another_type(client: Client, array: rpc.Tensor, odd: int) -> None:
    value, x = ODD_VALUES[odd], rpc.tensor(array)
    why = "type|range|length|handle"
    refused_call(client, why, "scale", x, value, x)
    refused_system(client, why, rpc.COPY_AMONG, value, x, rpc.handle(0))
    if odd not in (1, 2):
        refused_call(client, why, "model.profile", value)
    if odd not in (7, 9):
        refused_system(client, why, rpc.GET_FUNC, value)
    if odd != 6:
        refused_system(client, why, rpc.SET_DEVICE, value)
    if odd not in (8, 10):
        refused_call(client, why, "hwcnt.select", value)


HANDLES = [0, 1, 5, 0xFFFFFFFF, 2**32, 2**63, U64_MAX]


@pytest.mark.parametrize("base", range(8))
def test_handles_that_are_none(client: Client, base: int) -> None:
    for low in HANDLES:
        number = (base << 28 | low & 0xFFF) if low < 2**32 else low
        known = base in (1, 2) and (number & 0xFFF) < {1: 18, 2: 1}[base]
        if known and number < 2**32:
            continue
        refused_system(client, "handle", rpc.FREE_HANDLE, rpc.handle(number))
        refused_call(client, "handle", number)
        get = [rpc.module(number), rpc.text("scale"), rpc.boolean(True)]
        refused_call(client, "handle", "tvm.rpc.server.ModuleGetFunction", *get)


def test_library_cannot_be_called(client: Client) -> None:
    refused_call(client, "handle", client.call("ffi.SystemLib"))
    refused_call(client, "no such library", "ffi.SystemLib", rpc.text("other"))


def test_damaged_frames_are_told_and_do_nothing(client: Client, array: rpc.Tensor) -> None:
    packet = rpc.u32(rpc.COPY_TO) + array.packed() + rpc.u64(16) + bytes(16)
    body = rpc.u64(len(packet)) + packet
    with_header = client.session_id.to_bytes(2, "little") + b"\x10" + body
    frame = b"\xff\xfd" + (rpc.u32(len(with_header)) + with_header).replace(b"\xff", b"\xff\xff")
    client.write(frame + b"\x12\x34")
    assert client.values(array, 4) == (1, 2, 3, 4)
    assert client.logs == ["frame dropped: wrong CRC"]
    client.write(frame[:40])
    assert client.values(array, 4) == (1, 2, 3, 4)
    client.write(frame[:20] + b"\xff\x00" + frame[20:])
    assert client.values(array, 4) == (1, 2, 3, 4)
    client.send_frame(b"\x01\x01\x10" + body)
    assert client.values(array, 4) == (1, 2, 3, 4)
    client.write(b"noise" + frame[1:])
    assert client.values(array, 4) == (1, 2, 3, 4)
    reasons = ["wrong CRC", "cut short", "invalid escape", "of another session", "no start"]
    assert client.logs == [f"frame dropped: {reason}" for reason in reasons]


def test_random_bytes(client: Client) -> None:
    noise = random.Random(7)
    for _ in range(200):
        client.write(bytes(noise.choice([0xFF, 0xFD, 0, noise.randrange(256)]) for _ in range(99)))
    client.start()
    client.init()
