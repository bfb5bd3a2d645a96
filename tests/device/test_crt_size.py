# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""What counters, shim and blob add to a firmware on TVM's C runtime."""

from __future__ import annotations

import pytest

from bench import crt_size
from bench.limits import Measurement

SHIM = ("shim: evaluator", "shim: functions", "shim: layers", "shim: layers_graph", "shim: reply")
SHIM_LIMIT = 1850


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measurement:
    """The measurement; skips the test if it cannot be made here."""
    (found,) = crt_size.measure(tmp_path_factory.mktemp("size"))
    if found.skipped:
        pytest.skip(found.skipped)
    return found


def test_every_file_is_counted(measured: Measurement) -> None:
    names = {path.stem for path in crt_size.SHIM.glob("*.c")} - {*crt_size.ALTERNATIVES}
    files = {f"shim: {name}" for name in names}
    assert files == set(SHIM) | {f"shim: {name}" for name in crt_size.IN_PLACE_OF_UPSTREAMS}
    assert set(measured.detail) == files | set(crt_size.SHARED)
    assert all(size > 0 for size in measured.detail.values())


def test_the_shim_stays_small(measured: Measurement) -> None:
    assert sum(measured.detail[name] for name in SHIM) <= SHIM_LIMIT


def test_all_of_it_is_within_the_promise(measured: Measurement) -> None:
    assert measured.verdict == "met", measured
