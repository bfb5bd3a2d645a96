# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the device's RPC server does for a client that does all right."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import cbor2
import pytest
import rpc_client as rpc
from rpc_client import Client
from rpc_refusals import refused_call

SELECT_ALL = cbor2.dumps([2, 0, 0, [[0, [0, 1, 2, 3]]]])


def take(client: Client, *number: bytes) -> Any:
    blob = client.call("hwcnt.take", *number)
    assert zlib.crc32(blob[:-4]) == int.from_bytes(blob[-4:], "big")
    return cbor2.loads(blob[:-4])


def test_begins_with_the_end_of_any_session(harness: Path) -> None:
    with Client(harness, session=False) as client:
        assert client.first == bytes([0, 0, rpc.SESSION_END])


def test_attributes_and_streams(client: Client) -> None:
    cpu = rpc.device(1, 0)
    assert client.system(rpc.GET_ATTR, cpu, rpc.integer(0)) == 1
    assert client.system(rpc.GET_ATTR, rpc.device(2, 0), rpc.integer(0)) == 0
    assert client.system(rpc.GET_ATTR, rpc.device(1, 1), rpc.integer(0)) == 0
    assert client.system(rpc.GET_ATTR, cpu, rpc.integer(7)) is None
    assert client.system(rpc.SET_DEVICE, cpu) is None
    assert client.system(rpc.CREATE_STREAM, cpu) == 0
    assert client.system(rpc.GET_STREAM, cpu) == 0
    for code in (rpc.SET_STREAM, rpc.STREAM_SYNC, rpc.FREE_STREAM):
        assert client.system(code, cpu, rpc.handle(0)) is None
        assert client.system(code, cpu, rpc.none()) is None


def test_memory_is_zeroed_aligned_and_comes_back(client: Client) -> None:
    args = [rpc.device(1, 0), rpc.integer(4096), rpc.integer(64), rpc.dtype(0, 8, 1)]
    for _ in range(3):
        whole = rpc.Tensor(client.system(rpc.ALLOC, *args), (4096,), (0, 8, 1))
        assert whole.address % 16 == 0
        assert client.get(whole, 4096) == bytes(4096)
        client.put(rpc.Tensor(whole.address, (900,), (0, 8, 1)), b"\xff" * 900)
        assert client.system(rpc.FREE_DATA, rpc.device(1, 0), rpc.handle(whole.address)) is None


def test_first_fit(client: Client) -> None:
    cpu = rpc.device(1, 0)
    tensors = [client.alloc((100,)) for _ in range(4)]
    client.system(rpc.FREE_DATA, cpu, rpc.handle(tensors[1].address))
    client.system(rpc.FREE_DATA, cpu, rpc.handle(tensors[2].address))
    assert client.alloc((200,)).address == tensors[1].address
    assert client.alloc((100,)).address > tensors[3].address


@pytest.mark.parametrize("scope", [rpc.none(), rpc.text(""), rpc.text("global")])
def test_memory_scopes(client: Client, scope: bytes) -> None:
    model = rpc.tensor(rpc.Tensor(0, (2, 2)))
    assert client.system(rpc.ALLOC_SCOPE, model, scope) != 0


def test_copies_of_parts(client: Client) -> None:
    array = client.array(1, 2, 3, 4)
    client.put(rpc.Tensor(array.address, (4,), offset=8), struct.pack("<i", 30))
    assert client.values(array, 4) == (1, 2, 30, 4)
    assert client.values(rpc.Tensor(array.address, (4,), offset=4), 3) == (2, 30, 4)
    assert client.get(array, 0) == b""


def test_copy_among(client: Client) -> None:
    source, target = client.array(1, 2, 3), client.array(0, 0, 0)
    args = [rpc.tensor(source), rpc.tensor(target), rpc.handle(0)]
    assert client.system(rpc.COPY_AMONG, *args) is None
    assert client.values(target, 3) == (1, 2, 3)


