# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Two providers that claim one PMU do not build, and the error says which."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from zephyr_counters.project_api import zephyr_toolchain, zephyr_workspace
from zephyr_fixtures import ROOT, need

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DWT = 'dwt@e0001000 { compatible = "arm,cortex-m-dwt"; reg = <0xe0001000 0x1000>; };'
DWT_AGAIN = 'dwt@e0002000 { compatible = "arm,cortex-m-dwt"; reg = <0xe0002000 0x1000>; };'
PMU = 'pmu@e0003000 { compatible = "arm,armv8.1-m-pmu"; reg = <0xe0003000 0x1000>; };'
PMU_AGAIN = 'pmu@e0004000 { compatible = "arm,armv8.1-m-pmu"; reg = <0xe0004000 0x1000>; };'


@pytest.mark.parametrize(
    ("nodes", "error"),
    [
        ((DWT, PMU), "both claim one cycle counter"),
        ((DWT, DWT_AGAIN), "a core has one DWT"),
        ((PMU, PMU_AGAIN), "a core has one PMU"),
    ],
    ids=["dwt-and-pmu", "two-dwt", "two-pmu"],
)
def test_two_providers_of_one_pmu(nodes: tuple[str, str], error: str, tmp_path: Path) -> None:
    need("native_sim")
    workspace = zephyr_workspace.find(ROOT)
    west = workspace.west()
    assert west is not None
    overlay = tmp_path / "two.overlay"
    overlay.write_text("/ {\n\t" + "\n\t".join(nodes) + "\n};\n")
    command = [*west, "build", "-b", "native_sim/native/64", "-d", str(tmp_path / "build")]
    command += [str(ROOT / "tests" / "zephyr" / "drivers" / "kernel_cycles")]
    command += ["--", f"-DEXTRA_DTC_OVERLAY_FILE={overlay}"]
    built = subprocess.run(
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
    assert built.returncode != 0
    assert error in built.stdout + built.stderr
