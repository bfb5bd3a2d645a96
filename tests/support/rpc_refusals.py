# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Requests that the device must refuse with an exception."""

from __future__ import annotations

import pytest
import rpc_client as rpc
from rpc_client import Client, RemoteError

U64_MAX = 2**64 - 1
CPU = rpc.device(1, 0)
X = rpc.Tensor(0, (4,))


def refused(client: Client, why: str, packet: bytes) -> None:
    """The answer to a packet is an exception whose text matches `why`."""
    client.send(packet)
    with pytest.raises(RemoteError, match=why):
        client.answer()


def refused_call(client: Client, why: str, function: str | int, *args: bytes) -> None:
    number = client.function(function) if isinstance(function, str) else function
    refused(client, why, rpc.u32(rpc.CALL) + rpc.u64(number) + rpc.sequence(*args))


def refused_system(client: Client, why: str, code: int, *args: bytes) -> None:
    refused(client, why, rpc.u32(code) + rpc.sequence(*args))