@pytest.mark.parametrize("encode", [rpc.text, rpc.text_object, lambda s: rpc.text_object(s, 11)])
def test_names_in_all_encodings(client: Client, encode: Any) -> None:
    assert client.system(rpc.GET_FUNC, encode("model.run")) != 0
    assert client.system(rpc.GET_FUNC, encode("model.ru")) == 0
    assert client.system(rpc.GET_FUNC, encode("")) == 0


@pytest.mark.parametrize("encode", [rpc.data, rpc.data_object, lambda b: rpc.data_object(b, 12)])
def test_bytes_in_all_encodings(client: Client, encode: Any) -> None:
    assert client.call("hwcnt.select", encode(SELECT_ALL)) is None


def test_kernel_as_function_and_from_library(client: Client) -> None:
    x, b, y = client.array(1, 2, 3, 4), client.array(10, 20, 30, 40), client.array(0, 0, 0, 0)
    args = [rpc.tensor(x), rpc.tensor(b), rpc.tensor(y)]
    assert client.call("scale", *args) is None
    assert client.values(y, 4) == (12, 24, 36, 48)
    for name in ("ffi.SystemLib", "runtime.SystemLib"):
        library = client.call(name)
        get = [rpc.module(library), rpc.text("scale"), rpc.boolean(True)]
        scale = client.call("tvm.rpc.server.ModuleGetFunction", *get)
        assert scale == client.function("scale")
        client.put(y, bytes(16))
        assert client.call(scale, *args) is None
        assert client.values(y, 4) == (12, 24, 36, 48)
        client.system(rpc.FREE_HANDLE, rpc.handle(scale))
        client.system(rpc.FREE_HANDLE, rpc.handle(library))
    get = [rpc.module(library), rpc.text("model.run"), rpc.boolean(True)]
    assert client.call("tvm.rpc.server.ModuleGetFunction", *get) is None


def test_tensor_with_offset_is_a_view(client: Client) -> None:
    array = client.array(0, 0, 1, 2, 3, 4, 0)
    view, y = rpc.Tensor(array.address, (4,), offset=8), client.array(0, 0, 0, 0)
    client.call("scale", rpc.tensor(view), rpc.tensor(view), rpc.tensor(y))
    assert client.values(y, 4) == (3, 6, 9, 12)


def test_model(client: Client) -> None:
    x = client.array(10, 20, 30, 40)
    assert client.call("model.set_input", rpc.integer(0), rpc.tensor(x)) is None
    assert client.call("model.run") is None
    total, number = client.call("model.get_output", rpc.integer(0))
    assert total.shape == (1, 1) and client.values(total, 1) == (210,)
    y = client.array(0, 0, 0, 0)
    assert client.call("model.get_output", rpc.integer(1), rpc.tensor(y)) is None
    assert client.values(y, 4) == (21, 42, 63, 84)
    assert client.system(rpc.FREE_HANDLE, rpc.handle(number)) is None
    assert client.call("model.run") is None, "inputs live on"
    assert client.values(client.call("model.get_output", rpc.integer(0))[0], 1) == (210,)


def test_checksums_of_tensors(client: Client) -> None:
    """A wrong one leaves the input as it was."""
    values = (10, 20, 30, 40)
    crc = zlib.crc32(struct.pack("<4i", *values)) & 0x7FFFFFFF
    x, other = client.array(*values), client.array(10, 20, 30, 41)
    index = rpc.integer(0)
    assert client.call("model.set_input", index, rpc.tensor(x), rpc.integer(crc)) is None
    for number in (crc, crc ^ 1, 0, 2**32 - 2):
        tensor = rpc.tensor(other if number == crc else x)
        refused_call(client, "damaged", "model.set_input", index, tensor, rpc.integer(number))
    client.call("model.run")
    total, number = client.call("model.get_output", index)
    assert client.values(total, 1) == (210,)
    found = client.call("model.output_crc", index)
    assert found == zlib.crc32(struct.pack("<i", 210)) & 0x7FFFFFFF
    refused_call(client, "no such tensor", "model.output_crc", rpc.integer(9))


