# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The ztests of drivers and port, and the sample, run by twister on emulated boards."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from zephyr_counters.project_api import zephyr_toolchain, zephyr_workspace
from zephyr_fixtures import ROOT, board_data, need

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

# Twister imports pytest, which a workspace's Python need not have; ours comes last.
RUN = (
    "import os, runpy, sys\n"
    f"sys.path.append({str(Path(pytest.__file__).parents[1])!r})\n"
    "sys.argv = sys.argv[1:]\n"
    "sys.path[0] = os.path.dirname(sys.argv[0])\n"
    "runpy.run_path(sys.argv[0], run_name='__main__')\n"
)


@pytest.mark.parametrize(
    ("boards", "options", "least"),
    [
        (("native_sim",), (), 60),
        (("mps2_an385", "corstone300"), (), 28),
        # As in boards/qemu_riscv64: Debian's compiler has libraries for no rv64 without it.
        (("qemu_riscv64",), ("-x", "CONFIG_FPU=y"), 20),
        # Debian's compiler makes atomics calls that need its C library.
        (("qemu_cortex_a53",), ("-x", 'CONFIG_COMPILER_OPT="-mno-outline-atomics"'), 18),
    ],
    ids=["native", "arm", "riscv", "arm64"],
)
def test_twister(
    boards: tuple[str, ...], options: tuple[str, ...], least: int, tmp_path: Path
) -> None:
    """What the tests name these boards for, all of one architecture; at least so many cases."""
    for board in boards:
        need(board)
    workspace = zephyr_workspace.find(ROOT)
    west = workspace.west()
    assert west is not None
    out = tmp_path / "twister"
    # Not `west twister`, which wants a manifest's west-commands; the same script, run by the
    # Python that west has, where Zephyr's requirements are.
    python = Path(west[0]).with_name("python3")
    command = [str(python) if python.exists() else sys.executable, "-c", RUN]
    command += [str(workspace.base / "scripts" / "twister")]
    for board in boards:
        command += ["-p", str(board_data(board)["zephyr_board"])]
    # Warnings in Zephyr's own sources are not ours to fail for; those in ours are, below.
    command += ["--outdir", str(out), "--inline-logs", "-j2", "--disable-warnings-as-errors"]
    command += ["--integration", *options]
    command += ["-T", str(ROOT / "tests" / "zephyr" / "drivers")]
    command += ["-T", str(ROOT / "tests" / "zephyr" / "clock")]
    command += ["-T", str(ROOT / "tests" / "zephyr" / "port")]
    command += ["-T", str(ROOT / "zephyr_module" / "samples")]
    with subprocess.Popen(
        command,
        cwd=workspace.top,
        env={
            **os.environ,
            "ZEPHYR_BASE": str(workspace.base),
            **zephyr_toolchain.environment(board_data(boards[0])["arch"]),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as twister:
        try:
            output, _ = twister.communicate()
        finally:
            # Its workers outlive it where it is ended before it is done.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(twister.pid, signal.SIGKILL)
    if "No module named" in output and not (out / "twister.json").exists():
        pytest.skip(f"twister cannot start: {output.strip().splitlines()[-1]}")
    assert twister.returncode == 0, output
    for log in out.rglob("build.log"):
        lines = log.read_text(errors="replace").splitlines()
        assert not [line for line in lines if str(ROOT) in line and "warning:" in line], log
    suites = json.loads((out / "twister.json").read_text())["testsuites"]
    cases = [case for suite in suites for case in suite.get("testcases", ())]
    assert sum(case["status"] == "passed" for case in cases) >= least
