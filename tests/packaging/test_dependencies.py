# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""Dependencies are bounded to what was tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

tomllib = pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")
requirements = pytest.importorskip("packaging.requirements")
HOST = Path(__file__).parents[2] / "host"
PROJECT = tomllib.loads((HOST / "pyproject.toml").read_text())["project"]


def parsed(lines: list[str]) -> dict[str, dict[str, str]]:
    """Bounds by operator, by package."""
    found = {}
    for line in lines:
        one = requirements.Requirement(line)
        if one.name == PROJECT["name"]:  # an extra that names others
            continue
        found[one.name] = {bound.operator: bound.version for bound in one.specifier}
    return found


EXTRAS = PROJECT["optional-dependencies"]
DEVELOPERS = ("dev", "docs", "microtvm")
USERS = parsed(
    [
        *PROJECT["dependencies"],
        *(line for name, lines in EXTRAS.items() if name not in DEVELOPERS for line in lines),
    ]
)


def test_every_dependency_has_both_bounds() -> None:
    developers = parsed([line for name in DEVELOPERS for line in EXTRAS[name]])
    for name, bounds in {**USERS, **developers}.items():
        assert {*bounds} in ({">=", "<"}, {"=="}), name


def test_the_lowest_versions_are_the_lower_bounds() -> None:
    lines = (HOST / "lowest.txt").read_text().splitlines()
    lowest = parsed([line for line in lines if line and not line.startswith("#")])
    version = pytest.importorskip("packaging.version").Version
    for name, bounds in USERS.items():
        (pinned,) = lowest[name].values()
        assert version(pinned).release[: len(version(bounds[">="]).release)] == (
            version(bounds[">="]).release
        ), name


@pytest.mark.slow
def test_tvm_runs_metaschedule_with_this_ffi() -> None:
    """apache-tvm-ffi 0.1.15.post2 ended the process with a segmentation fault."""
    pytest.importorskip("tvm", reason="apache-tvm is not installed")
    code = (
        "import tvm\n"
        "from tvm import te\n"
        "from tvm.s_tir.meta_schedule import TuneContext\n"
        "a = te.placeholder((16,), name='a')\n"
        "b = te.compute((16,), lambda i: a[i] + 1, name='b')\n"
        "module = tvm.IRModule({'main': te.create_prim_func([a, b])})\n"
        "target = tvm.target.Target({'kind': 'llvm', 'num-cores': 1})\n"
        "TuneContext(module, target=target, space_generator='post-order-apply')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