def test_layers_one_by_one(client: Client) -> None:
    """A layer's tensors can be read after it has run, in parts if they do not fit a packet."""
    client.call("model.set_input", rpc.integer(0), rpc.tensor(client.array(1, 2, 3, 4)))

    def values(layer: int, argument: int, offset: int = 0) -> tuple[int, ...]:
        numbers = [rpc.integer(n) for n in (layer, argument, offset)]
        data = client.call("model.layer_tensor", *numbers)
        return struct.unpack(f"<{len(data) // 4}i", data)

    assert client.call("model.run_layer", rpc.integer(0)) is None
    assert values(0, 2) == (3, 6, 9, 12)
    assert values(0, 2, 8) == (9, 12)
    assert values(0, 2, 16) == values(0, 2, 2**32 - 2) == ()
    refused_call(client, "no such layer", "model.run_layer", rpc.integer(2))
    zero = rpc.integer(0)
    refused_call(client, "no such layer", "model.layer_tensor", rpc.integer(2), zero, zero)
    refused_call(client, "no such tensor", "model.layer_tensor", zero, rpc.integer(3), zero)


def test_model_info(client: Client) -> None:
    info = cbor2.loads(client.call("model.info"))
    size = client.call("tvm.rpc.server.GetCRTMaxPacketSize")
    assert info[:2] == [2, "tiny"] and info[2][:2] == b"\xaa\xbb" and len(info[2]) == 32
    outputs = [[0, 32, [1, 1]], [0, 32, [4]]]
    assert info[3:7] == [2, 2, [[0, 32, [4]]], outputs]
    assert info[7:] == [zlib.crc32(client.call("hwcnt.catalog")), size]


def test_largest_packet(client: Client) -> None:
    size = client.call("tvm.rpc.server.GetCRTMaxPacketSize")
    array = client.alloc((2000,), (0, 8, 1))
    length = size - len(rpc.u32(0) + array.packed() + rpc.u64(0))
    client.put(array, b"\xff" * length)
    assert client.get(array, 2000) == b"\xff" * length + bytes(2000 - length)
    client.send(rpc.u32(rpc.COPY_TO) + array.packed() + rpc.u64(length + 1) + bytes(length + 1))
    assert client.call("model.run") is None
    assert client.logs == ["frame dropped: too long"]


def test_profile_records_layers_and_whole(client: Client) -> None:
    client.call("hwcnt.select", rpc.data(cbor2.dumps([2, 0, 0, [[0, [0]]]])))
    assert client.call("model.profile", rpc.integer(2)) is None
    records = take(client)[9]
    assert [(r[0], r[1], r[2]) for r in records] == [
        (layer, repetition, origin)
        for repetition in range(2)
        for layer, origin in ((0, 1), (1, 1), (2, 2))
    ]
    assert take(client)[9] == []


def test_profile_of_several_calls_per_record(client: Client) -> None:
    """As many records as of one call each, and the same outputs."""
    client.call("model.set_input", rpc.integer(0), rpc.tensor(client.array(1, 2, 3, 4)))
    client.call("model.run")
    once = client.call("model.output_crc", rpc.integer(0))
    client.call("hwcnt.select", rpc.data(cbor2.dumps([2, 0, 0, [[0, [0]]]])))
    assert client.call("model.profile", rpc.integer(2), rpc.integer(5)) is None
    assert [r[0] for r in take(client)[9]] == [0, 1, 2, 0, 1, 2]
    assert client.call("model.output_crc", rpc.integer(0)) == once


def test_regions_of_the_user(client: Client) -> None:
    client.call("hwcnt.select", rpc.data(SELECT_ALL))
    assert client.call("hwcnt.begin", rpc.integer(77)) is None
    client.call("model.run")
    assert client.call("hwcnt.end") is None
    (record,) = take(client)[9]
    assert record[:3] == [77, 0, 0] and record[-1] == {3: b"log"}


