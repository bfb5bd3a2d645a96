# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Generated C on other machines: 32 bits, and a Cortex-M."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_fixtures import GENERATED, INCLUDE, build, compiler, int8_inputs
from models import shared_model
from zephyr_counters.compile import compile_model


@pytest.fixture(scope="module")
def kws() -> Any:
    return compile_model(shared_model("kws_ref_model"))


@pytest.mark.slow
def test_results_are_the_same_as_32_bit_code(kws: Any, tmp_path: Path) -> None:
    probe = subprocess.run(
        [compiler(), "-m32", "-xc", "-", "-o", tmp_path / "probe"],
        input="#include <stdio.h>\nint main(void) { return 0; }\n",
        capture_output=True,
        text=True,
    )
    if probe.returncode != 0:
        pytest.skip("the C compiler has no 32-bit libraries (gcc-multilib)")
    inputs = [[array] for array in int8_inputs(kws.inputs[0].shape, 4)]
    wide = build(kws, tmp_path / "wide").run(inputs)
    narrow = build(kws, tmp_path / "narrow", "-m32").run(inputs)
    np.testing.assert_array_equal(wide, narrow)


@pytest.mark.slow
def test_undefined_behaviour_sanitizer_finds_nothing(kws: Any, tmp_path: Path) -> None:
    flags = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    inputs = [[array] for array in int8_inputs(kws.inputs[0].shape, 4)]
    sanitized = build(kws, tmp_path / "sanitized", *flags).run(inputs)
    np.testing.assert_array_equal(sanitized, build(kws, tmp_path / "plain").run(inputs))


def test_generated_code_fits_a_cortex_m4(
    kws: Any, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    cc = compiler("arm-none-eabi-gcc")
    kws.extract(tmp_path)
    text = {}
    for name in GENERATED:
        target = tmp_path / f"{name}.o"
        flags = ["-mcpu=cortex-m4", "-mthumb", "-Os", "-std=gnu11", "-w", f"-I{INCLUDE}"]
        flags.append(f"-I{tmp_path / 'src'}")
        subprocess.run([cc, *flags, "-c", tmp_path / "src" / name, "-o", target], check=True)
        size = subprocess.run(
            ["arm-none-eabi-size", target], check=True, capture_output=True, text=True
        )
        text[name] = int(size.stdout.splitlines()[1].split()[0])
    record_property("cortex_m4_text", text)
    assert text["kernels.c"] < 4096
    assert text["weights.c"] < 32 * 1024
