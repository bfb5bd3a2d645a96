# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""How the commands start: as a module, quickly, without TVM, without POSIX."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from fake_board import FakeBoard
from zephyr_counters import __version__
from zephyr_counters.measure import profile as measured
from zephyr_counters.report import exports


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zephyr_counters", "-V"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"zephyr-counters {__version__}\n"


@pytest.mark.parametrize("module", ["zephyr_counters", "zephyr_counters.cli.tvmc"])
def test_a_version_imports_next_to_nothing(module: str) -> None:
    """It takes 0.2 s: what takes long stays out."""
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['x', '--version']\n"
        "try:\n"
        f"    runpy.run_module({module!r}, run_name='__main__')\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(sorted({'tvm', 'numpy', 'rich', 'onnx', 'cbor2', 'json'} & {*sys.modules}))"
    )
    best = min(_timed(code) for _ in range(5))
    assert best - min(_timed("pass") for _ in range(5)) < 0.2


def _timed(code: str) -> float:
    """Return the seconds of a core that a process takes, which other processes do not change."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert code == "pass" or done.stdout.endswith("\n[]\n")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_tvm_is_imported_only_where_needed(tmp_path: Path) -> None:
    exports.save(measured(FakeBoard(), repeat=1), tmp_path / "r.json")
    code = (
        "import sys\n"
        "from zephyr_counters.cli import main, tvmc\n"
        f"report = {str(tmp_path / 'r.json')!r}\n"
        "main.main(['show', report]), main.main(['compare', report, report])\n"
        "main.main(['boards']), main.parser(), tvmc.parser(), tvmc.tvmc_upstream.find()\n"
        "sys.exit('tvm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_without_posix_reports_can_be_read(tmp_path: Path) -> None:
    """As on Windows: Python has no termios there."""
    measured(FakeBoard(), repeat=1, blobs=tmp_path / "blobs")
    exports.save(measured(FakeBoard(), repeat=1), tmp_path / "r.json")
    (tmp_path / "p").mkdir()
    code = (
        "import sys\n"
        "for name in ('termios', 'tty', 'pty', 'fcntl', 'resource'):\n"
        "    sys.modules[name] = None\n"
        "from zephyr_counters.cli import main, tvmc\n"
        "main.parser(), tvmc.parser()\n"
        "for argv in (['show', 'r.json'], ['compare', 'r.json', 'r.json'], ['decode', 'blobs'],\n"
        "             ['boards']):\n"
        "    assert main.main(argv) == 0, argv\n"
        "sys.exit(main.main(['events', 'p']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "need Linux or macOS" in done.stderr and "use WSL" in done.stderr