def test_profile_function(client: Client) -> None:
    x, y = client.array(1, 2, 3, 4), client.array(0, 0, 0, 0)
    args = [rpc.text("scale"), rpc.integer(5), rpc.integer(3)]
    tensors = [rpc.tensor(x), rpc.tensor(x), rpc.tensor(y)]
    assert client.call("model.profile_function", *args, *tensors) is None
    assert [tuple(record[:3]) for record in take(client)[9]] == [(0, i, 3) for i in range(3)]
    assert client.values(y, 4) == (3, 6, 9, 12)


def evaluator(client: Client, *, number: int = 1, repeat: int = 1, min_ms: int = 0) -> int:
    numbers = [1, 0, number, repeat, min_ms, 100, 0, 1, 0]
    args = [rpc.none(), rpc.text("scale"), *map(rpc.integer, numbers), rpc.text("")]
    result: int = client.call("runtime.RPCTimeEvaluator", *args)
    return result


def test_time_evaluator(client: Client) -> None:
    x, y = client.array(1, 2, 3, 4), client.array(0, 0, 0, 0)
    tensors = [rpc.tensor(x), rpc.tensor(x), rpc.tensor(y)]
    timer = evaluator(client, number=10, repeat=4)
    seconds = struct.unpack("<4d", client.call(timer, *tensors))
    assert all(second > 0 for second in seconds)
    assert [tuple(record[:3]) for record in take(client)[9]] == [(0, i, 3) for i in range(4)]
    # More calls take no longer on a clock that advances by reading: all 8 doublings, no record.
    timer_ms = evaluator(client, repeat=2, min_ms=2)
    struct.unpack("<2d", client.call(timer_ms, *tensors))
    assert len(take(client)[9]) == 2
    for number in (timer, timer_ms):
        client.system(rpc.FREE_HANDLE, rpc.handle(number))


def test_records_survive_a_lost_answer(client: Client) -> None:
    client.call("model.profile", rpc.integer(1))
    first = take(client)
    assert len(first[9]) == 3
    client.start()
    client.init()
    assert take(client)[9] == first[9]
    assert take(client)[9] == []


def test_records_come_in_parts(client: Client) -> None:
    client.call("hwcnt.select", rpc.data(SELECT_ALL))
    client.call("model.profile", rpc.integer(10))
    tags = []
    for _ in range(30):
        blob = take(client)
        tags += [(record[1], record[0]) for record in blob[9]]
        if blob[8] == 0:
            break
    assert tags == [(repetition, tag) for repetition in range(10) for tag in range(3)]


def test_a_blob_repeats_the_number_of_its_request(client: Client) -> None:
    for number in (0, 23, 24, 2**32 - 2):
        assert take(client, rpc.integer(number))[1] == number
    assert take(client)[1] == 0


def test_a_catalog_from_an_offset_on(client: Client) -> None:
    whole = client.call("hwcnt.catalog")
    for offset in (0, 1, len(whole) - 1, len(whole), 2**32 - 2):
        assert client.call("hwcnt.catalog", rpc.integer(offset)) == whole[offset:]


def test_new_session_frees_all(client: Client) -> None:
    old = client.array(1, 2, 3, 4)
    timers = [evaluator(client), evaluator(client)]
    client.start()
    with pytest.raises(rpc.RemoteError, match="not initialized"):
        client.call("model.run")
    client.init()
    with pytest.raises(rpc.RemoteError, match="outside"):
        client.get(old, 4)
    for timer in timers:
        with pytest.raises(rpc.RemoteError, match="handle"):
            client.system(rpc.FREE_HANDLE, rpc.handle(timer))
    timer = evaluator(client)
    assert timer not in timers
    client.system(rpc.FREE_HANDLE, rpc.handle(timer))
    args = [rpc.device(1, 0), rpc.integer(4096), rpc.integer(64), rpc.dtype(0, 8, 1)]
    assert client.system(rpc.ALLOC, *args) != 0


def test_shutdown_frees_all_and_a_client_can_come_again(client: Client) -> None:
    client.alloc((1000,))
    client.send(rpc.u32(rpc.SHUTDOWN))
    client.init()
    client.alloc((1000,))


def test_packet_of_length_zero_is_ignored(client: Client) -> None:
    client.send_raw(rpc.u64(0))
    assert client.call("model.run") is None
