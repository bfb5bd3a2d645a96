# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The registry of TVM's C runtime has room for all functions, and says so where it has not."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path

import pytest
from counters_native import BUILDS, COMPILER, HERE, INCLUDES, build_flags
from crt_native import EXTRA_NAMES, SHIM, Shim, compile_shim, flags, real_crt
from zephyr_counters.blob.device_error import translate

LONGEST = "a" * (EXTRA_NAMES - 1)
FULL = "functions do not fit into a registry of bytes"


@pytest.fixture(scope="module", params=BUILDS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, built three ways."""
    return compile_shim(tmp_path_factory.mktemp("crt"), request.param)


@pytest.mark.parametrize(
    "names",
    [[LONGEST], [f"{i:015}" for i in range(4)], [f"{i:07}" for i in range(8)]],
    ids=["one", "four", "eight"],
)
def test_an_application_has_the_room_it_asked_for(program: Path, names: list[str]) -> None:
    assert sum(len(name) + 1 for name in names) == EXTRA_NAMES
    with Shim(program) as board:
        for name in names:
            assert board.raw("register", name)[0] == 0
        assert board.raw("register", LONGEST + "b")[0] != 0
        board.ok("hwcnt.catalog")


def test_too_small_is_an_error_that_says_so(program: Path) -> None:
    """As with a runtime that registers more than crt_config.h knows of."""
    process = subprocess.run(
        [str(program), "tvm.some.function." + "a" * EXTRA_NAMES],
        input="init\nlogged\n",
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    init, log = process.stdout.splitlines()
    assert int(init.split()[0]) == -errno.ENOSPC
    assert FULL in translate(log)


@pytest.mark.parametrize("build", BUILDS)
def test_the_real_registry(build: str, tmp_path: Path) -> None:
    """func_registry.c of TVM 0.18, with all names and what applications may add to them."""
    crt = real_crt()
    program = tmp_path / "program"
    includes = flags([crt / "include"])
    registry = crt / "src/runtime/crt/common/func_registry.c"
    command = [
        COMPILER,
        "-std=c99",
        "-O1",
        *build_flags(build, tmp_path),
        *includes,
        f"-I{SHIM}",
        *INCLUDES,
    ]
    command += [str(HERE / "crt_registry.c"), str(registry), "-o", str(program)]
    subprocess.run(command, check=True)
    subprocess.run([str(program), LONGEST], check=True, timeout=20)
    subprocess.run([str(program), *(f"{i:07}" for i in range(8))], check=True, timeout=20)
