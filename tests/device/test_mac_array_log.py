# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Jobs that the mac-array refuses, and the log that its driver keeps of all."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Any

import pytest
from counters_native import BUILDS
from hypothesis import given
from hypothesis import strategies as st
from mac_array_native import EXAMPLES, NAMES, Device, decoder, running_device
from mac_array_reference import Job

LINE = 32


@pytest.fixture(scope="module", params=BUILDS)
def device(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Device]:
    """The driver and its model, built three ways."""
    with running_device(request.param, tmp_path_factory.mktemp("mac_array")) as running:
        yield running


BAD_SHAPE, OVERFLOW, BAD_ADDRESS, BAD_RANGE, BAD_SCALE = range(1, 6)


@pytest.mark.parametrize(
    ("word", "value", "code"),
    [
        *[(word, value, BAD_SHAPE) for word in range(7) for value in (0, -1, 65536)],
        *[(word, value, BAD_SHAPE) for word in range(7, 13) for value in (0, -1, 256)],
        *[(word, value, BAD_SHAPE) for word in (13, 14) for value in (-1, 65536)],
        *[(15, value, BAD_SHAPE) for value in (0, 2, -1, 3)],
        *[(word, -1, OVERFLOW) for word in (*range(16, 26), 30, 31)],
        *[(word, 2**31 - 1, OVERFLOW) for word in (*range(16, 26), 30, 31)],
        *[(word, value, BAD_RANGE) for word in range(26, 30) for value in (-129, 128, 2**31 - 1)],
        (28, 100, BAD_RANGE),
    ],
)
def test_jobs_that_are_refused(device: Device, word: int, value: int, code: int) -> None:
    job = Job(2, (4, 4, 3), 8, (2, 2), clamp=(-100, 99))
    words = job.words()
    words[word] = value
    refused(device, words, job.tensors(), job.result().size, code)


def refused(device: Device, words: Any, tensors: list[Any], size: int, code: int) -> None:
    """The job does nothing, counts nothing, and its status and log say why."""
    device.select(*NAMES[:6], "job-log")
    before = device.values()
    result, y = device.run(words, tensors, size)
    assert result == -errno.EINVAL
    assert (y == 0x55).all()
    assert int(device.call("peek", 0x008)[0]) == 0x6 | code << 8
    assert device.values() == before
    (line,) = decoder().decode(device.drain(LINE)[1])
    assert line["error"] == decoder().ERRORS[code]
    assert line["cycles"] == line["stalls"] == 0


def test_sums_that_an_accumulator_does_not_hold_are_refused(device: Device) -> None:
    job = Job(1, (1, 2, 32768), 1, (1, 2))
    refused(device, job.words(), job.tensors(), 1, OVERFLOW)


@pytest.mark.parametrize("index", range(5))
def test_missing_tensors_are_refused(device: Device, index: int) -> None:
    job = EXAMPLES["3x3"]
    tensors: list[Any] = job.tensors()
    tensors[index] = None
    refused(device, job.words(), tensors, job.result().size, BAD_ADDRESS)


@pytest.mark.parametrize(
    ("index", "value"), [(3, 2**30 - 1), (3, -(2**31)), (4, 0), (4, 63), (4, -1), (4, 2**31 - 1)]
)
def test_scales_out_of_range_are_refused(device: Device, index: int, value: int) -> None:
    job = EXAMPLES["3x3"]
    tensors = job.tensors()
    tensors[index] = tensors[index].copy()
    tensors[index][-1] = value
    refused(device, job.words(), tensors, job.result().size, BAD_SCALE)


def test_job_log(device: Device) -> None:
    device.select("job-log")
    jobs = [EXAMPLES[name] for name in ("3x3", "depthwise", "matmul")]
    for job in jobs:
        device.check(job)
    result, data = device.drain(1000)
    assert result == len(data) == 3 * LINE
    lines = decoder().decode(data)
    assert [line["kind"] for line in lines] == ["conv2d", "depthwise", "matmul"]
    for line, job in zip(lines, jobs, strict=True):
        cost = job.cost()
        assert (line["cycles"], line["stalls"]) == (cost["busy-cycles"], cost["stall-cycles"])
        assert line["error"] is None
        assert line["batch"] == job.batch
        assert tuple(line["input"]) == job.in_shape
        assert tuple(line["output"]) == (*job.out_size, job.out_channels)
        assert (tuple(line["kernel"]), tuple(line["stride"])) == (job.kernel, job.stride)
    assert device.drain(1000) == (0, b"")


def test_job_log_that_is_cut(device: Device) -> None:
    device.select("job-log")
    for _ in range(2):
        device.check(EXAMPLES["3x3"])
    result, data = device.drain(LINE + 5)
    assert (result, len(data)) == (-errno.ENOBUFS, LINE + 5)
    assert len(decoder().decode(data)) == 1
    assert device.drain(1000) == (0, b"")


def test_job_log_counts_what_it_has_no_room_for(device: Device) -> None:
    device.select("job-log")
    job = Job(1, (1, 1, 1), 1, (1, 1))
    for _ in range(40):
        device.check(job)
    lines = decoder().decode(device.drain(10000)[1])
    assert len(lines) == 32
    assert lines[-1] == {"kind": "lost", "jobs": 9}
    device.check(job)
    assert int(device.call("forget")[0]) == LINE
    assert device.drain(10000) == (0, b"")


def test_nothing_is_logged_unless_selected(device: Device) -> None:
    device.select("jobs")
    device.check(EXAMPLES["3x3"])
    assert device.drain(1000) == (0, b"")


@given(st.binary(max_size=200))
def test_decoder_takes_any_bytes(data: bytes) -> None:
    try:
        lines = decoder().decode(data)
    except ValueError:
        return
    assert len(lines) == len(data) // LINE
