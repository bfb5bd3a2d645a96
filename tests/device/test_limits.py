# Copyright (c) 2026 zephyr-counters contributors
# SPDX-License-Identifier: Apache-2.0
"""The firmware's limits: Kconfig declares them, everything else reads them there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from counters_native import MODULE, REPOSITORY
from zephyr_counters.formats import options
from zephyr_counters.project_api import library_format

from bench import kconfig

NUMBERS = kconfig.numbers()
CONFS = [MODULE / "ports/posix/posix.conf", *sorted(REPOSITORY.glob("boards/*/board.conf"))]
_LINE = re.compile(r"^CONFIG_(ZC_\w+)=(\d+)$", re.M)


def test_kconfig_is_read() -> None:
    assert NUMBERS["ZC_PACKET_SIZE"] == kconfig.Number(2048, (512, 1048576))
    assert NUMBERS["ZC_MAX_SELECTED"].range == (1, 32)
    assert len(NUMBERS) >= 14


@pytest.mark.parametrize("conf", CONFS, ids=lambda path: path.parent.name)
def test_conf_files_keep_to_the_ranges(conf: Path) -> None:
    every = {**NUMBERS, **kconfig.numbers(MODULE / "ports/zephyr")}
    for name, value in _LINE.findall(conf.read_text()):
        low, high = every[name].range or (0, 2**31 - 1)
        assert low <= int(value) <= high, name


def test_options_keep_to_the_ranges() -> None:
    """An option allows what Kconfig allows, where Kconfig has a range of its own."""
    checked = 0
    for name, option in options.load(REPOSITORY / "project_template").items():
        symbol = (option.config or "").removeprefix("CONFIG_")
        if symbol in NUMBERS and NUMBERS[symbol].range:
            assert (option.min, option.max) == NUMBERS[symbol].range, name
            checked += 1
    assert checked >= 1


def test_sizes_of_the_c_runtime_start_from_the_defaults() -> None:
    for name, size in library_format._SIZES.items():
        assert NUMBERS[f"ZC_CRT_{name}"].default == size


@pytest.mark.parametrize("given", [{}, {"CONFIG_ZC_PACKET_SIZE": 600}], ids=["defaults", "given"])
def test_posix_takes_the_defaults_of_kconfig(given: dict[str, int], tmp_path: Path) -> None:
    """What is given, then what posix.conf says, then Kconfig."""
    script = tmp_path / "limits.cmake"
    lines = [f'message("{name}=${{CONFIG_{name}}}")\n' for name in NUMBERS]
    script.write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(limits NONE)\n"
        + "".join(f"set({name} {value})\n" for name, value in given.items())
        + f"include({MODULE}/ports/posix/posix.cmake)\n"
        + "".join(lines)
        + 'message("numbers=${ZC_POSIX_NUMBERS}")\n'
    )
    (tmp_path / "CMakeLists.txt").write_text(script.read_text())
    done = subprocess.run(
        ["cmake", "-G", "Ninja", "-S", tmp_path, "-B", tmp_path / "build"],
        check=True,
        capture_output=True,
        text=True,
    )
    found = dict(line.split("=", 1) for line in done.stderr.splitlines() if "=" in line)
    posix = dict(_LINE.findall((MODULE / "ports/posix/posix.conf").read_text()))
    for name, number in NUMBERS.items():
        expected = given.get(f"CONFIG_{name}", int(posix.get(name, number.default)))
        assert int(found[name]) == expected, name
    assert set(found["numbers"].split(";")) == {f"CONFIG_{name}" for name in NUMBERS}
