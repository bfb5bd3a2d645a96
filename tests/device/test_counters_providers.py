# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The providers of the posix port, on whatever machine this is; and its compatibility headers."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path

import pytest
from counters_native import BUILDS, HERE, MODULE, compile_program, posix_providers

NAMES = {"host-clock", "host-cycles", "host-rusage", "perf-event"}
NEED_NOTHING = ("host-clock", "host-cycles", "host-rusage")


@pytest.fixture(scope="module", params=BUILDS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness with all providers, built three ways."""
    sources = [
        *posix_providers(MODULE / "drivers/hwcnt"),
        MODULE / "drivers/hwcnt/hwcnt.c",
        HERE / "counters_providers_harness.c",
    ]
    return compile_program(sources, tmp_path_factory.mktemp("providers"), request.param)


def lines(program: Path, *arguments: str) -> list[list[str]]:
    """The harness's lines, in fields."""
    output = subprocess.run(
        [program, *arguments], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    return [line.split("|") for line in output.splitlines()]


def provider(program: Path, name: str) -> list[str]:
    """The fields of one provider; skips the test if it is not available here."""
    (fields,) = [fields for fields in lines(program) if fields[0] == name]
    if fields[4]:
        pytest.skip(f"{name}: {fields[4]}")
    return fields


def test_all_are_there(program: Path) -> None:
    found = {fields[0]: fields for fields in lines(program)}
    assert set(found) == NAMES
    for name, fields in found.items():
        assert fields[1] == f"zephyr-counters,{name}"
        assert len(set(fields[5].split())) == len(fields[5].split())


def test_the_catalog_stays_what_it_is(program: Path) -> None:
    """In one process; a clock that was measured may differ a little in the next one."""
    first, second = ({fields[0]: int(fields[3]) for fields in lines(program)} for _ in range(2))
    for name, hz in first.items():
        assert second[name] == pytest.approx(hz, rel=0.01)
    assert first["host-clock"] == 10**9
    assert first["host-rusage"] == first["perf-event"] == 0


@pytest.mark.parametrize("name", NEED_NOTHING)
def test_counters_count(program: Path, name: str) -> None:
    hz = int(provider(program, name)[3])
    values = {counter: int(value) for _, counter, value in lines(program, name)}
    assert values.pop("twice") == values.pop("unknown") == -errno.EINVAL
    assert values.pop("none") == 0
    if name == "host-clock":
        assert 0 < values["cpu-time"] < 60 * hz and 0 < values["time"] < 60 * hz
    elif name == "host-cycles":
        assert 0 < values["cycles"] < 60 * hz
    else:
        # Sanitizers have touched these pages before.
        assert values["minor-faults"] >= 0
        assert max(values.values()) < 10**6


def test_frequency_of_cycles_is_one_of_a_processor(program: Path) -> None:
    hz = int(provider(program, "host-cycles")[3])
    assert 10**6 < hz < 10**11


def test_perf_event_says_why_not(program: Path) -> None:
    (fields,) = [fields for fields in lines(program) if fields[0] == "perf-event"]
    if fields[4]:
        assert fields[4].startswith("perf_event_open: ")
        assert "perf_event_paranoid is " in fields[4]
        assert fields[2] == "0"
    assert fields[5].split()[-1] == "not-counting"


@pytest.mark.parametrize("build", BUILDS)
def test_perf_group(build: str, tmp_path: Path) -> None:
    """With software events, as many machines that run tests have no others."""
    providers = MODULE / "drivers/hwcnt/perf_event"
    sources = [providers / "perf_group.c", HERE / "counters_perf_harness.c"]
    program = compile_program(sources, tmp_path, build, [f"-I{providers}"])
    output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    opened, *_ = numbers = output.splitlines()[0].split()
    if opened != "0":
        pytest.skip(f"perf_event_open of software events: {output}")
    _, faults, ns, not_counting = map(int, numbers)
    assert faults > 100 and ns > 0 and not_counting == 0
    assert output.splitlines()[1].startswith(f"-{errno.ENOENT} perf_event_open: No such file")


def test_perf_event_counts(program: Path) -> None:
    slots = int(provider(program, "perf-event")[2])
    assert slots >= 1
    values = {counter: int(value) for _, counter, value in lines(program, "perf-event")}
    if "error" in values:
        assert values["error"] == -errno.ENOSPC
        pytest.skip("fewer slots than events")
    assert values["instructions"] > 0
    assert values["not-counting"] == 0
