# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Every candidate of every kernel library gives the same bits, on random shapes and values."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from random import Random

import kernel_operators
import kernel_program
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from zephyr_counters.compile.kernels import LIBRARIES, libraries_for
from zephyr_counters.extensions.kernel import KernelLibrary
from zephyr_counters.formats import core

from bench import emulated_core

pytestmark = pytest.mark.slow

SHAPES = 24
BATCH = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""An example is a program with many operators: compiling takes longer than running."""


def batch(random: Random, libraries: Iterable[KernelLibrary]) -> list[kernel_program.Case]:
    operators = [kernel_operators.operator(random) for _ in range(SHAPES)]
    return kernel_program.cases(libraries, operators, random)


@pytest.mark.parametrize("mcpu", ["cortex-m3", "cortex-m4", "cortex-m55"])
@BATCH
@given(random=st.randoms(use_true_random=False))
def test_candidates_on_an_emulated_core(mcpu: str, random: Random) -> None:
    if missing := emulated_core.missing():
        pytest.skip(missing)
    found = batch(random, libraries_for(core.features(mcpu)))
    with tempfile.TemporaryDirectory() as folder:
        machine = emulated_core.CORES[mcpu]
        kernel_program.check(found, kernel_program.run_on_core(found, machine, Path(folder)))


@BATCH
@given(random=st.randoms(use_true_random=False))
def test_candidates_stay_within_their_tensors(random: Random) -> None:
    if shutil.which("cc") is None:
        pytest.skip("no cc")
    found = batch(random, [library for library, _ in LIBRARIES])
    with tempfile.TemporaryDirectory() as folder:
        kernel_program.check(found, kernel_program.run_here(found, Path(folder)))
