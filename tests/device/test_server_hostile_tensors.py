# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the RPC server does for a client that does something wrong: tensors and memory.

It says so, and goes on: each test ends with a call that works (fixture `client`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import rpc_client as rpc
from rpc_client import Client
from rpc_refusals import CPU, U64_MAX, X, refused, refused_call, refused_system


def test_tensor_freed_twice(client: Client, array: rpc.Tensor) -> None:
    client.system(rpc.FREE_DATA, CPU, rpc.handle(array.address))
    refused_system(client, "handle", rpc.FREE_DATA, CPU, rpc.handle(array.address))
    output, number = client.call("model.get_output", rpc.integer(1))
    client.system(rpc.FREE_HANDLE, rpc.handle(number))
    refused_system(client, "handle", rpc.FREE_HANDLE, rpc.handle(number))
    again = client.alloc((4,))
    assert again.address in (output.address, array.address)
    refused_system(client, "handle", rpc.FREE_HANDLE, rpc.handle(number))
    refused_system(client, "handle", rpc.FREE_DATA, CPU, rpc.handle(again.address + 4))


BAD_TENSORS: list[tuple[str, Callable[[rpc.Tensor], rpc.Tensor]]] = [
    ("outside", lambda t: replace(t, address=0)),
    ("outside", lambda t: replace(t, address=1)),
    ("outside", lambda t: replace(t, address=t.address + 16)),
    ("outside", lambda t: replace(t, address=t.address - 1)),
    ("outside", lambda t: replace(t, address=t.address + 1)),
    ("outside", lambda t: replace(t, address=t.address ^ 1 << 40)),
    ("outside", lambda t: replace(t, address=t.address ^ 1 << 63)),
    ("outside", lambda t: replace(t, address=U64_MAX)),
    ("outside", lambda t: replace(t, address=U64_MAX - 15)),
    ("outside", lambda t: replace(t, address=0xFFFFFFFF)),
    ("outside", lambda t: replace(t, offset=1)),
    ("outside", lambda t: replace(t, offset=16)),
    ("outside", lambda t: replace(t, offset=2**32 - 16)),
    ("outside", lambda t: replace(t, offset=2**32)),
    ("outside", lambda t: replace(t, offset=U64_MAX - 15)),
    ("outside", lambda t: replace(t, offset=U64_MAX)),
    ("device", lambda t: replace(t, device=(2, 0))),
    ("device", lambda t: replace(t, device=(1, 1))),
    ("device", lambda t: replace(t, device=(-1, 0))),
    ("device", lambda t: replace(t, device=(129, 0))),
    ("shape", lambda t: replace(t, shape=(3,))),
    ("outside", lambda t: replace(t, shape=(5,))),
    ("shape", lambda t: replace(t, shape=())),
    ("shape", lambda t: replace(t, shape=(2, 2))),
    ("shape", lambda t: replace(t, shape=(4, 1))),
    ("shape", lambda t: replace(t, shape=(0,))),
    ("invalid shape", lambda t: replace(t, shape=(-1,))),
    ("invalid shape", lambda t: replace(t, shape=(-4,))),
    ("invalid shape", lambda t: replace(t, shape=(-(2**63),))),
    ("invalid shape", lambda t: replace(t, shape=(2**32,))),
    ("invalid shape", lambda t: replace(t, shape=(2**62, 4))),
    ("invalid shape", lambda t: replace(t, shape=(2**16, 2**16))),
    ("invalid shape", lambda t: replace(t, shape=(2**31, 2**31, 4))),
    ("invalid shape", lambda t: replace(t, shape=(0, -1))),
    ("outside", lambda t: replace(t, shape=(2**26,))),
    ("shape", lambda t: replace(t, type=(1, 32, 1))),
    ("shape", lambda t: replace(t, type=(2, 32, 1))),
    ("shape", lambda t: replace(t, type=(0, 16, 1))),
    ("shape", lambda t: replace(t, type=(0, 16, 2))),
    ("outside", lambda t: replace(t, type=(0, 32, 2))),
    ("dtype", lambda t: replace(t, type=(0, 0, 1))),
    ("dtype", lambda t: replace(t, type=(0, 32, 0))),
    ("invalid shape|outside", lambda t: replace(t, type=(0, 255, 65535))),
]


@pytest.mark.parametrize("case", range(len(BAD_TENSORS)))
def test_tensors_for_kernels(client: Client, array: rpc.Tensor, case: int) -> None:
    why, change = BAD_TENSORS[case]
    x, bad = rpc.tensor(array), rpc.tensor(change(array))
    for args in ([bad, x, x], [x, bad, x], [x, x, bad]):
        refused_call(client, why, "scale", *args)
    refused_call(client, why, "model.set_input", rpc.integer(0), bad)
    refused_call(client, why, "model.get_output", rpc.integer(1), bad)
    numbers = [rpc.integer(1), rpc.integer(1)]
    refused_call(client, why, "model.profile_function", rpc.text("scale"), *numbers, x, x, bad)
    assert client.values(array, 4) == (1, 2, 3, 4)


def test_tensor_that_is_not_aligned(client: Client) -> None:
    array = client.alloc((8,))
    for offset in (1, 2, 3, 5):
        x = rpc.tensor(rpc.Tensor(array.address, (4,), offset=offset))
        refused_call(client, "aligned", "scale", x, x, x)
        x = rpc.tensor(rpc.Tensor(array.address + offset, (4,)))
        refused_call(client, "aligned", "scale", x, x, x)


def test_dimensions_without_end(client: Client, array: rpc.Tensor) -> None:
    head = rpc.u64(array.address) + bytes([1, 0, 0, 0, 0, 0, 0, 0])
    for ndim in (9, 1024, 1025, 2**16, 2**29, 2**31, 2**32 - 1):
        tensor = head + rpc.u32(ndim) + bytes([0, 32, 1, 0]) + rpc.u64(4) * 2
        refused(client, "length", rpc.u32(rpc.COPY_FROM) + tensor + rpc.u64(0))
    # As many as fit into a packet are no error by themselves.
    ones = rpc.Tensor(array.address, (1,) * 50)
    assert client.get(ones, 4) == rpc.u32(1)


@pytest.mark.parametrize("offset", [0, 4, 16, 17, 2**32 - 1, 2**32, 2**63, U64_MAX])
@pytest.mark.parametrize("length", [1, 13, 17, 2**32 - 1, 2**32, 2**63, U64_MAX])
def test_copies_past_the_end(client: Client, array: rpc.Tensor, offset: int, length: int) -> None:
    if offset + length <= 16:
        return
    part = replace(array, offset=offset).packed() + rpc.u64(length)
    refused(client, "past the end", rpc.u32(rpc.COPY_FROM) + part)
    refused(client, "past the end|length", rpc.u32(rpc.COPY_TO) + part + bytes(min(length, 64)))


@pytest.mark.parametrize("case", range(16))
def test_copies_elsewhere(client: Client, array: rpc.Tensor, case: int) -> None:
    _, change = BAD_TENSORS[case]
    for code, more in ((rpc.COPY_FROM, b""), (rpc.COPY_TO, bytes(16))):
        packet = rpc.u32(code) + change(array).packed() + rpc.u64(16) + more
        refused(client, "outside|past", packet)


def test_copy_larger_than_its_tensor_claims(client: Client, array: rpc.Tensor) -> None:
    large = replace(array, shape=(8,)).packed()
    refused(client, "outside", rpc.u32(rpc.COPY_FROM) + large + rpc.u64(32))
    packet = rpc.u32(rpc.COPY_TO) + array.packed() + rpc.u64(16)
    refused(client, "another length|too|length", packet + bytes(15))
    refused(client, "another length|too|length", packet + bytes(17))
    other = client.alloc((2,))
    args = [rpc.tensor(array), rpc.tensor(other), rpc.handle(0)]
    refused_system(client, "different sizes", rpc.COPY_AMONG, *args)


@pytest.mark.parametrize("size", [4097, 2**31, 2**32 - 1, 2**32, 2**63, U64_MAX])
def test_more_memory_than_there_is(client: Client, size: int) -> None:
    args = [CPU, rpc.integer(size), rpc.integer(64), rpc.dtype(0, 8, 1)]
    refused_system(client, "no room|range", rpc.ALLOC, *args)
    model = rpc.tensor(rpc.Tensor(0, (size,), (0, 8, 1)))
    refused_system(client, "no room|invalid shape", rpc.ALLOC_SCOPE, model, rpc.none())


def test_all_memory_taken(client: Client) -> None:
    whole = client.alloc((3000,), (0, 8, 1))
    refused_system(client, "no room", rpc.ALLOC_SCOPE, rpc.tensor(whole), rpc.none())
    client.system(rpc.FREE_DATA, CPU, rpc.handle(whole.address))
    many = [client.alloc(X.shape) for _ in range(8)]
    refused_system(client, "no room", rpc.ALLOC_SCOPE, rpc.tensor(X), rpc.none())
    x = rpc.tensor(many[0])
    # A call takes no memory; a measured one has seconds to keep.
    assert client.call("scale", x, x, x) is None
    numbers = (rpc.integer(1), rpc.integer(1))
    refused_call(client, "no room", "model.profile_function", rpc.text("scale"), *numbers, x, x, x)
    refused_call(client, "no room", "model.get_output", rpc.integer(0))


def test_scopes_devices_streams(client: Client, array: rpc.Tensor) -> None:
    refused_system(client, "scope", rpc.ALLOC_SCOPE, rpc.tensor(X), rpc.text("shared"))
    for wrong in (rpc.device(2, 0), rpc.device(1, 1), rpc.device(0, 0), rpc.device(-1, -1)):
        refused_system(client, "device", rpc.SET_DEVICE, wrong)
        refused_system(client, "device", rpc.FREE_DATA, wrong, rpc.handle(array.address))
        args = [wrong, rpc.integer(1), rpc.integer(1), rpc.dtype(0, 8, 1)]
        refused_system(client, "device", rpc.ALLOC, *args)
    for code in (rpc.SET_STREAM, rpc.STREAM_SYNC, rpc.FREE_STREAM):
        refused_system(client, "handle", code, CPU, rpc.handle(1))
