# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Flash and RAM that a plan takes, against the limits of `make bench`."""

from __future__ import annotations

from pathlib import Path

import pytest
from models import shared_model
from zephyr_counters.cli.tvmc_compile import summary
from zephyr_counters.compile import compile_model

from bench import emulated_core
from bench.kernels import LIMITS, PLAN_LIMIT, RAM_LIMITS


@pytest.mark.slow
@pytest.mark.parametrize("mcpu", [None, "cortex-m4", "cortex-m55"])
@pytest.mark.parametrize("model", sorted(LIMITS))
def test_flash_and_ram_of_a_plan(model: str, mcpu: str | None, tmp_path: Path) -> None:
    archive = compile_model(shared_model(model), mcpu=mcpu)
    assert archive.memory.ram <= RAM_LIMITS.get(model, archive.memory.ram)
    if missing := emulated_core.missing():
        pytest.skip(missing)
    archive.extract(tmp_path)
    core = emulated_core.CORES[mcpu or "cortex-m4"]
    files = {"plan.c": tmp_path / "src" / "plan.c"}
    (size,) = emulated_core.text_sizes(core, files, "-Os").values()
    assert size <= PLAN_LIMIT * len(archive.layers)


def test_the_peak_is_printed() -> None:
    archive = compile_model(shared_model("ad01_int8"), mcpu="cortex-m4")
    first, ram, where, flash = summary(Path("a.tar"), archive).splitlines()
    assert archive.peak is not None
    layer = archive.layers[archive.peak.layer]
    assert f"{sum(count for _, count in archive.peak.tensors):,} tensors" in ram
    assert f"RAM {archive.memory.ram:,} bytes" in ram
    assert f"peak in layer {layer.index}, {layer.name} " in where
    assert f"640 {archive.inputs[0].name}" in where
    assert f"{archive.memory.constants:,} bytes of constants" in flash
    assert "10 layers" in first
