# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A short run of the fuzzer; `make fuzz` runs it for longer."""

from __future__ import annotations

import os
from pathlib import Path

import fuzz
import pytest

SECONDS = int(os.environ.get("FUZZ_SECONDS", "60" if os.environ.get("CI") else "15"))


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 240)
@pytest.mark.skipif(fuzz.why_not() is not None, reason=f"no fuzzing: {fuzz.why_not()}")
def test_nothing_is_found(tmp_path: Path) -> None:
    assert fuzz.fuzz(SECONDS, tmp_path) == 0
