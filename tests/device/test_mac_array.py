# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Results and counters of the mac-array against mac_array_reference.py."""

from __future__ import annotations

import errno
from collections.abc import Iterator

import pytest
from counters_native import BUILDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mac_array_native import EXAMPLES, NAMES, Device, running_device
from mac_array_reference import Job


@pytest.fixture(scope="module", params=BUILDS)
def device(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Device]:
    """The driver and its model, built three ways."""
    with running_device(request.param, tmp_path_factory.mktemp("mac_array")) as running:
        yield running


@pytest.mark.parametrize("name", EXAMPLES)
def test_result(device: Device, name: str) -> None:
    device.check(EXAMPLES[name])


@pytest.mark.parametrize("name", EXAMPLES)
def test_counters_follow_from_the_registers(device: Device, name: str) -> None:
    job = EXAMPLES[name]
    seen: dict[str, int] = {}
    for names in (NAMES[:6], ["tiles", "macs", "busy-cycles"]):
        assert device.select(*names) == 0
        before = device.values()
        job.x[:] = -job.x
        device.check(job)
        for counter, first, last in zip(names, before, device.values(), strict=True):
            difference = (last - first) % 2**32
            assert seen.setdefault(counter, difference) == difference
    assert seen == job.cost()
    busy, stalls = seen["busy-cycles"], seen["stall-cycles"]
    assert seen["macs"] <= 64 * (busy - stalls)
    assert seen["bytes-in"] + seen["bytes-out"] <= 4 * busy
    if job.depthwise:
        assert seen["macs"] <= 8 * (busy - stalls)


SIZES = st.integers(1, 6)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.builds(
        lambda batch, shape, outputs, kernel, **rest: Job(
            batch, shape, shape[2] if rest["depthwise"] else outputs, kernel, **rest
        ),
        st.integers(1, 3),
        st.tuples(st.integers(13, 20), st.integers(13, 20), SIZES),
        st.integers(1, 17),
        st.tuples(st.integers(1, 4), st.integers(1, 4)),
        stride=st.tuples(SIZES, SIZES),
        dilation=st.tuples(st.integers(1, 3), st.integers(1, 3)),
        pad=st.tuples(*[st.integers(0, 4)] * 4),
        depthwise=st.booleans(),
        nchw=st.booleans(),
        zeros=st.tuples(st.integers(-128, 127), st.integers(-128, 127)),
        clamp=st.sampled_from([(-128, 127), (0, 0), (-7, 90)]),
        seed=st.integers(0, 2**32 - 1),
    )
)
def test_random_jobs(device: Device, job: Job) -> None:
    assert device.select(*NAMES[:6]) == 0
    before = device.values()
    device.check(job)
    differences = [(b - a) % 2**32 for a, b in zip(before, device.values(), strict=True)]
    assert differences == list(job.cost().values())[:6]


def test_counters_wrap_at_32_bits(device: Device) -> None:
    job = EXAMPLES["matmul"]
    assert device.select("macs", "bytes-in", "stall-cycles", "bytes-out") == 0
    for slot in range(4):
        device.call("poke", 0x040 + 4 * slot, 2**32 - 1)
    assert device.values() == [2**32 - 1] * 4
    device.check(job)
    cost = job.cost()
    names = ("macs", "bytes-in", "stall-cycles", "bytes-out")
    assert device.values() == [cost[name] - 1 for name in names]


def test_cycles_of_a_job_are_in_its_registers(device: Device) -> None:
    job = EXAMPLES["3x3"]
    device.check(job)
    assert int(device.call("peek", 0x00C)[0]) == job.cost()["busy-cycles"]
    assert int(device.call("peek", 0x010)[0]) == job.cost()["stall-cycles"]
    assert int(device.call("peek", 0x000)[0]) == int.from_bytes(b"MAC8", "big")


def test_selecting(device: Device) -> None:
    assert device.select(*NAMES[:2], *NAMES[2:6], "job-log") == 0
    assert device.select(*NAMES) == -errno.ENOSPC
    assert device.select("macs", "macs") == -errno.EINVAL
    assert int(device.call("select", 8)[0]) == -errno.EINVAL
    # What fails leaves the selection as it was.
    assert len(device.values()) == 6
    assert device.select() == 0
