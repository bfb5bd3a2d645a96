# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What the RPC server does for a client that does something wrong: its functions.

It says so, and goes on: each test ends with a call that works (fixture `client`).
"""

from __future__ import annotations

import pytest
import rpc_client as rpc
from rpc_client import Client
from rpc_refusals import refused_call


@pytest.mark.parametrize("index", [2, 255, 256, 2**31, 2**32 - 2])
def test_model_tensors_that_are_none(client: Client, array: rpc.Tensor, index: int) -> None:
    refused_call(client, "no such", "model.get_output", rpc.integer(index))
    refused_call(client, "no such", "model.set_input", rpc.integer(index), rpc.tensor(array))


@pytest.mark.parametrize("number", [-1, 2**32 - 1, 2**32, -(2**63)])
def test_numbers_out_of_range(client: Client, array: rpc.Tensor, number: int) -> None:
    refused_call(client, "range", "model.get_output", rpc.integer(number))
    refused_call(client, "range", "model.profile", rpc.integer(number))
    refused_call(client, "range", "hwcnt.begin", rpc.integer(number))


@pytest.mark.parametrize("numbers", [(65536,), (1, 0), (0, 0), (1, 65536), (2, 40000)])
def test_profiles_that_would_not_end(client: Client, numbers: tuple[int, ...]) -> None:
    refused_call(client, "more repetitions", "model.profile", *map(rpc.integer, numbers))


def timer_args(**changes: int | str) -> list[bytes]:
    values: dict[str, int | str] = {
        "name": "scale",
        "device": 1,
        "id": 0,
        "number": 1,
        "repeat": 1,
        "min_ms": 0,
        "zeros": 1,
        "cooldown": 0,
        "period": 1,
        "flush": 0,
        "preproc": "",
    }
    values.update(changes)
    encoded = [rpc.text(v) if isinstance(v, str) else rpc.integer(v) for v in values.values()]
    return [rpc.none(), *encoded]


BAD_TIMERS: list[tuple[str, dict[str, int | str]]] = [
    ("no kernel", {"name": "sale"}),
    ("no kernel", {"name": ""}),
    ("no kernel", {"name": "model.run"}),
    ("number times repeat", {"number": 0}),
    ("number times repeat", {"repeat": 0}),
    ("number times repeat", {"repeat": 65536}),
    ("number times repeat", {"number": 1000001}),
    ("number times repeat", {"number": 65536, "repeat": 65535}),
    ("range", {"number": -1}),
    ("min_repeat_ms", {"min_ms": 60001}),
    ("cooldown", {"cooldown": 1}),
    ("cooldown", {"flush": 1}),
    ("cooldown", {"preproc": "cache_flush_cpu_non_first_arg"}),
]


@pytest.mark.parametrize("case", range(len(BAD_TIMERS)))
def test_time_evaluators(client: Client, case: int) -> None:
    why, changes = BAD_TIMERS[case]
    refused_call(client, why, "runtime.RPCTimeEvaluator", *timer_args(**changes))
    client.call("runtime.RPCTimeEvaluator", *timer_args())


def test_time_evaluators_run_out(client: Client, array: rpc.Tensor) -> None:
    # MAX_TENSORS of device_build.py, of which the fixtures took two.
    timers = [client.call("runtime.RPCTimeEvaluator", *timer_args()) for _ in range(6)]
    refused_call(client, "no room", "runtime.RPCTimeEvaluator", *timer_args())
    for timer in timers[2:]:
        client.system(rpc.FREE_HANDLE, rpc.handle(timer))
    client.system(rpc.FREE_HANDLE, rpc.handle(timers[0]))
    x = rpc.tensor(array)
    refused_call(client, "handle", timers[0], x, x, x)
    refused_call(client, "number", timers[1], x, x)
    client.call("runtime.RPCTimeEvaluator", *timer_args())
    # As many results as the largest number of repetitions do not fit into this memory.
    client.system(rpc.FREE_HANDLE, rpc.handle(timers[1]))
    huge = client.call("runtime.RPCTimeEvaluator", *timer_args(repeat=65535))
    refused_call(client, "no room", huge, x, x, x)


def test_kernels_that_fail(client: Client) -> None:
    z = rpc.tensor(client.alloc((1, 1)))
    numbers = [rpc.integer(3), rpc.integer(2)]
    for first, why in ((-1, "workspace too small: total"), (-2, "kernel failed: t")):
        y = rpc.tensor(client.array(first, 0, 0, 0))
        refused_call(client, why, "total", y, z)
        refused_call(client, why, "model.profile_function", rpc.text("total"), *numbers, y, z)
        timer = client.call("runtime.RPCTimeEvaluator", *timer_args(name="total"))
        refused_call(client, why, timer, y, z)
        client.system(rpc.FREE_HANDLE, rpc.handle(timer))
    assert client.call("total", rpc.tensor(client.array(1, 2, 3, 4)), z) is None
    # The model's first layer adds (1, 2, 3, 4) to twice its input.
    bad_input = client.array(-1, 0, 0, 0)
    client.call("model.set_input", rpc.integer(0), rpc.tensor(bad_input))
    refused_call(client, "workspace", "model.run")
    refused_call(client, "workspace", "model.profile", rpc.integer(2))
    client.call("model.set_input", rpc.integer(0), rpc.tensor(client.array(0, 0, 0, 0)))
    client.call("model.profile", rpc.integer(1))


def test_regions(client: Client) -> None:
    refused_call(client, "region", "hwcnt.end")
    for tag in (1, 2):
        client.call("hwcnt.begin", rpc.integer(tag))
    refused_call(client, "region", "hwcnt.begin", rpc.integer(3))
    refused_call(client, "region", "model.profile", rpc.integer(1))
    client.call("hwcnt.end")
    refused_call(client, "region", "model.profile", rpc.integer(1))
    client.call("hwcnt.end")
    client.call("model.profile", rpc.integer(1))
