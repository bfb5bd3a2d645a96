# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The ztests of drivers and port, and the sample, run by twister on native_sim."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from project_api import zephyr_toolchain, zephyr_workspace
from zephyr_fixtures import ROOT, need

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

PLATFORM = "native_sim/native/64"


def test_twister(tmp_path: Path) -> None:
    need("native_sim")
    workspace = zephyr_workspace.find(ROOT)
    west = workspace.west()
    assert west is not None
    out = tmp_path / "twister"
    # Not `west twister`, which wants a manifest's west-commands; the same script, run by the
    # Python that west has, where Zephyr's requirements are.
    python = Path(west[0]).with_name("python3")
    command = [str(python) if python.exists() else sys.executable]
    command += [str(workspace.base / "scripts" / "twister"), "-p", PLATFORM]
    command += ["--outdir", str(out), "--inline-logs", "-j2"]
    command += ["-T", str(ROOT / "tests" / "zephyr" / "drivers")]
    command += ["-T", str(ROOT / "tests" / "zephyr" / "port")]
    command += ["-T", str(ROOT / "zephyr_module" / "samples")]
    ran = subprocess.run(
        command,
        cwd=workspace.top,
        env={
            **os.environ,
            "ZEPHYR_BASE": str(workspace.base),
            **zephyr_toolchain.environment("posix"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    output = ran.stdout + ran.stderr
    if "No module named" in output and not (out / "twister.json").exists():
        pytest.skip(f"twister cannot start: {output.strip().splitlines()[-1]}")
    assert ran.returncode == 0, output
    suites = json.loads((out / "twister.json").read_text())["testsuites"]
    cases = [case for suite in suites for case in suite["testcases"]]
    assert sum(case["status"] == "passed" for case in cases) > 40
