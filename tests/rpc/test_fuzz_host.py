# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""A short run of the host's fuzzers, each in a process of its own; `make fuzz-host` runs longer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import fuzz_host
import pytest

SUPPORT = Path(fuzz_host.__file__)
SECONDS = float(os.environ.get("FUZZ_HOST_SECONDS", "7" if os.environ.get("CI") else "3"))


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 120)
@pytest.mark.parametrize("name", fuzz_host.TARGETS)
def test_nothing_is_found(name: str) -> None:
    if not fuzz_host.TARGETS[name].seeds():
        pytest.skip("no model to begin with")
    done = subprocess.run(
        # The same inputs each time; make fuzz-host takes new ones.
        [sys.executable, str(SUPPORT), name, "--seconds", f"{SECONDS}", "--seed", "1"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SUPPORT.parent), *sys.path])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, (done.stdout, done.stderr[-3000:])
    assert int(done.stdout.split()[-2]) >= 10, done.stdout
