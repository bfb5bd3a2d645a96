# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Programs that several tests of the device's code share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import device_build
import pytest
import rpc_client as rpc
from counters_native import BUILDS
from crt_native import compile_shim
from rpc_client import Client


@pytest.fixture(scope="session", params=list(device_build.VARIANTS))
def harness(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server with the tiny model, speaking on standard input and output."""
    if reason := device_build.why_not(request.param):
        pytest.skip(reason)
    names = ["server_harness.c", "test_port.c", "tiny_model.c"]
    return device_build.compile_c(
        tmp_path_factory.mktemp("harness") / "server_harness",
        [device_build.TESTS / name for name in names] + device_build.DEVICE,
        request.param,
    )


@pytest.fixture(scope="session", params=BUILDS)
def crt_shim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim under TVM 0.18's C runtime, over a fake of that, built three ways."""
    return compile_shim(tmp_path_factory.mktemp("crt"), request.param)


@pytest.fixture
def client(harness: Path) -> Iterator[Client]:
    """A session that must still work after the test."""
    with Client(harness) as connected:
        yield connected
        assert connected.call("model.run") is None


@pytest.fixture
def array(client: Client) -> rpc.Tensor:
    """int32 (1, 2, 3, 4), with another tensor before it."""
    client.alloc((4,))
    return client.array(1, 2, 3, 4)
